/** What a provider's webhook tells of a message that left, and what it changes: as a report by mail would, whichever comes first. */
import { domainToASCII } from 'node:url';
import { lastCopies, type MailedCopy } from '../db/bounces.ts';
import type { Sql } from '../db/client.ts';
import type { Logger } from '../log.ts';
import { messageKey } from '../model/message-id.ts';
import { type Applied, applyVerdict } from './bounces/apply.ts';
import { findingOf } from './bounces/finding.ts';
import type { Verdict } from './bounces/verdict.ts';
import { parseReturnPath, type TokenSigner } from './tokens.ts';

export interface ProviderEvent {
  recipient: string;
  /**
   * `gone`: the provider says that the address is dead for good; `refused`: that we, or the message, were refused; `later`: anything that may
   * pass; `complaint`: the reader pressed "spam".
   */
  kind: 'gone' | 'refused' | 'later' | 'complaint';
  /** Enhanced status code (RFC 3463) and the refusing server's words, as far as they are told. */
  status: string;
  said: string;
  /** Envelope sender, when it is told: our signed return path. */
  sender: string | undefined;
  /** Of our header, with or without brackets. */
  messageId: string | undefined;
}

/** The milder of what the provider calls it and what the server's words say: an address is dead only when both say so. */
function verdictOfEvent({ kind, recipient, status, said }: ProviderEvent): Verdict {
  if (kind === 'complaint') return 'complaint';
  const read =
    said || status ? findingOf({ recipient, statusField: status, action: 'failed', said }).verdict : undefined;
  if (kind === 'refused') return read === 'soft' ? 'soft' : 'policy';
  if (kind === 'later') return read === 'policy' ? 'policy' : 'soft';
  return read === undefined || read === 'hard' ? 'hard' : read === 'policy' ? 'policy' : 'soft';
}

/**
 * Acts on one event. Doubled, late and in any order it comes to the same. What was not sent by us, or not in the last 30 days, changes nothing.
 * The caller has proved that the provider said it.
 */
export async function applyEvent(
  deps: { sql: Sql; tokens: TokenSigner; log: Logger },
  event: ProviderEvent,
): Promise<Applied> {
  const row = rowOf(event.sender, deps.tokens) ?? (await copyOf(deps.sql, event));
  return row ? applyVerdict(deps, row, verdictOfEvent(event)) : { recorded: false, suppressed: false };
}

function rowOf(sender: string | undefined, tokens: TokenSigner) {
  const bytes = parseReturnPath(sender?.slice(0, Math.max(0, sender.lastIndexOf('@'))) ?? '');
  const row = bytes && tokens.verifyBytes(bytes);
  return row?.purpose === 'bounce' ? row : undefined;
}

/** By our Message-ID; of a provider that does not tell it, the newest copy for the address. */
async function copyOf(sql: Sql, { recipient, messageId }: ProviderEvent): Promise<MailedCopy | undefined> {
  const copies = await lastCopies(sql, recipient.trim().toLowerCase());
  if (messageId === undefined) return copies[0];
  const key = /^<?([0-9a-f]{32})@/.exec(messageId.trim())?.[1];
  return key === undefined
    ? undefined
    : copies.find(copy => messageKey(copy.issueId, copy.subscriberId, asMailed(copy.from)) === key);
}

/** The From address as mail carries it: its domain in A-labels. */
function asMailed(address: string): string {
  const at = address.lastIndexOf('@');
  return /^[\x20-\x7e]*$/.test(address) ? address : `${address.slice(0, at)}@${domainToASCII(address.slice(at + 1))}`;
}
