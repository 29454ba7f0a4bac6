/** What a sending domain publishes of itself: SPF (RFC 7208), DMARC (RFC 7489) and BIMI (rule 1.1). */
import { type Dns, whenAnswered, zoneLine } from './dns.ts';
import { type Finding, findings, type Name, named, type Report } from './finding.ts';
import { mostLookups, mostVoids, readSpf, type Spf } from './spf.ts';

/** Who sends in a domain's name. */
export interface Senders {
  /** Hosts of configured relays. */
  hosts: readonly string[];
  /** Addresses that mail leaves from, where they are known: ours. */
  ips: readonly string[];
}

/** What providers' customers include, by the end of the relay's name. */
const includesOf: [end: string, include: string][] = [
  ['.amazonaws.com', 'amazonses.com'],
  ['.sendgrid.net', 'sendgrid.net'],
  ['.mailgun.org', 'mailgun.org'],
  ['.postmarkapp.com', 'spf.mtasv.net'],
  ['.mailjet.com', 'spf.mailjet.com'],
  ['.gmail.com', '_spf.google.com'],
  ['.office365.com', 'spf.protection.outlook.com'],
  ['.sparkpostmail.com', '_netblocks.sparkpostmail.com'],
  ['.mailersend.net', '_spf.mailersend.net'],
];

/** @param domain of the return path: that is what SPF is asked of */
export async function checkSpf(dns: Dns, domain: string, senders: Senders, group: Name): Promise<Finding[]> {
  const report = findings(group);
  const check = named('spf-of', domain);
  return whenAnswered(report, check, async () => {
    const spf = await readSpf(dns, domain);
    const line = zoneLine(domain, suggestion(senders));
    if (typeof spf === 'number')
      return spf === 0 ? report.fail(check, 'spf-none', line) : report.fail(check, 'spf-several', spf, line);
    return [spfFinding(spf, domain, report), ...(await coverage(dns, spf, domain, senders, group))];
  });
}

function spfFinding(spf: Spf, domain: string, { ok, warn, fail }: Report): Finding {
  const check = named('spf-of', domain);
  const found = [spf.record.slice(0, 200), spf.lookups, mostLookups] as const;
  const end = /\s*[+?]?all\b.*$/i;
  const stricter = zoneLine(domain, `${spf.record.replace(end, '')} ~all`);
  if (spf.lookups > mostLookups) return fail(check, 'spf-lookups', mostLookups);
  if (spf.problems.length > 0) return fail(check, 'spf-broken', spf.problems.slice(0, 3));
  if (spf.all === '+') return fail(check, 'spf-everybody', ...found, stricter);
  if (spf.voids > mostVoids) return warn(check, 'spf-voids', spf.voids, mostVoids);
  if (spf.all === undefined || spf.all === '?') return warn(check, 'spf-unsaid', ...found, stricter);
  return ok(check, 'spf-good', ...found);
}

function suggestion({ hosts, ips }: Senders): string {
  const own = ips.map(ip => `${ip.includes(':') ? 'ip6' : 'ip4'}:${ip}`);
  const known = hosts.flatMap(host => providerOf(host) ?? []).map(include => `include:${include}`);
  const others = own.length + known.length > 0 ? [] : hosts.map(host => `a:${host}`);
  return ['v=spf1', ...new Set([...own, ...known, ...others]), '~all'].join(' ');
}

function providerOf(host: string): string | undefined {
  return includesOf.find(([end]) => host.endsWith(end))?.[1];
}

/** Whether who sends for us is named. */
async function coverage(dns: Dns, spf: Spf, domain: string, senders: Senders, group: Name): Promise<Finding[]> {
  const report = findings(group);
  const check = named('spf-names-us');
  const [terms] = [suggestion(senders).split(' ').slice(1, -1)];
  const changed = zoneLine(
    domain,
    [spf.record.split(/ +/)[0], ...terms!, ...spf.record.split(/ +/).slice(1)].join(' '),
  );
  const missing = senders.ips.filter(ip => !spf.covers(ip));
  if (missing.length > 0) return [report.fail(check, 'spf-forbids', missing, domain, changed)];
  if (senders.ips.length > 0) return [report.ok(check, 'spf-covers', senders.ips)];
  const found: Finding[] = [];
  for (const host of senders.hosts) {
    const include = providerOf(host);
    const addresses = await dns.addresses(host);
    if ((include && spf.includes.includes(include)) || addresses.some(ip => spf.covers(ip)))
      found.push(report.ok(check, 'spf-covers', [host]));
    else found.push(report.warn(check, 'spf-unnamed', domain, host, include !== undefined, changed));
  }
  return found;
}

interface Policy {
  /** Where the record stands. */
  at: string;
  tags: Map<string, string>;
  record: string;
}

