/** One report, read (rules 3.1, 3.3). Pure, bounded, and never throws: what is no report has no findings that matter. */
import { statusFindings } from './delivery-status.ts';
import { feedbackFindings, sesFindings } from './feedback.ts';
import type { Finding } from './finding.ts';
import { addressesIn, humanFindings, sectionsOf, splitOriginal } from './human.ts';
import { autoReplySubjects, daemons, failureSubjects, failureTexts } from './markers.ts';
import { type Header, type Leaf, type Message, readMessage, splitHeader } from './mime.ts';

/** The report's own text, and the header of the message it is about. */
export interface ReportParts {
  message: Message;
  report: string;
  /** Without fields when the report returns nothing of it. */
  original: Header;
  /** What follows the report in the same text. */
  quoted: string;
}

export function parseReport(raw: Buffer): Finding[] {
  return findingsOf(partsOf(raw));
}

export function partsOf(raw: Buffer): ReportParts {
  const message = readMessage(raw);
  const leaves = message.leaves;
  const returned = leaves.findIndex(isOriginal);
  const own = (returned < 0 ? leaves : leaves.slice(0, returned)).filter(leaf =>
    /^(?:text|multipart)\//.test(leaf.type),
  );
  const plain = own.filter(leaf => leaf.type !== 'text/html' && leaf.text.trim() !== '');
  const { report, original } = splitOriginal((plain.length > 0 ? plain : own).map(leaf => leaf.text).join('\n'));
  const from = returned >= 0 ? leaves[returned]!.text : original;
  return { message, report, original: splitHeader(withoutMarker(from)).header, quoted: original };
}

/** The marker line itself, such as `--- Original message ---`, is no field. */
function withoutMarker(text: string): string {
  return text.replace(/^(?:\s*(?![\w-]+: ?\S)[^\n]*\n){0,3}\s*/, '');
}

export function findingsOf(parts: ReportParts, depth = 0): Finding[] {
  const { message, report, original } = parts;
  const { header, leaves } = message;
  const originalTo = original.all('to', 'x-hmxmroriginalrecipient', 'delivered-to').flatMap(addressesIn);
  const isFeedback = /feedback-report/i.test(header.first('content-type'));
  const feedback = leaves.find(
    leaf =>
      leaf.type === 'message/feedback-report' ||
      (isFeedback && !isOriginal(leaf) && /^Feedback-Type:/im.test(leaf.text.slice(0, 2000))),
  );
  if (feedback) return feedbackFindings(feedback.text, originalTo);
  const subject = header.first('subject');
  // Hotmail's complaints (JMRP) have no part that says so.
  if (/^complaint about message from /i.test(subject) && leaves.some(isOriginal))
    return feedbackFindings('Feedback-Type: abuse', originalTo);
  const ses = sesFindings(leaves.find(leaf => leaf.type === 'text/plain')?.text ?? '');
  if (ses) return ses;
  const status = leaves.find(
    leaf => leaf.type.endsWith('/delivery-status') || leaf.type === 'message/global-delivery-status',
  );
  const found =
    statusFindings(status?.text ?? '', report) ??
    (/^\s*Final-Recipient:/im.test(report) ? statusFindings(report, report) : undefined);
  if (found) return found;
  if (!isFailure(header, report))
    return [{ recipient: addressesIn(header.first('from'))[0] ?? '', status: '', verdict: 'none' }];
  // A gateway's notice around the real report, which it returns as if it were the message.
  if (depth === 0 && sectionsOf(report).length === 0) {
    const inner = innerReport(parts);
    if (inner) return findingsOf(inner, 1);
  }
  const failed = header.all('x-failed-recipients').flatMap(addressesIn);
  return humanFindings(report, subject, failed.length > 0 ? failed : originalTo.slice(0, 1));
}

function innerReport({ message, original, quoted }: ReportParts): ReportParts | undefined {
  if (!/^multipart\/report/i.test(original.first('content-type'))) return undefined;
  const text = message.leaves.find(leaf => leaf.type === 'message/rfc822')?.text ?? quoted;
  return partsOf(Buffer.from(text.replace(/^\s+/, ''), 'latin1'));
}

function isOriginal(leaf: Leaf): boolean {
  return leaf.type === 'message/rfc822' || leaf.type === 'message/global' || leaf.type.endsWith('rfc822-headers');
}

/** A report of failure, not an answer (RFC 3834), not a letter. */
function isFailure(header: Header, report: string): boolean {
  const subject = header.first('subject');
  if (header.all('x-failed-recipients').length > 0) return true;
  const isDaemon = header.all('from').some(from => daemons.test(from));
  if (isDaemon && failureSubjects.test(subject)) return true;
  if (autoReplySubjects.test(subject)) return false;
  const isAnswer = /^auto-replied/i.test(header.first('auto-submitted')) && !isDaemon;
  if (isAnswer) return false;
  if (/^multipart\/report/i.test(header.first('content-type'))) return true;
  return isDaemon || failureSubjects.test(subject) || failureTexts.test(report);
}
