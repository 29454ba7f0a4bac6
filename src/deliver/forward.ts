/**
 * Forwards a reader's reply to the publication's editor: the mail itself as `message/rfc822` inside one of our own, so that DMARC of the
 * reader's domain has nothing to object to and nothing of theirs is changed. Never to the reader; `Reply-To` lets the editor answer.
 */
import { hash } from 'node:crypto';
import { forwardedField, type Reply } from '../model/reply.ts';
import { domainOf, mailbox } from '../personalise/addresses.ts';
import type { DkimKeys } from '../personalise/dkim.ts';
import { oneLine } from '../personalise/values.ts';
import { phraseAndTarget, unstructured } from '../personalise/words.ts';
import { type OwnMail, sealMail, sendMail } from './own-mail.ts';
import { openConnection, parseRelay } from './relay.ts';
import type { Relays } from './relays.ts';
import type { WireConnection } from './wire-connection.ts';

/** Octets of a line, without its end (RFC 5322 §2.1.1). */
const maxLine = 998;

/**
 * Sends one reply on by a relay of its publication, the next one when that cannot be reached. Its own bounces go to the publication's From
 * address, where the intake drops them.
 * @returns `refused` when the relay said no for good
 * @throws BroadsheetError SMTP_UNREACHABLE (none of them can be reached), SMTP_UNSET, RELAY_UNKNOWN, or Error when it said "later" or
 * nothing: try again
 */
export async function forwardReply(
  relays: Relays,
  dkim: DkimKeys | undefined,
  reply: Reply,
): Promise<'accepted' | 'refused'> {
  return sendMail(() => openFirst(relays, reply.publication.delivery.relay), letterOf(reply, dkim, new Date()));
}

/** @throws as the last relay did when none could be reached; else as `Relays.named` */
async function openFirst(relays: Relays, name: string | null): Promise<WireConnection> {
  let last: unknown;
  for (const { key, url } of relays.inOrder(name)) {
    try {
      const connection = await openConnection(parseRelay(url));
      relays.note(key, false);
      return connection;
    } catch (error) {
      relays.note(key, true);
      last = error;
    }
  }
  throw last;
}

/** The bytes for the wire: signed, dot-safe, CRLF throughout. */
export function letterOf(reply: Reply, dkim: DkimKeys | undefined, now: Date): OwnMail {
  const { publication } = reply;
  const from = mailbox(publication.from.address);
  const to = mailbox(reply.editor);
  const original = wireText(reply.raw);
  const key = hash('sha256', original, 'hex').slice(0, 32);
  const boundary = `=_${key}`;
  const encoding = /[\x80-\xff]/.test(original) ? '8bit' : '7bit';
  const answerTo = plainMailbox(reply.sender);
  const fields = [
    phraseAndTarget('From', oneLine(publication.from.name, 200), from),
    `To: <${to}>`,
    ...(answerTo ? [`Reply-To: <${answerTo}>`] : []),
    unstructured('Subject', oneLine(`Fwd: ${oneLine(reply.subject, 200)}`, 210)),
    `Date: ${now.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <reply.${key}@${domainOf(from)}>`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/mixed;\r\n boundary="${boundary}"`,
    `Content-Transfer-Encoding: ${encoding}`,
    // RFC 5436 §2.7.1 names the word; RFC 3834 §5 the field.
    'Auto-Submitted: auto-forwarded',
    `${forwardedField}: ${publication.slug}`,
  ];
  const body = [
    `--${boundary}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n`,
    Buffer.from(noteOf(reply, answerTo !== undefined))
      .toString('base64')
      .replace(/.{76}/g, '$&\r\n'),
    `--${boundary}\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: ${encoding}`,
    `Content-Disposition: attachment; filename="reply.eml"\r\n\r\n${original}`,
    `--${boundary}--\r\n`,
  ].join('\r\n');
  return sealMail({ from, to, fields, body }, dkim, now);
}

/** A mail as text of single octets, with line ends and lengths as the wire takes them; it ends with CRLF. */
function wireText(raw: Buffer): string {
  const text = raw
    .toString('latin1')
    .replaceAll('\0', '')
    .replace(/\r\n?|\n/g, '\r\n')
    .replace(new RegExp(`[^\\r\\n]{${maxLine}}(?=[^\\r\\n])`, 'g'), '$&\r\n');
  return text.endsWith('\r\n') ? text : `${text}\r\n`;
}

/** What a stranger calls their address, if mail can be sent there. */
function plainMailbox(address: string | undefined): string | undefined {
  try {
    return address && mailbox(address);
  } catch {
    return undefined;
  }
}

function noteOf({ publication }: Reply, canAnswer: boolean): string {
  if (publication.language === 'ko') {
    const answer = canAnswer ? ' 이 메일에 답장하면 그 독자에게 갑니다.' : '';
    return `${publication.name} 독자가 보낸 메일입니다. 원본은 첨부 파일에 있습니다.${answer}\r\n`;
  }
  const answer = canAnswer ? ' Your answer to this mail goes to that reader.' : '';
  return `A reader of ${publication.name} wrote this. The mail itself is attached.${answer}\r\n`;
}
