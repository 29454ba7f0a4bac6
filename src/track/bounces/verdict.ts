/** What a report means for the reader (rule 3.5). Pure: text and codes in, a verdict out. */
import { goneCodes, ofSender, oneLine, passing, type Reason, reasonOf } from '../../replies/reasons.ts';
import { type Stage, stageOf } from '../../replies/stages.ts';

export type Verdict = 'hard' | 'soft' | 'policy' | 'complaint' | 'delayed' | 'none';

/**
 * @param status enhanced status code (RFC 3463), empty when there is none
 * @param replyCode SMTP reply, empty when there is none
 * @param text what the refusing server said
 * @param action RFC 3464 §2.3.3, empty when not given
 * @param context the rest of the report about this recipient: read for the SMTP command, and for a reason when `text` gives none
 */
export function verdictOf(status: string, replyCode: string, text: string, action = '', context = ''): Verdict {
  if (/^(?:delivered|relayed|expanded)/i.test(action) || status.startsWith('2.')) return 'none';
  if (/^delayed/i.test(action)) return 'delayed';
  const said = oneLine(text);
  const around = oneLine(context);
  const reason = reasonOf(said) ?? (isTelling(status) ? undefined : reasonOf(around));
  if (reason === 'policy' || reason === 'content') return 'policy';
  if (reason === 'rate' || reason === 'full' || reason === 'size' || reason === 'program') return 'soft';
  const stage = stageOf(said) ?? stageOf(around);
  const isMovedOrMute = reason === 'noMail' || reason === 'moved';
  // 5.7.27 (RFC 7505): the domain takes no mail at all.
  if (/^5\.7\./.test(status) && !isMovedOrMute) return 'policy';
  // Whoever speaks of the sender, or of the message, does not speak of the address.
  if (stage === 'mail' || stage === 'connect') return status.startsWith('4') ? 'soft' : 'policy';
  // A reporter's own words may correct the code it passes on.
  if (goneCodes.has(status)) return reasonOf(around) === 'full' ? 'soft' : 'hard';
  if (status === '5.2.1') return passing.test(said) ? 'soft' : 'hard';
  if (stage === 'data') return 'soft';
  return isGone(reason, stage, { status, replyCode, said }) ? 'hard' : 'soft';
}

/** By words alone: with a refusal in the SMTP dialogue, only when that was the answer to RCPT. */
function isGone(
  reason: Reason | undefined,
  stage: Stage | undefined,
  { status, replyCode, said }: { status: string; replyCode: string; said: string },
): boolean {
  const isTemporary = status.startsWith('4') || replyCode.startsWith('4');
  if (reason === 'unknownHost' || reason === 'noMail' || reason === 'moved')
    return !isTemporary && !passing.test(said) && !(replyCode && ofSender.test(said));
  // 4.1.x: the server would rather not say it for good, but retries ran out over it (Postfix, `unknown_local_recipient_reject_code`).
  if (reason === 'unknownUser' && isTemporary)
    return stage === 'rcpt' && status.startsWith('4.1.') && !passing.test(said);
  if (reason === 'unknownUser') return stage === 'rcpt' || replyCode === '';
  if (reason === 'disabled') return !isTemporary && !passing.test(said) && (stage === 'rcpt' || replyCode === '');
  return reason === 'maybeUnknown' && !isTemporary && stage === 'rcpt' && !passing.test(said);
}

/** A code that says more than "failed": then the words around it add nothing. */
function isTelling(status: string): boolean {
  return /^[45]\.[1-7]\.[1-9]/.test(status);
}
