/** A short plain letter to those who run the installation. */
import { domainOf, mailbox } from '../personalise/addresses.ts';
import type { DkimKeys } from '../personalise/dkim.ts';
import { oneLine } from '../personalise/values.ts';
import { phraseAndTarget, unstructured } from '../personalise/words.ts';
import { type OwnMail, sealMail } from './own-mail.ts';

export interface Notice {
  from: { name: string; address: string };
  to: string;
  subject: string;
  /** Lines end with \n. */
  text: string;
  /** Left part of the Message-ID: the same on every try. */
  id: string;
  language: 'ko' | 'en';
}

export function noticeMail(notice: Notice, dkim: DkimKeys | undefined, now: Date): OwnMail {
  const from = mailbox(notice.from.address);
  const to = mailbox(notice.to);
  const fields = [
    phraseAndTarget('From', oneLine(notice.from.name, 200), from),
    `To: <${to}>`,
    unstructured('Subject', oneLine(notice.subject, 200)),
    `Date: ${now.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${notice.id}@${domainOf(from)}>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    // RFC 2045 §6.8: Korean costs least so.
    'Content-Transfer-Encoding: base64',
    `Content-Language: ${notice.language}`,
    'Auto-Submitted: auto-generated',
  ];
  const text = Buffer.from(notice.text.replace(/\r?\n/g, '\r\n')).toString('base64');
  return sealMail({ from, to, fields, body: `${text.replace(/.{76}(?=.)/g, '$&\r\n')}\r\n` }, dkim, now);
}
