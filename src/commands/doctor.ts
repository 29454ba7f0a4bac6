/** `doctor`: looks at everything a send depends on; each finding says what to do. */
import { Resolver } from 'node:dns/promises';
import { type Config, readConfig } from '../config.ts';
import { findPublication, listPublications } from '../db/publications.ts';
import { readDkim } from '../deliver/presses.ts';
import { testRelay } from '../deliver/relay.ts';
import { messageOf } from '../errors.ts';
import { type DkimKeys, dkimRecord } from '../personalise/dkim.ts';
import type { Wiring } from '../wiring.ts';
import type { Output } from './output.ts';
import { withWiring } from './wired.ts';

interface Finding {
  check: string;
  state: 'ok' | 'warning' | 'problem';
  found: string;
  /** What to do; empty when all is well. */
  fix: string;
}

const ok = (check: string, found: string): Finding => ({ check, state: 'ok', found, fix: '' });
const bad = (check: string, found: string, fix: string, state: Finding['state'] = 'problem'): Finding => ({
  check,
  state,
  found,
  fix,
});

/** @returns exit code 1 when there is a problem */
export async function doctorCommand(options: { publication?: string }, output: Output): Promise<number> {
  const config = readConfig();
  return withWiring('doctor', async wiring => {
    const { keys, findings: keyFindings } = signing(config);
    const findings = [
      ...(await servers(wiring)),
      ...(await relays(config.smtpUrls)),
      ...keyFindings,
      ...(await domains(wiring, options.publication, keys)),
    ];
    const mark = { ok: '✓', warning: '!', problem: '✗' };
    const lines = findings.flatMap(f => [
      `${mark[f.state]} ${f.check}: ${f.found}`,
      ...(f.fix ? [`    ${f.fix}`] : []),
    ]);
    output.result({ findings }, lines);
    return findings.some(f => f.state === 'problem') ? 1 : 0;
  });
}

/** Both were reached, and Redis keeps what it is given: openWiring refuses otherwise. */
async function servers({ sql, queues, config }: Wiring): Promise<Finding[]> {
  const [row] = await sql<{ version: string; fsync: string; skew: number }[]>`
    select current_setting('server_version') as version, current_setting('fsync') as fsync,
      abs(extract(epoch from clock_timestamp()) - ${Date.now() / 1000}::float8)::float8 as skew`;
  const persistence = await queues.redis.info('persistence');
  const where = (url: string | undefined) => (url ? '' : ' (embedded)');
  return [
    ok('Postgres', `${row!.version}${where(config.databaseUrl)}`),
    row!.fsync === 'on'
      ? ok('Postgres durability', 'fsync on')
      : bad('Postgres durability', 'fsync off', 'Set fsync=on: the ledger must survive a power cut.'),
    row!.skew < 5
      ? ok('Clock', `${row!.skew.toFixed(1)} s from Postgres`)
      : bad('Clock', `${row!.skew.toFixed(0)} s from Postgres`, 'Run NTP on both hosts.'),
    /aof_enabled:1/.test(persistence)
      ? ok('Redis', `append-only file, noeviction${where(config.redisUrl)}`)
      : bad(
          'Redis',
          'no append-only file',
          'Set appendonly yes. Without it a restart costs a pause; no reader is lost.',
          'warning',
        ),
  ];
}

async function relays(urls: string[]): Promise<Finding[]> {
  if (urls.length === 0)
    return [bad('Relay', 'SMTP_URL is not set', 'Set SMTP_URL, for example smtp://user:password@relay.example:587')];
  return Promise.all(
    urls.map(async url => {
      const host = new URL(url).host;
      try {
        await testRelay(url);
        return ok('Relay', `${host} answers and takes our login`);
      } catch (error) {
        return bad('Relay', messageOf(error), 'Check host, port, password and ?tls= in SMTP_URL.');
      }
    }),
  );
}

/** The keys, when they can sign, and what is to be said of them. */
function signing(config: Config): { keys: DkimKeys | undefined; findings: Finding[] } {
  try {
    const keys = readDkim(config);
    if (!keys) {
      const fix =
        'Set DKIM_DOMAIN, DKIM_SELECTOR and DKIM_PRIVATE_KEY_FILE: large providers refuse unsigned bulk mail.';
      return { keys, findings: [bad('DKIM key', 'not configured', fix)] };
    }
    const findings =
      keys.warnings.length > 0
        ? keys.warnings.map(w => bad('DKIM key', w, 'Make a new 2048-bit key.', 'warning'))
        : [ok('DKIM key', `${config.dkim!.selector}._domainkey.${keys.domain}`)];
    return { keys, findings };
  } catch (error) {
    const fix = 'Point DKIM_PRIVATE_KEY_FILE to a PEM RSA key of 2048 bits.';
    return { keys: undefined, findings: [bad('DKIM key', messageOf(error), fix)] };
  }
}

async function domains({ sql }: Wiring, slug: string | undefined, dkim: DkimKeys | undefined): Promise<Finding[]> {
  const found = slug ? await findPublication(sql, slug) : undefined;
  if (slug && !found)
    return [bad('Publication', `no publication ${slug}`, 'Create it with: broadsheet publication FILE.yaml')];
  const publications = found ? [found.publication] : (await listPublications(sql)).map(p => p.publication);
  const names = [...new Set(publications.map(p => p.from.address.split('@')[1]!))];
  return (await Promise.all(names.map(name => records(name, dkim)))).flat();
}

/** SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489) and MX of a sending domain (rule 1.1). */
async function records(domain: string, dkim: DkimKeys | undefined): Promise<Finding[]> {
  const resolver = new Resolver({ timeout: 3000, tries: 1 });
  const text = async (name: string) => (await resolver.resolveTxt(name)).map(chunks => chunks.join(''));
  const look = async (check: string, name: string, wanted: RegExp, publish: string): Promise<Finding> => {
    try {
      const record = (await text(name)).find(value => wanted.test(value));
      return record ? ok(check, record.slice(0, 120)) : bad(check, `no such record at ${name}`, publish);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      const isAbsent = code === 'ENOTFOUND' || code === 'ENODATA';
      return isAbsent
        ? bad(check, `no such record at ${name}`, publish)
        : bad(check, `DNS did not answer (${code})`, 'Run doctor where DNS works.', 'warning');
    }
  };
  const findings = [
    look(`SPF of ${domain}`, domain, /^v=spf1\b/i, 'Publish a TXT record like: v=spf1 include:<your relay> -all'),
    look(
      `DMARC of ${domain}`,
      `_dmarc.${domain}`,
      /^v=DMARC1\b/i,
      'Publish a TXT record like: v=DMARC1; p=none; rua=mailto:dmarc@your-domain',
    ),
  ];
  if (dkim && (domain === dkim.domain || domain.endsWith(`.${dkim.domain}`))) {
    for (const key of dkim.keys) {
      const name = `${key.selector}._domainkey.${dkim.domain}`;
      const record = dkimRecord(key);
      const wanted = new RegExp(`p=${record.split('p=')[1]!.replace(/[+]/g, '\\+')}`);
      findings.push(look(`DKIM of ${domain}`, name, wanted, `Publish a TXT record at ${name}: ${record}`));
    }
  }
  return Promise.all(findings);
}
