/** Complaints (ARF, RFC 5965) and Amazon's notifications by mail. */
import { type Finding, findingOf } from './finding.ts';
import { addressesIn } from './human.ts';
import { readFields } from './mime.ts';

/** RFC 5965 §7.3, RFC 6591: reports about authentication or good mail complain of nothing. */
const noComplaint = /^(?:auth-failure|not-spam|dmarc|virus|other)/i;

/** @param original header of the message complained about, for its recipient where the report leaves it out */
export function feedbackFindings(text: string, originalTo: string[]): Finding[] {
  const fields = readFields(text.replace(/\n[ \t]*\n/g, '\n'));
  const named = fields.all('original-rcpt-to', 'removal-recipient').flatMap(addressesIn);
  const recipients = [...new Set(named.length > 0 ? named : originalTo.slice(0, 1))];
  const verdict = noComplaint.test(fields.first('feedback-type')) ? 'none' : 'complaint';
  return (recipients.length > 0 ? recipients : ['']).map(recipient => ({ recipient, status: '', verdict }));
}

interface SesNotification {
  notificationType?: string;
  eventType?: string;
  bounce?: {
    bounceType?: string;
    bounceSubType?: string;
    bouncedRecipients?: { emailAddress?: string; action?: string; status?: string; diagnosticCode?: string }[];
  };
  complaint?: { complainedRecipients?: { emailAddress?: string }[]; complaintFeedbackType?: string };
  delivery?: { recipients?: string[] };
}

/** @returns undefined when the text is no such notification */
export function sesFindings(text: string): Finding[] | undefined {
  const notification = readJson(text);
  if (!notification) return undefined;
  const { bounce, complaint, delivery } = notification;
  if (bounce?.bouncedRecipients) {
    const kind = `${bounce.bounceType ?? ''} ${bounce.bounceSubType ?? ''}`;
    return bounce.bouncedRecipients.slice(0, 100).map(of =>
      findingOf({
        recipient: text200(of.emailAddress),
        statusField: text200(of.status) || (/transient/i.test(kind) ? '4.0.0' : '5.0.0'),
        action: text200(of.action),
        said: String(of.diagnosticCode ?? '').slice(0, 2000),
        context: kind.replace(/MailboxFull/, 'mailbox full').replace(/NoEmail/, 'unknown address'),
      }),
    );
  }
  if (complaint?.complainedRecipients) {
    const verdict = noComplaint.test(complaint.complaintFeedbackType ?? '') ? 'none' : 'complaint';
    return complaint.complainedRecipients
      .slice(0, 100)
      .map(of => ({ recipient: text200(of.emailAddress), status: '', verdict }));
  }
  const delivered = delivery?.recipients?.slice(0, 100) ?? [''];
  return delivered.map(recipient => ({ recipient: text200(recipient), status: '', verdict: 'none' }));
}

function text200(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 320) : '';
}

/** Only what says itself that it is a notification, whatever its other fields: wrong types end in `undefined`. */
function readJson(text: string): SesNotification | undefined {
  const start = text.indexOf('{');
  const end = text.lastIndexOf('}');
  if (start < 0 || end <= start || !/"(?:notificationType|eventType)\\?"/.test(text)) return undefined;
  try {
    // Old sendmails cut long lines with `!` and a line break.
    let value: unknown = JSON.parse(text.slice(start, end + 1).replace(/!\n[ \t]/g, ''));
    const wrapped = (value as { Message?: unknown }).Message;
    if (typeof wrapped === 'string') value = JSON.parse(wrapped);
    const notification = value as SesNotification;
    const isNotification = typeof (notification.notificationType ?? notification.eventType) === 'string';
    const lists = [
      notification.bounce?.bouncedRecipients,
      notification.complaint?.complainedRecipients,
      notification.delivery?.recipients,
    ];
    const isList = (list: unknown) => Array.isArray(list) && list.every(item => item !== null);
    return isNotification && lists.every(list => list === undefined || isList(list)) ? notification : undefined;
  } catch {
    return undefined;
  }
}
