/** What a transaction's outcome means for its recipient (rules 2.1, 2.4). Pure; the relay's reply decides, never the library's code. */
import type { Outcome } from './wire-connection.ts';

export type Verdict =
  | { state: 'accepted' }
  /** Refused for good (5yz). */
  | { state: 'rejected' }
  /** Not now (4yz), or lost before the final dot: may be tried again. `reason` when there is no reply to quote. */
  | { state: 'deferred'; reason: string | null }
  /** The final dot went out and no reply came (RFC 1047): it may have arrived. Never sent again by itself. */
  | { state: 'unknown'; reason: string };

export function classify(outcome: Outcome): Verdict {
  const { phase, reply, error } = outcome;
  const code = /^([2-5])(\d\d)(?:[ -]|$)/.exec(reply ?? '');
  if (!code) {
    if (phase === 'dot') return { state: 'unknown', reason: 'connection lost after the message was sent' };
    return { state: 'deferred', reason: phase === 'connect' ? 'no connection' : lostReason(error) };
  }
  const isFinal = code[1] === '5';
  if (code[1] === '2' && phase === 'dot') return { state: 'accepted' };
  // RFC 5321 §4.5.3.1.10: 552 at RCPT means "too many recipients" from old relays and counts as 452.
  if (isFinal && !(phase === 'envelope' && code[0].startsWith('552'))) return { state: 'rejected' };
  return { state: 'deferred', reason: null };
}

function lostReason(error: string | undefined): string {
  return `connection lost before the message was complete${error ? ` (${error.slice(0, 80)})` : ''}`;
}
