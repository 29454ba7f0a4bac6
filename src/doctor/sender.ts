/** What a sending domain publishes of itself: SPF (RFC 7208), DMARC (RFC 7489) and BIMI (rule 1.1). */
import { type Dns, whenAnswered, zoneLine } from './dns.ts';
import { type Finding, findings } from './finding.ts';
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
export async function checkSpf(dns: Dns, domain: string, senders: Senders, group: string): Promise<Finding[]> {
  const report = findings(group);
  return whenAnswered(report, `SPF of ${domain}`, async () => {
    const spf = await readSpf(dns, domain);
    if (typeof spf === 'number')
      return spf === 0
        ? report.fail(`SPF of ${domain}`, 'no record', 'Publish:', zoneLine(domain, suggestion(senders)))
        : report.fail(
            `SPF of ${domain}`,
            `${spf} records: receivers take none`,
            'Make them one:',
            zoneLine(domain, suggestion(senders)),
          );
    return [spfFinding(spf, domain, report), ...(await coverage(dns, spf, domain, senders, group))];
  });
}

function spfFinding(spf: Spf, domain: string, { ok, warn, fail }: ReturnType<typeof findings>): Finding {
  const check = `SPF of ${domain}`;
  const found = `${spf.record.slice(0, 200)} (${spf.lookups} of ${mostLookups} look-ups)`;
  const end = /\s*[+?]?all\b.*$/i;
  const stricter = zoneLine(domain, `${spf.record.replace(end, '')} ~all`);
  if (spf.lookups > mostLookups)
    return fail(
      check,
      `it takes more than ${mostLookups} look-ups: receivers take it for broken`,
      'Take out includes of services that no longer send for you, or put their addresses in as ip4: and ip6:.',
    );
  if (spf.problems.length > 0)
    return fail(
      check,
      spf.problems.slice(0, 3).join('; '),
      'Correct the record: as it is, receivers take it for broken.',
    );
  if (spf.all === '+') return fail(check, `${found}: it lets everybody send`, 'Publish:', stricter);
  if (spf.voids > mostVoids)
    return warn(check, `${spf.voids} of its names do not exist; receivers allow ${mostVoids}`, 'Take them out.');
  if (spf.all === undefined || spf.all === '?')
    return warn(check, `${found}: it says nothing of everybody else`, 'Publish:', stricter);
  return ok(check, found);
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
async function coverage(dns: Dns, spf: Spf, domain: string, senders: Senders, group: string): Promise<Finding[]> {
  const report = findings(group);
  const check = `SPF names our relay`;
  const [terms] = [suggestion(senders).split(' ').slice(1, -1)];
  const changed = zoneLine(
    domain,
    [spf.record.split(/ +/)[0], ...terms!, ...spf.record.split(/ +/).slice(1)].join(' '),
  );
  const missing = senders.ips.filter(ip => !spf.covers(ip));
  if (missing.length > 0)
    return [report.fail(check, `${missing.join(', ')} may not send for ${domain}`, 'Publish:', changed)];
  if (senders.ips.length > 0) return [report.ok(check, senders.ips.join(', '))];
  const found: Finding[] = [];
  for (const host of senders.hosts) {
    const include = providerOf(host);
    const addresses = await dns.addresses(host);
    if ((include && spf.includes.includes(include)) || addresses.some(ip => spf.covers(ip)))
      found.push(report.ok(check, host));
    else
      found.push(
        report.warn(
          check,
          `${domain} seems not to let ${host} send`,
          `Unless the relay uses a return path of its own, publish${include ? ':' : ' what its provider names, such as:'}`,
          changed,
        ),
      );
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
  group: string,
): Promise<Finding[]> {
  const report = findings(group);
  return whenAnswered(report, 'DMARC', async () => {
    const policy = await readDmarc(dns, domain);
    const publish = zoneLine(`_dmarc.${domain}`, `v=DMARC1; p=none; rua=mailto:dmarc@${domain}`);
    if (policy === 0)
      return report.fail('DMARC', 'no record: large providers refuse bulk mail without one', 'Publish:', publish);
    if (typeof policy === 'number')
      return report.fail('DMARC', `${policy} records: receivers take none`, 'Keep one:', publish);
    return [policyFinding(policy, domain, publish, group), alignment(policy, domain, signing, returns, group)];
  });
}

function policyFinding(policy: Policy, domain: string, publish: string, group: string): Finding {
  const { ok, warn, fail } = findings(group);
  const { tags, at } = policy;
  const p = enforced(policy, domain);
  const found = `${policy.record.slice(0, 200)}${at === domain ? '' : ` (of ${at})`}`;
  if (!p || !['none', 'quarantine', 'reject'].includes(p))
    return fail('DMARC', `${found}: it has no policy`, 'Publish:', publish);
  if (!tags.has('rua'))
    return warn(
      'DMARC',
      found,
      `Without rua= nobody tells you who sends in your name. Add: rua=mailto:dmarc@${domain}`,
    );
  return p === 'none'
    ? ok('DMARC', `${found}; once its reports are clean, p=quarantine keeps forgers out`)
    : ok('DMARC', found);
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
  group: string,
): Finding {
  const { ok, warn, fail } = findings(group);
  const isStrict = (tag: string) => tags.get(tag)?.toLowerCase() === 's';
  const isAligned = (other: string, tag: string) =>
    other === domain || (!isStrict(tag) && (domain.endsWith(`.${other}`) || other.endsWith(`.${domain}`)));
  const byKey = signing !== undefined && isAligned(signing, 'adkim');
  const byPath = isAligned(returns, 'aspf');
  if (byKey)
    return ok('DMARC alignment', `our signature is ${signing}’s${byPath ? `, our return path ${returns}’s` : ''}`);
  if (signing && isStrict('adkim') && domain.endsWith(`.${signing}`))
    return fail(
      'DMARC alignment',
      `adkim=s asks for signatures of ${domain} itself; ours are ${signing}’s`,
      `Set DKIM_DOMAIN=${domain}, or publish adkim=r.`,
    );
  if (!byPath)
    return fail(
      'DMARC alignment',
      `neither signature nor return path belongs to ${domain}`,
      `Sign with a key of ${domain} (DKIM_DOMAIN).`,
    );
  return warn(
    'DMARC alignment',
    `only by the return path ${returns}: forwarded mail fails`,
    `Sign with a key of ${domain} (DKIM_DOMAIN).`,
  );
}

export async function checkBimi(dns: Dns, domain: string, group: string): Promise<Finding[]> {
  const report = findings(group);
  return whenAnswered(report, 'BIMI', async () => {
    const name = `default._bimi.${domain}`;
    const [record] = (await dns.text(name)).filter(text => /^v=BIMI1\s*(?:;|$)/i.test(text));
    if (record === undefined)
      return report.none('BIMI', 'no record; it would show your logo beside your mail in some inboxes');
    const tags = tagsOf(record);
    const [logo = '', proof = ''] = [tags.get('l'), tags.get('a')];
    if (logo === '' && proof === '') return report.none('BIMI', `${record.slice(0, 120)}: it declines to show a logo`);
    if (!/^https:\/\/[^\s/]+\/\S+\.svgz?$/i.test(logo))
      return report.fail(
        'BIMI',
        `l=${logo.slice(0, 120)} is no https address of an SVG`,
        'Publish:',
        zoneLine(name, `v=BIMI1; l=https://${domain}/logo.svg`),
      );
    if (proof !== '' && !/^https:\/\//i.test(proof))
      return report.fail('BIMI', 'a= is no https address', 'Give the certificate’s https address in a=.');
    const policy = await readDmarc(dns, domain);
    const isEnforced =
      typeof policy === 'object' &&
      ['quarantine', 'reject'].includes(enforced(policy, domain) ?? '') &&
      (policy.tags.get('pct') ?? '100') === '100';
    return isEnforced
      ? report.ok('BIMI', record.slice(0, 200))
      : report.warn(
          'BIMI',
          'inboxes show it only under a DMARC policy that is enforced',
          'Publish p=quarantine or p=reject, without pct=.',
        );
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
