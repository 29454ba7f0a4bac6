/** Looks at everything that a send depends on; each finding says what to publish or change. */
import type { Config } from '../config.ts';
import { listPublications } from '../db/publications.ts';
import { serverClock } from '../db/server-facts.ts';
import { parseRelay } from '../deliver/relay.ts';
import { domainOf, hostName, mailbox } from '../personalise/addresses.ts';
import type { DkimKeys } from '../personalise/dkim.ts';
import type { Wiring } from '../wiring.ts';
import { checkBounceDomain, checkReverse, sendingAddresses } from './addresses.ts';
import { Dns } from './dns.ts';
import { type Finding, findings, named } from './finding.ts';
import { checkKeys } from './keys.ts';
import { type Clock, checkClocks, checkDisk } from './machine.ts';
import { checkPostgres } from './postgres.ts';
import { checkRedisServer } from './redis.ts';
import { checkRelays } from './relays.ts';
import { checkBimi, checkDmarc, checkSpf } from './sender.ts';
import { checkKeyFiles, checkPublicUrl, checkSecrets } from './settings.ts';

/** Sending domains looked at in one run. */
const mostDomains = 50;

/**
 * @param wiring undefined: Postgres or Redis cannot be used, and only what does without them is looked at
 * @param slug of the one publication whose domain is looked at; undefined: all
 */
export async function examine(
  config: Config,
  wiring: Wiring | undefined,
  slug: string | undefined,
): Promise<Finding[]> {
  const dns = new Dns(config.dnsServers);
  try {
    const { names, found: unknown } = wiring ? await sendingDomains(wiring, slug) : { names: [], found: [] };
    const [relays, { keys, found: keyFindings }, web] = await Promise.all([
      checkRelays(config.smtpUrls),
      checkKeys(config, dns),
      checkPublicUrl(config.publicUrl),
    ]);
    const domains = names.length > 0 || !keys ? names : [keys.domain];
    return [
      ...relays,
      ...keyFindings,
      ...unknown,
      ...(
        await Promise.all(domains.slice(0, mostDomains).map(domain => checkDomain(dns, config, domain, keys)))
      ).flat(),
      ...(await addressFindings(dns, config, domains[0])),
      ...(wiring ? await servers(wiring) : []),
      ...(await checkClocks(clocks(wiring, web.clock))),
      await checkDisk(config.dataDir, !config.databaseUrl),
      ...web.found,
      checkSecrets(config),
      ...(await checkKeyFiles(config)),
    ];
  } finally {
    dns.close();
  }
}

/** Only what the sending domains publish: keys, SPF, DMARC, BIMI, the addresses and the way back. */
export async function examineSending(config: Config, wiring: Wiring): Promise<Finding[]> {
  const dns = new Dns(config.dnsServers);
  try {
    const { names, found } = await sendingDomains(wiring, undefined);
    const { keys, found: keyFindings } = await checkKeys(config, dns);
    const domains = names.length > 0 || !keys ? names : [keys.domain];
    const groups = await Promise.all(
      domains.slice(0, mostDomains).map(domain => checkDomain(dns, config, domain, keys)),
    );
    return [...found, ...keyFindings, ...groups.flat(), ...(await addressFindings(dns, config, domains[0]))];
  } finally {
    dns.close();
  }
}

/** What DNS says of one sending domain and of our keys, and nothing else: for a look while a text is written. */
export async function examineDomain(config: Config, domain: string): Promise<Finding[]> {
  const dns = new Dns(config.dnsServers);
  try {
    const { keys, found } = await checkKeys(config, dns);
    return [...found, ...(await checkDomain(dns, config, domain, keys))];
  } finally {
    dns.close();
  }
}

async function sendingDomains(
  { sql }: Wiring,
  slug: string | undefined,
): Promise<{ names: string[]; found: Finding[] }> {
  const { fail, none } = findings(named('sending-domains'));
  const stored = (await listPublications(sql)).map(({ publication }) => publication);
  const chosen = slug === undefined ? stored : stored.filter(each => each.slug === slug);
  if (slug !== undefined && chosen.length === 0)
    return { names: [], found: [fail(named('publication'), 'publication-unknown', slug)] };
  const found = chosen.length === 0 ? [none(named('publication'), 'publication-none')] : [];
  return { names: [...new Set(chosen.map(each => domainOf(mailbox(each.from.address))))], found };
}

async function checkDomain(dns: Dns, config: Config, domain: string, keys: DkimKeys | undefined): Promise<Finding[]> {
  const group = named('sending-domain', domain);
  const { fail } = findings(group);
  const returns = hostName(config.bounceDomain ?? domain) ?? domain;
  const senders = { hosts: relayHosts(config), ips: sendingAddresses(config).ips };
  const isForeign = keys && keys.domain !== domain && !domain.endsWith(`.${keys.domain}`);
  const groups = await Promise.all([
    checkSpf(dns, returns, senders, group),
    checkDmarc(dns, domain, { signing: isForeign ? undefined : keys?.domain, returns }, group),
    checkBimi(dns, domain, group),
  ]);
  const foreign = isForeign ? [fail('DKIM', 'dkim-foreign', keys.domain, domain)] : [];
  return [...foreign, ...groups.flat()];
}

/** Of relays elsewhere: one on this machine sends from our own addresses. */
function relayHosts({ smtpUrls }: Config): string[] {
  const hosts = smtpUrls.map(url => parseRelay(url).host.toLowerCase());
  return [...new Set(hosts)].filter(host => host !== 'localhost' && host !== '::1' && !host.startsWith('127.'));
}

async function addressFindings(dns: Dns, config: Config, domain: string | undefined): Promise<Finding[]> {
  const returns = hostName(config.bounceDomain ?? domain ?? '');
  return [
    ...(await checkReverse(dns, sendingAddresses(config))),
    ...(returns ? await checkBounceDomain(dns, config, returns) : []),
  ];
}

async function servers({ sql, queues, config }: Wiring): Promise<Finding[]> {
  const prepares = !/[?&]prepare=off\b/.test(config.databaseUrl ?? '');
  const groups = await Promise.all([
    checkPostgres(sql, { isEmbedded: !config.databaseUrl, prepares }),
    checkRedisServer(queues.redis, !config.redisUrl),
  ]);
  return groups.flat();
}

function clocks(wiring: Wiring | undefined, web: (() => number) | undefined): Clock[] {
  if (!wiring) return [];
  const { sql, queues } = wiring;
  const readRedis = async () => {
    const [seconds, micros] = await queues.redis.time();
    return Number(seconds) * 1000 + Number(micros) / 1000;
  };
  return [
    ['Postgres', () => serverClock(sql)],
    ['Redis', readRedis],
    ...(web === undefined ? [] : ([[undefined, async () => web()]] as Clock[])),
  ];
}
