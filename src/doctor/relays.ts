/** Each configured relay: whether it answers, over which TLS, takes our login, and can carry what we send. */
import { type Probe, probeRelay } from '../deliver/probe.ts';
import { relayLimits } from '../deliver/relay.ts';
import { messageOf } from '../errors.ts';
import { type Finding, findings, named } from './finding.ts';
import type { RelayTrouble } from './words-en.ts';

const group = named('relays');
/** Days before a certificate's end at which somebody should look. */
const soonDays = 14;
/**
 * Octets of the largest message that leaves without an override: 100,000 bytes of HTML (rule 1.8) and as many of text, in base64 with
 * lines (1.37), and headers.
 */
const largestMessage = 300_000;

export async function checkRelays(urls: readonly string[], now = new Date()): Promise<Finding[]> {
  const { fail } = findings(group);
  if (urls.length === 0) return [fail('SMTP_URL', 'relay-unset')];
  return (await Promise.all(urls.map(url => checkRelay(url, now)))).flat();
}

async function checkRelay(url: string, now: Date): Promise<Finding[]> {
  const { fail } = findings(group);
  try {
    return judge(await probeRelay(url), now);
  } catch (error) {
    // Its key names no password.
    return [fail(nameOf(url), 'relay-away', messageOf(error), troubleIn(messageOf(error)))];
  }
}

function nameOf(url: string): string {
  return relayLimits(url).key.replace(/#.*/, '');
}

function troubleIn(words: string): RelayTrouble {
  if (/certificate|altname|self.signed|issuer/i.test(words)) return 'certificate';
  if (/auth|535|534|login|credential/i.test(words)) return 'login';
  if (/ETIMEDOUT|timeout/i.test(words)) return 'silent';
  return /ENOTFOUND|EAI_AGAIN|getaddrinfo/i.test(words) ? 'unknown' : 'other';
}

function judge(probe: Probe, now: Date): Finding[] {
  const { ok, warn } = findings(group);
  const name = `${probe.host}:${probe.port}`;
  const offers = [
    ...(probe.pipelining ? ['PIPELINING'] : []),
    ...(probe.size ? [`SIZE${probe.mostOctets ? ` ${megabytes(probe.mostOctets)} MB` : ''}`] : []),
    ...(probe.eightBit ? ['8BITMIME'] : []),
    ...(probe.smtpUtf8 ? ['SMTPUTF8'] : []),
  ];
  const found = [ok(name, 'relay-takes', probe.isLoggedIn, offers), tlsFinding(probe, name, now)];
  if (!probe.pipelining) found.push(warn(name, 'relay-one-by-one'));
  if (probe.mostOctets !== undefined && probe.mostOctets < largestMessage)
    found.push(warn(name, 'relay-small', probe.mostOctets, largestMessage));
  if (!probe.smtpUtf8) found.push(ok(name, 'relay-ascii'));
  return found;
}

function tlsFinding({ tls, host }: Probe, name: string, now: Date): Finding {
  const { ok, warn } = findings(group);
  const check = named('tls-of', name);
  if (!tls)
    return host === 'localhost' || host === '::1' || host.startsWith('127.')
      ? ok(check, 'tls-needless')
      : warn(check, 'tls-none');
  const days = tls.validTo && Math.floor((tls.validTo.getTime() - now.getTime()) / 86_400_000);
  if (!tls.isVerified) return warn(check, 'tls-unverified', tls.protocol);
  return days !== undefined && days < soonDays
    ? warn(check, 'tls-ends', tls.protocol, days)
    : ok(check, 'tls-good', tls.protocol, days);
}

const megabytes = (octets: number): number => Math.round(octets / 100_000) / 10;
