/** Each configured relay: whether it answers, over which TLS, takes our login, and can carry what we send. */
import { type Probe, probeRelay } from '../deliver/probe.ts';
import { relayLimits } from '../deliver/relay.ts';
import { messageOf } from '../errors.ts';
import { type Finding, findings } from './finding.ts';

/** Days before a certificate's end at which somebody should look. */
const soonDays = 14;
/**
 * Octets of the largest message that leaves without an override: 100,000 bytes of HTML (rule 1.8) and as many of text, in base64 with
 * lines (1.37), and headers.
 */
const largestMessage = 300_000;

export async function checkRelays(urls: readonly string[], now = new Date()): Promise<Finding[]> {
  const { fail } = findings('Relays');
  if (urls.length === 0)
    return [
      fail(
        'SMTP_URL',
        'not set: nothing can be sent',
        'Set SMTP_URL, for example smtp://user:password@relay.example:587',
      ),
    ];
  return (await Promise.all(urls.map(url => checkRelay(url, now)))).flat();
}

async function checkRelay(url: string, now: Date): Promise<Finding[]> {
  const { fail } = findings('Relays');
  try {
    return judge(await probeRelay(url), now);
  } catch (error) {
    // Its key names no password.
    return [fail(nameOf(url), messageOf(error), adviceFor(messageOf(error)))];
  }
}

function nameOf(url: string): string {
  return relayLimits(url).key.replace(/#.*/, '');
}

function adviceFor(words: string): string {
  if (/certificate|altname|self.signed|issuer/i.test(words))
    return 'The relay’s certificate is not good for this name: use the name that it is for in SMTP_URL, or have it renewed. tls=opportunistic sends without asking for one.';
  if (/auth|535|534|login|credential/i.test(words))
    return 'Check user and password in SMTP_URL (a % in either is written %25).';
  if (/ETIMEDOUT|timeout/i.test(words))
    return 'Nothing answers: many hosters close port 25 and some 587. Try 465 with smtps://, 2525, or ask the hoster.';
  if (/ENOTFOUND|EAI_AGAIN|getaddrinfo/i.test(words)) return 'The host’s name is not known: check it in SMTP_URL.';
  return 'Check host, port, user, password and ?tls= in SMTP_URL.';
}

function judge(probe: Probe, now: Date): Finding[] {
  const { ok, warn } = findings('Relays');
  const name = `${probe.host}:${probe.port}`;
  const offers = [
    ...(probe.pipelining ? ['PIPELINING'] : []),
    ...(probe.size ? [`SIZE${probe.mostOctets ? ` ${megabytes(probe.mostOctets)} MB` : ''}`] : []),
    ...(probe.eightBit ? ['8BITMIME'] : []),
    ...(probe.smtpUtf8 ? ['SMTPUTF8'] : []),
  ];
  const found = [
    ok(
      name,
      `${probe.isLoggedIn ? 'takes our login' : 'answers, without a login'}; offers ${offers.join(', ') || 'no extension that we use'}`,
    ),
    tlsFinding(probe, name, now),
  ];
  if (!probe.pipelining)
    found.push(
      warn(
        name,
        'does not offer PIPELINING',
        'Sending works, but each message costs three more round trips: use a relay that offers it.',
      ),
    );
  if (probe.mostOctets !== undefined && probe.mostOctets < largestMessage)
    found.push(
      warn(
        name,
        `takes ${probe.mostOctets} bytes a message; a long issue may have ${largestMessage}`,
        'Raise the relay’s limit (Postfix: message_size_limit).',
      ),
    );
  if (!probe.smtpUtf8)
    found.push(
      ok(name, 'does not offer SMTPUTF8: readers whose address has letters beyond ASCII before the @ are left out'),
    );
  return found;
}

function tlsFinding({ tls, host }: Probe, name: string, now: Date): Finding {
  const { ok, warn } = findings('Relays');
  const check = `${name} TLS`;
  if (!tls)
    return host === 'localhost' || host === '::1' || host.startsWith('127.')
      ? ok(check, 'none, and none needed: the relay is on this machine')
      : warn(check, 'none: mail and login can be read on the way', 'Use smtps://, or leave out ?tls=off.');
  const days = tls.validTo && Math.floor((tls.validTo.getTime() - now.getTime()) / 86_400_000);
  const until = days === undefined ? '' : `, certificate for ${days} more days`;
  if (!tls.isVerified)
    return warn(
      check,
      `${tls.protocol}, but nobody we trust vouches for the certificate`,
      'Anyone on the way could stand in for the relay: use a certificate for its name and ?tls=require.',
    );
  if (days !== undefined && days < soonDays)
    return warn(check, `${tls.protocol}${until}`, 'Renew it: sending stops on the day it ends.');
  return ok(check, `${tls.protocol}${until}`);
}

const megabytes = (octets: number): number => Math.round(octets / 100_000) / 10;
