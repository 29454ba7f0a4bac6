/** The header of a message (rules 1.4–1.7): what is the same for every reader is written once. */

import type { Edition } from '../model/edition.ts';
import { letterKey, messageKey } from '../model/message-id.ts';
import type { Publication } from '../model/publication.ts';
import { domainOf, mailbox } from './addresses.ts';
import { oneLine } from './values.ts';
import { phraseAndTarget, unstructured } from './words.ts';

/** UTF-16 units; the publication's own names are bounded by its schema. */
const maxReaderName = 100;
const maxOwnName = 200;
const maxSubject = 250;

export interface Letter {
  id: number;
  /** The one-click link that ends letters of this kind, where there is one. */
  unsubscribe?: string | undefined;
}

interface HeaderPlan {
  publication: Publication;
  issue: { id: number; slug: string; date: Date };
  lang: Edition['lang'];
  /** Set for a letter to one person: nothing in it is a list's. */
  letter?: Letter | undefined;
  /** Marks the subject. */
  test: boolean;
  boundary: string;
}

/** What differs per reader. */
interface ReaderHeader {
  subscriberId: number;
  name: string;
  /** As `readerMailbox` gives it. */
  address: string;
  subject: string;
  /** Of the one-click link (RFC 8058); undefined: a letter that has none. */
  unsubscribeUrl: string | undefined;
  /** Address to which an empty mail unsubscribes; undefined when no such mail would be read. */
  unsubscribeMailbox?: string | undefined;
}

export interface HeaderWriter {
  fromDomain: string;
  fields(reader: ReaderHeader): string[];
  /** With angle brackets; the same on every retry. */
  messageId(subscriberId: number): string;
}

/** @throws BroadsheetError ADDRESS_INVALID for From or Reply-To */
export function createHeaders(plan: HeaderPlan): HeaderWriter {
  const { publication, issue } = plan;
  const from = mailbox(publication.from.address);
  const fromDomain = domainOf(from);
  const before = [phraseAndTarget('From', oneLine(publication.from.name, maxOwnName), from)];
  const replyTo = publication.replyTo ? [`Reply-To: <${mailbox(publication.replyTo)}>`] : [];
  const after = [
    'MIME-Version: 1.0',
    `Content-Type: multipart/alternative;\r\n boundary="${plan.boundary}"`,
    ...(plan.letter
      ? // RFC 3834 §5: no absence notice answers it.
        ['Auto-Submitted: auto-generated']
      : [
          phraseAndTarget('List-Id', oneLine(publication.name, maxOwnName), `${publication.slug}.${fromDomain}`),
          `Feedback-ID: ${feedbackIssue(issue)}:${publication.slug}:newsletter:${publication.senderId}`,
        ]),
  ];
  // RFC 5322 §3.3; the issue's date, not the clock: a retry is the same to the byte.
  const date = `Date: ${issue.date.toUTCString().replace('GMT', '+0000')}`;
  const mark = plan.test ? (plan.lang === 'ko' ? '[테스트] ' : '[Test] ') : '';
  const messageId = (subscriberId: number) =>
    `<${plan.letter ? letterKey(plan.letter.id, from) : messageKey(issue.id, subscriberId, from)}@${fromDomain}>`;
  return {
    fromDomain,
    messageId,
    fields(reader) {
      const subject = oneLine(mark + (oneLine(reader.subject, maxSubject) || publication.name), maxSubject);
      return [
        ...before,
        phraseAndTarget('To', oneLine(reader.name, maxReaderName), reader.address),
        ...replyTo,
        unstructured('Subject', subject),
        date,
        `Message-ID: ${messageId(reader.subscriberId)}`,
        ...waysOut(reader),
        ...after,
      ];
    },
  };
}

function waysOut({ unsubscribeUrl, unsubscribeMailbox }: ReaderHeader): string[] {
  if (unsubscribeUrl === undefined) return [];
  return [
    // Not folded before the URL: some mailbox providers miss a value that begins on the second line.
    `List-Unsubscribe: <${unsubscribeUrl}>${mailto(unsubscribeMailbox)}`,
    'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
  ];
}

/** The second way to leave, after the link (rule 1.4), on a line of its own. */
function mailto(address: string | undefined): string {
  return address ? `,\r\n <mailto:${address}?subject=unsubscribe>` : '';
}

/** Feedback-ID is four items between colons (rule 1.6): the slug only when it is plain. */
function feedbackIssue(issue: { id: number; slug: string }): string {
  return /^[A-Za-z0-9._-]{1,60}$/.test(issue.slug) ? issue.slug : String(issue.id);
}
