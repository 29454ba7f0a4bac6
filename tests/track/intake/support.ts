/** An intake on real services, and the addresses of one sent issue. */
import { forwardReply } from '../../../src/deliver/forward.ts';
import { Relays } from '../../../src/deliver/relays.ts';
import { type IntakeDeps, openIntake } from '../../../src/track/intake/take.ts';
import { leavePath, type Purpose, returnPath, TokenSigner } from '../../../src/track/tokens.ts';
import type { Relay } from '../../support/relay.ts';
import type { Services } from '../../support/services.ts';
import { acceptAll, type SentIssue, sendIssue } from '../support.ts';

export function intakeOf(
  services: Services,
  relayUrls: string | readonly string[] = [],
  more: Partial<Parameters<typeof openIntake>[0]> = {},
): IntakeDeps {
  const { sql, log, tokens, hasher } = services;
  const urls = [relayUrls].flat();
  const relays = new Relays(urls);
  return openIntake({
    sql,
    log,
    tokens,
    hash: address => hasher.hash(address),
    bounceDomain: 'bounce.example.org',
    forwardTo: undefined,
    forward: urls.length === 0 ? undefined : reply => forwardReply(relays, undefined, reply),
    ...more,
  });
}

/** An issue that two readers have, whose publication has an editor; what an earlier test left behind is forgotten. */
export async function freshIssue(services: Services, relay: Relay, slug: string): Promise<SentIssue> {
  const { sql } = services;
  for (const table of ['suppressions', 'forwarded_mail', 'leases']) await sql.unsafe(`delete from ${table}`);
  const issue = await sendIssue(services, { readers: 2, slug, publication: { replyTo: 'editor@desk.example' } });
  await acceptAll(sql, issue.issueId, issue.subscriberIds, 60_000);
  await sql`update subscriptions set state = 'active'`;
  relay.accepted.length = 0;
  relay.arrived.length = 0;
  relay.script = {};
  return issue;
}

const signed = (tokens: TokenSigner, issue: SentIssue, reader: number, purpose: Purpose) =>
  tokens.bytes({ purpose, issueId: issue.issueId, subscriberId: issue.subscriberIds[reader]!, ref: 0 });

export function returnAddress(services: Services, issue: SentIssue, reader: number): string {
  return `${returnPath(signed(services.tokens, issue, reader, 'bounce'))}@bounce.example.org`;
}

export function leaveAddress(services: Services, issue: SentIssue, reader: number): string {
  return `${leavePath(signed(services.tokens, issue, reader, 'unsubscribe'))}@bounce.example.org`;
}

/** Of our form, signed by somebody else. */
export function forgedAddress(issue: SentIssue): string {
  return `${returnPath(signed(new TokenSigner(['somebody else’s key']), issue, 0, 'bounce'))}@bounce.example.org`;
}

export function letter(from: string, header: Record<string, string> = {}, text = '잘 읽었어요.'): Buffer {
  const fields = {
    From: from,
    To: 'news@example.org',
    Subject: 'Re: first',
    'Message-ID': '<1@example.net>',
    ...header,
  };
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${head.join('')}Content-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n`);
}
