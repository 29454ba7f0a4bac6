/**
 * Where in the SMTP dialogue something was said, when the words name it. "User unknown" after DATA or MAIL is a filter that hides itself, as
 * the Japanese mobile carriers' domain filters do; only in answer to RCPT does it speak of the address.
 */

export type Stage = 'data' | 'mail' | 'connect' | 'rcpt';

const stageTexts: readonly [Stage, RegExp][] = [
  [
    'data',
    /end of data|(?:reply to|after|SMTP command:?) (?:end of )?(?:DATA|TEXT|message body)\b|failed after I sent|final DATA|for TEXT command|\[DATA\]|\bTEXT command|>>> (?:DATA\b|\.(?: |$))|\(DATA\)/i,
  ],
  [
    'mail',
    /(?:reply to|after|SMTP command:?|for) MAIL\b|sender was rejected|\[MAIL_FROM\]|>>> MAIL\b|rejected MAIL FROM/i,
  ],
  [
    'connect',
    /after initial connection|(?:reply to|after) (?:EHLO|HELO)|>>> (?:EHLO|HELO)\b|while (?:performing the )?(?:EHLO|HELO)/i,
  ],
  [
    'rcpt',
    /(?<!need )\bRCPT\b|RCPT_TO|does not like recipient|rejected address|recipient address rejected|addresses had delivery problems|delivery error: dd/i,
  ],
];

/** Pipelined commands: what stands under DATA in the transcript was said before it, and DATA itself was out of order. */
const pipelined = /503 .{0,30}need (?:RCPT|MAIL)/i;

/** @param line as `oneLine` leaves it */
export function stageOf(line: string): Stage | undefined {
  const possible = pipelined.test(line) ? stageTexts.filter(([stage]) => stage !== 'data') : stageTexts;
  return possible.find(([, pattern]) => pattern.test(line))?.[0];
}
