/** What a transaction's outcome means for its recipient (rules 2.1, 2.4). Pure; the relay's reply decides, never the library's code. */
import { reasonOf } from '../replies/reasons.ts';
import { refusalOf } from '../replies/refusal.ts';
import { type Reply, replyOf } from '../replies/reply.ts';
import { type Scope, scopeOf } from '../replies/scope.ts';
import type { Outcome, Phase } from './wire-connection.ts';

export type Verdict =
  | { state: 'accepted' }
  /**
   * Refused for good (5yz). `hard-bounce`: the address does not exist (5.1.1, 5.1.2, 5.1.3, 5.1.10, 5.2.1 and words to that effect in answer
   * to RCPT): it is suppressed. `blocked`: about us (5.7.x, block lists, authentication, reputation, sender refused): never suppresses, counts
   * for the breaker. `refused`: anything else (size, content, a full mailbox, unclear).
   */
  | { state: 'rejected'; reason: 'hard-bounce' | 'blocked' | 'refused' }
  /**
   * Not now (4yz), or lost before the final dot: may be tried again. `scope` says whom it concerns: `reader` (greylisting, full mailbox,
   * 450 4.2.1), `lane` (the mailbox provider asks us to slow down, rule 1.9), `relay` (its own trouble or our quota there, or no connection) or `session` (it
   * has carried enough: a new one may go on at once). `reason` only when there is no reply to quote.
   */
  | { state: 'deferred'; scope: Scope; reason: string | null }
  /** The final dot went out and no reply came (RFC 1047): it may have arrived. Never sent again by itself. */
  | { state: 'unknown'; reason: string };

export function classify(outcome: Outcome): Verdict {
  const { phase, reply: text, error, refused } = outcome;
  const reply = replyOf(text ?? '');
  if (phase === 'dot') {
    if (!reply) return { state: 'unknown', reason: text ? notAReply : 'connection lost after the message was sent' };
    if (reply.code[0] === '2') return { state: 'accepted' };
    // 354 or the like: the session is out of step, and the message may have been taken.
    if (reply.code[0]! < '4') return { state: 'unknown', reason: notAReply };
  }
  if (!reply) {
    const reason = phase === 'connect' ? 'no connection' : lostReason(error);
    return { state: 'deferred', scope: 'relay', reason: text ? null : reason };
  }
  if (reply.code[0] === '5' && !countsAs452(phase, reply))
    return { state: 'rejected', reason: refusal(phase, refused, reply) };
  // Before MAIL nobody in particular was spoken of; a yes where none was asked for is the relay's confusion.
  const scope = reply.code[0]! < '4' ? 'relay' : scopeOf(reply);
  return { state: 'deferred', scope: phase === 'connect' && scope === 'reader' ? 'relay' : scope, reason: null };
}

const notAReply = 'no usable reply after the message was sent';

/** Whoever refuses the connection refuses us, in whatever words; only in answer to RCPT is the address itself spoken of. */
function refusal(phase: Phase, refused: Outcome['refused'], reply: Reply): 'hard-bounce' | 'blocked' | 'refused' {
  const mayAnswerRcpt = phase === 'envelope' && (refused === undefined || refused === 'rcpt');
  return phase === 'connect' ? 'blocked' : refusalOf(reply, mayAnswerRcpt);
}

/**
 * RFC 5321 §4.5.3.1.10: 552 at RCPT means "too many recipients" from old relays and counts as 452. A message too large is said of MAIL's SIZE
 * (RFC 1870 §6.1): waiting does not shrink it.
 */
function countsAs452(phase: Phase, { code, status, said }: Reply): boolean {
  return (
    phase === 'envelope' && code === '552' && status !== '5.3.4' && status !== '5.2.3' && reasonOf(said) !== 'size'
  );
}

function lostReason(error: string | undefined): string {
  return `connection lost before the message was complete${error ? ` (${error.slice(0, 80)})` : ''}`;
}
