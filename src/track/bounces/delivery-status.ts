/** Delivery status notifications (RFC 3464), also as other servers paste their fields into plain text. */
import { type Finding, findingOf } from './finding.ts';
import { addressesIn, sectionsOf } from './human.ts';
import { type Header, readFields } from './mime.ts';

const maxGroups = 200;

/** SES's receiving side sends bounces that a recipient's own rule chose, with canned codes: they say nothing about the address. */
const ruleBounces = /\binbound-smtp\.[\w-]+\.amazonaws\.com/i;

/**
 * @param text body of the `message/delivery-status` part
 * @param report what is written for people beside it
 * @returns undefined when it names no recipient
 */
export function statusFindings(text: string, report: string): Finding[] | undefined {
  const groups = groupsOf(text);
  const reporter = groups.flatMap(group => group.all('reporting-mta')).join(' ');
  const recipients = groups.filter(group => recipientOf(group) !== undefined);
  if (recipients.length === 0) return undefined;
  const sections = new Map(sectionsOf(report).map(({ recipient, said }) => [recipient.toLowerCase(), said]));
  return recipients.map(group => {
    const recipient = recipientOf(group)!;
    const context = recipients.length === 1 ? report : (sections.get(recipient.toLowerCase()) ?? '');
    const statusField = group.first('status');
    // The comment in a Status field is a server's own word for it (PowerMTA, Messaging Server).
    const comment = /\((.{1,200})\)/.exec(statusField)?.[1] ?? '';
    const finding = findingOf({
      recipient,
      statusField,
      action: group.first('action'),
      said: diagnosticOf(group) || comment,
      context: `${comment}\n${context}`,
    });
    return finding.verdict === 'hard' && ruleBounces.test(reporter) ? { ...finding, verdict: 'soft' } : finding;
  });
}

function groupsOf(text: string): Header[] {
  return text
    .split(/\n[ \t]*\n/, maxGroups)
    .flatMap(group =>
      group.split(/\n(?=Final-Recipient:)/i).length > 2 ? group.split(/\n(?=Final-Recipient:)/i) : [group],
    )
    .map(readFields);
}

/** The recipient as we addressed it, where the report tells; RFC 3464 §2.3.1, §2.3.2. */
function recipientOf(group: Header): string | undefined {
  const fields = ['original-recipient', 'final-recipient', 'x-actual-recipient'].map(name => group.first(name));
  if (fields.every(field => field === '')) return undefined;
  for (const field of fields) {
    const value = field.replace(/^[^;]{0,40};/, '').trim();
    const found = addressesIn(value)[0];
    if (found) return found;
  }
  return (
    fields
      .map(field => field.replace(/^[^;]{0,40};/, '').trim())
      .find(Boolean)
      ?.slice(0, 320) ?? ''
  );
}

/** Of several diagnostics the SMTP one; its type stays in front when it is a program's (`x-unix;`). */
function diagnosticOf(group: Header): string {
  const all = group.all('diagnostic-code');
  const best = all.find(value => /^smtp;/i.test(value)) ?? all[0] ?? '';
  return best.replace(/^(?:smtp|x-postfix|x-notes|x-yandex);\s*/i, '');
}