/** The DMARC record that counts for a domain: its own, or the nearest above it. @throws DnsSilent */
async function readDmarc(dns: Dns, domain: string): Promise<Policy | number> {
  const labels = domain.split('.');
  for (let i = 0; i < labels.length - 1; i++) {
    const at = labels.slice(i).join('.');
    const records = (await dns.text(`_dmarc.${at}`)).filter(text => /^v=DMARC1\s*(?:;|$)/i.test(text));
    if (records.length > 1) return records.length;
    if (records.length === 1) return { at, record: records[0]!, tags: tagsOf(records[0]!) };
  }
  return 0;
}

/** @param signing d= of our signatures; undefined: mail leaves unsigned @param returns domain of the return path */
export async function checkDmarc(
  dns: Dns,
  domain: string,
  { signing, returns }: { signing: string | undefined; returns: string },
  group: Name,
): Promise<Finding[]> {
  const report = findings(group);
  return whenAnswered(report, 'DMARC', async () => {
    const policy = await readDmarc(dns, domain);
    const publish = zoneLine(`_dmarc.${domain}`, `v=DMARC1; p=none; rua=mailto:dmarc@${domain}`);
    if (policy === 0) return report.fail('DMARC', 'dmarc-none', publish);
    if (typeof policy === 'number') return report.fail('DMARC', 'dmarc-several', policy, publish);
    return [policyFinding(policy, domain, publish, group), alignment(policy, domain, signing, returns, group)];
  });
}

function policyFinding(policy: Policy, domain: string, publish: string, group: Name): Finding {
  const { ok, warn, fail } = findings(group);
  const p = enforced(policy, domain);
  const found = [policy.record.slice(0, 200), policy.at === domain ? undefined : policy.at] as const;
  if (!p || !['none', 'quarantine', 'reject'].includes(p)) return fail('DMARC', 'dmarc-no-policy', ...found, publish);
  if (!policy.tags.has('rua')) return warn('DMARC', 'dmarc-no-reports', ...found, domain);
  return ok('DMARC', p === 'none' ? 'dmarc-watching' : 'dmarc-good', ...found);
}

/** p=, or sp= for what lies below the record. */
function enforced({ tags, at }: Policy, domain: string): string | undefined {
  return ((at === domain ? undefined : tags.get('sp')) ?? tags.get('p'))?.toLowerCase();
}

function alignment(
  { tags }: Policy,
  domain: string,
  signing: string | undefined,
  returns: string,
  group: Name,
): Finding {
  const { ok, warn, fail } = findings(group);
  const isStrict = (tag: string) => tags.get(tag)?.toLowerCase() === 's';
  const isAligned = (other: string, tag: string) =>
    other === domain || (!isStrict(tag) && (domain.endsWith(`.${other}`) || other.endsWith(`.${domain}`)));
  const byKey = signing !== undefined && isAligned(signing, 'adkim');
  const byPath = isAligned(returns, 'aspf');
  const check = named('alignment');
  if (byKey) return ok(check, 'aligned', signing, byPath ? returns : undefined);
  if (signing && isStrict('adkim') && domain.endsWith(`.${signing}`))
    return fail(check, 'aligned-strictly', domain, signing);
  return byPath ? warn(check, 'aligned-by-path', domain, returns) : fail(check, 'aligned-not', domain);
}

export async function checkBimi(dns: Dns, domain: string, group: Name): Promise<Finding[]> {
  const report = findings(group);
  return whenAnswered(report, 'BIMI', async () => {
    const name = `default._bimi.${domain}`;
    const [record] = (await dns.text(name)).filter(text => /^v=BIMI1\s*(?:;|$)/i.test(text));
    if (record === undefined) return report.none('BIMI', 'bimi-none');
    const tags = tagsOf(record);
    const [logo = '', proof = ''] = [tags.get('l'), tags.get('a')];
    if (logo === '' && proof === '') return report.none('BIMI', 'bimi-declined', record.slice(0, 120));
    if (!/^https:\/\/[^\s/]+\/\S+\.svgz?$/i.test(logo))
      return report.fail(
        'BIMI',
        'bimi-logo',
        logo.slice(0, 120),
        zoneLine(name, `v=BIMI1; l=https://${domain}/logo.svg`),
      );
    if (proof !== '' && !/^https:\/\//i.test(proof)) return report.fail('BIMI', 'bimi-proof');
    const policy = await readDmarc(dns, domain);
    const isEnforced =
      typeof policy === 'object' &&
      ['quarantine', 'reject'].includes(enforced(policy, domain) ?? '') &&
      (policy.tags.get('pct') ?? '100') === '100';
    return isEnforced ? report.ok('BIMI', 'bimi-good', record.slice(0, 200)) : report.warn('BIMI', 'bimi-policy');
  });
}

/** `k=v; k=v`. */
export function tagsOf(record: string): Map<string, string> {
  const parts = record
    .split(';')
    .map(part => part.trim())
    .filter(part => part.includes('='));
  return new Map(
    parts.map(part => [
      part.slice(0, part.indexOf('=')).trim().toLowerCase(),
      part.slice(part.indexOf('=') + 1).trim(),
    ]),
  );
}
