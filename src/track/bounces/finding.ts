import { type Codes, codesIn, settleStatus } from './codes.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** What one report says of one recipient. */
export interface Finding {
  /** As the report names it; empty when it names none. */
  recipient: string;
  /** RFC 3463, `5.0.0` or `4.0.0` where the report only tells the class; empty for complaints and what is no failure. */
  status: string;
  verdict: Verdict;
}

/** Exim's words for a temporary failure that outlived its retries. */
const gaveUp = /retry time(?:out exceeded| not reached)/i;

/** @param said the refusing server's words; @param context the rest of the report about this recipient */
export function findingOf(of: {
  recipient: string;
  statusField?: string;
  action?: string;
  said: string;
  context?: string;
}): Finding {
  const { recipient, statusField = '', action = '', said, context = '' } = of;
  let codes: Codes = codesIn(said);
  if (!codes.status && /^$|^[245]\.0\.0/.test(statusField)) {
    const around = codesIn(context);
    if (!codes.replyCode || around.replyCode === codes.replyCode)
      codes = around.status || !codes.replyCode ? around : codes;
  }
  const isPassing = /^delayed/i.test(action) || gaveUp.test(said);
  const status = settleStatus(statusField, codes, isPassing);
  return { recipient, status, verdict: verdictOf(status, codes.replyCode, said, action, context) };
}
