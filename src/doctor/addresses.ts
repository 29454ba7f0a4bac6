/** Where our mail leaves from and comes back to: reverse names (PTR) of our own addresses, and MX of the bounce domain. */
import { networkInterfaces } from 'node:os';
import type { Config } from '../config.ts';
import { isLoopback, parseRelay } from '../deliver/relay.ts';
import { type Dns, whenAnswered } from './dns.ts';
import { type Finding, findings, named } from './finding.ts';

const group = named('addresses');

/** Of networks that nobody outside sees (RFC 1918, 4193, 6598), of links, of examples (RFC 5737, 3849), and loopback. */
const isPrivate = (ip: string): boolean =>
  /^(?:0|10|127)\.|^169\.254\.|^192\.168\.|^172\.(?:1[6-9]|2\d|3[01])\.|^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|^192\.0\.2\.|^198\.51\.100\.|^203\.0\.113\.|^2001:0?db8:|^f[cd]|^fe[89ab]|^::1?$/i.test(
    ip,
  );

/**
 * Addresses that mail leaves from, as far as they are ours: SENDING_IPS, or this machine's when the relay is on it.
 * @returns `isOurs` false: a provider's relay sends
 */
export function sendingAddresses(
  config: Pick<Config, 'sendingIps' | 'smtpUrls'>,
  interfaces = networkInterfaces(),
): { isOurs: boolean; ips: string[] } {
  if (config.sendingIps.length > 0) return { isOurs: true, ips: config.sendingIps };
  if (!config.smtpUrls.some(url => isLoopback(parseRelay(url).host))) return { isOurs: false, ips: [] };
  const own = Object.values(interfaces).flatMap(each => each ?? []);
  return {
    isOurs: true,
    ips: own.filter(each => !each.internal && !isPrivate(each.address)).map(each => each.address),
  };
}

/** Forward-confirmed reverse DNS: the address has a name, and the name the address (rule 1.1). */
export async function checkReverse(dns: Dns, { isOurs, ips }: ReturnType<typeof sendingAddresses>): Promise<Finding[]> {
  const report = findings(group);
  if (!isOurs) return [report.none('PTR', 'ptr-theirs')];
  if (ips.length === 0) return [report.warn('PTR', 'ptr-unseen')];
  const checked = ips.map(ip => {
    const check = named('ptr-of', ip);
    return whenAnswered(report, check, async () => {
      const names = await dns.names(ip);
      if (names.length === 0) return report.fail(check, 'ptr-none');
      const back = await Promise.all(names.slice(0, 10).map(async name => ({ name, ips: await dns.addresses(name) })));
      const confirmed = back.find(each => each.ips.some(other => isSame(other, ip)));
      if (!confirmed) {
        const kind = ip.includes(':') ? 'AAAA' : 'A';
        return report.fail(check, 'ptr-lost', names[0]!, `${names[0]}. 3600 IN ${kind} ${ip}`);
      }
      return isMadeFrom(confirmed.name, ip)
        ? report.warn(check, 'ptr-made', confirmed.name)
        : report.ok(check, 'ptr-good', confirmed.name);
    });
  });
  return (await Promise.all(checked)).flat();
}

/** Of one address in two ways of writing. */
function isSame(a: string, b: string): boolean {
  const whole = (ip: string) => (ip.includes(':') ? new URL(`http://[${ip}]`).hostname : ip);
  return whole(a) === whole(b);
}

function isMadeFrom(name: string, ip: string): boolean {
  const parts = ip.split('.');
  return (
    parts.length === 4 &&
    [parts, [...parts].reverse()].some(each => name.includes(each.join('-')) || name.includes(each.join('.')))
  );
}

/** Where mail that comes back is taken. @param domain of the return path */
export async function checkBounceDomain(
  dns: Dns,
  config: Pick<Config, 'bounceDomain' | 'intake'>,
  domain: string,
): Promise<Finding[]> {
  const report = findings(group);
  const check = named('mx-of', domain);
  const isTaken = config.intake.listen !== undefined || config.intake.imap !== undefined;
  if (!isTaken && config.bounceDomain === undefined) return [report.none(check, 'mx-needless')];
  return whenAnswered(report, check, async () => {
    const record = `${domain}. 3600 IN MX 10 mail.${domain}.`;
    const hosts = await dns.exchangers(domain);
    if (hosts.includes('')) return report.fail(check, 'mx-null', record);
    if (hosts.length === 0) {
      const addresses = await dns.addresses(domain);
      return addresses.length > 0
        ? report.warn(check, 'mx-implicit', addresses[0]!, record)
        : report.fail(check, 'mx-none', record);
    }
    const found = await Promise.all(hosts.slice(0, 10).map(async host => ({ host, ips: await dns.addresses(host) })));
    const lost = found.filter(({ ips }) => ips.length === 0).map(({ host }) => host);
    if (lost.length === found.length) return report.fail(check, 'mx-lost', lost);
    return lost.length > 0 ? report.warn(check, 'mx-part-lost', lost) : report.ok(check, 'mx-good', hosts);
  });
}
