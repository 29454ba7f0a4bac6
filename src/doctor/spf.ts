/** An SPF record with all that it includes (RFC 7208): which addresses may send, and how many look-ups it costs. */
import { BlockList, isIP } from 'node:net';
import type { Dns } from './dns.ts';
import type { SpfProblem } from './words-en.ts';

/** §4.6.4: more, and receivers take the record for broken. */
export const mostLookups = 10;
/** §4.6.4: look-ups that find nothing. */
export const mostVoids = 2;

export interface Spf {
  record: string;
  /** What becomes of addresses that nothing else names; undefined: nothing is said of them. */
  all: '+' | '-' | '~' | '?' | undefined;
  /** Terms that cost a look-up; reading ends soon after `mostLookups`. */
  lookups: number;
  voids: number;
  /** Domains whose records are included or redirected to. */
  includes: string[];
  /** What cannot be. */
  problems: SpfProblem[];
  /** Terms whose meaning depends on the mail: macros, `exists`, `ptr`. */
  open: string[];
  /** Whether the record lets this address send, as far as it can be told. */
  covers(ip: string): boolean;
}

const mechanism = /^([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?::([^/\s]+))?((?:\/\d{1,3})?(?:\/\/\d{1,3})?)$/i;
const modifier = /^([a-z][a-z0-9_.-]*)=(.*)$/i;

/** @returns how many records there are when it is not one: receivers then take none @throws DnsSilent */
export async function readSpf(dns: Dns, domain: string): Promise<Spf | number> {
  const records = await recordsOf(dns, domain);
  if (records.length !== 1) return records.length;
  const networks = new BlockList();
  const spf: Spf = {
    record: records[0]!,
    all: undefined,
    lookups: 0,
    voids: 0,
    includes: [],
    problems: [],
    open: [],
    covers: ip => networks.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4'),
  };
  spf.all = await read({ dns, spf, networks }, domain, spf.record, true);
  return spf;
}

interface Reading {
  dns: Dns;
  spf: Spf;
  networks: BlockList;
}

async function recordsOf(dns: Dns, domain: string): Promise<string[]> {
  return (await dns.text(domain)).filter(text => /^v=spf1(?: |$)/i.test(text));
}

/** @param counts whether what it allows is allowed by the whole @returns the record's `all` */
async function read(reading: Reading, domain: string, record: string, counts: boolean): Promise<Spf['all']> {
  const { spf } = reading;
  let all: Spf['all'];
  let redirect: string | undefined;
  for (const term of record.split(/ +/).slice(1).filter(Boolean)) {
    if (spf.lookups > mostLookups) return all;
    const found = mechanism.exec(term);
    if (!found) {
      const [, name, value] = modifier.exec(term) ?? [];
      if (name?.toLowerCase() === 'redirect') redirect = value;
      else if (name === undefined) spf.problems.push({ kind: 'term', about: term.slice(0, 60), domain });
      continue;
    }
    const sign = (found[1] || '+') as NonNullable<Spf['all']>;
    const kind = found[2]!.toLowerCase();
    if (kind === 'all') {
      all = sign;
      break;
    }
    await take(reading, {
      domain,
      term,
      kind,
      value: found[3],
      prefix: found[4] ?? '',
      counts: counts && sign === '+',
    });
  }
  if (all !== undefined || redirect === undefined) return all;
  return follow(reading, redirect, domain, counts);
}

interface Term {
  domain: string;
  term: string;
  kind: string;
  value: string | undefined;
  prefix: string;
  counts: boolean;
}

async function take(reading: Reading, { domain, term, kind, value, prefix, counts }: Term): Promise<void> {
  const { dns, spf, networks } = reading;
  if (kind === 'ip4' || kind === 'ip6') {
    if (value === undefined || !addNetwork(networks, value, prefix, counts))
      spf.problems.push({ kind: 'address', about: term.slice(0, 60), domain });
    return;
  }
  if (kind === 'include') {
    if (value === undefined) spf.problems.push({ kind: 'include-of-nothing', about: '', domain });
    else await follow(reading, value, domain, counts);
    return;
  }
  spf.lookups++;
  const name = value ?? domain;
  if (kind === 'ptr' || kind === 'exists' || name.includes('%')) {
    spf.open.push(term);
    return;
  }
  const hosts = kind === 'mx' ? (await dns.exchangers(name)).slice(0, mostLookups) : [name];
  const addresses = (await Promise.all(hosts.filter(Boolean).map(host => dns.addresses(host)))).flat();
  if (addresses.length === 0) spf.voids++;
  const [v4 = '', v6 = ''] = [/^\/\d+/.exec(prefix)?.[0], /\/(\/\d+)$/.exec(prefix)?.[1]];
  for (const ip of addresses) addNetwork(networks, ip, isIP(ip) === 6 ? v6 : v4, counts);
}

/** Another domain's record. */
async function follow(reading: Reading, to: string, from: string, counts: boolean): Promise<Spf['all']> {
  const { dns, spf } = reading;
  spf.lookups++;
  if (to.includes('%')) {
    spf.open.push(`include:${to}`);
    return undefined;
  }
  if (spf.lookups > mostLookups) return undefined;
  spf.includes.push(to.toLowerCase());
  const records = await recordsOf(dns, to);
  if (records.length === 1) return read(reading, to, records[0]!, counts);
  if (records.length === 0) spf.voids++;
  spf.problems.push({ kind: records.length === 0 ? 'include-none' : 'include-several', about: to, domain: from });
  return undefined;
}

/** @returns whether it is a network at all */
function addNetwork(networks: BlockList, ip: string, prefix: string, counts: boolean): boolean {
  const kind = isIP(ip);
  const bits = prefix === '' ? (kind === 6 ? 128 : 32) : Number(prefix.slice(1));
  if (kind === 0 || !(bits >= 0 && bits <= (kind === 6 ? 128 : 32))) return false;
  if (counts) networks.addSubnet(ip, bits, kind === 6 ? 'ipv6' : 'ipv4');
  return true;
}
