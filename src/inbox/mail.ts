/** One mail, opened: its parts as a mail program would take them apart. */
import { type Attachment, simpleParser } from 'mailparser';
import { messageOf } from '../errors.ts';
import { type Header, headerSection, parseHeaders } from './headers.ts';

interface MailPart {
  name: string;
  type: string;
  content: Buffer;
  /** Content-ID without brackets, when the HTML can refer to it. */
  cid: string | undefined;
}

export interface Mail {
  headers: Header[];
  headerText: string;
  html: string | undefined;
  text: string | undefined;
  /** Bytes of the decoded HTML part: what Gmail's clipping counts. */
  htmlBytes: number;
  attachments: MailPart[];
  /** Why the body could not be taken apart. */
  broken: string | undefined;
}

/** Gmail shows about this much of the decoded HTML and hides the rest behind "View entire message". */
export const gmailClipBytes = 102 * 1024;

/** Never throws: a mail that cannot be parsed still has headers and a source to look at. */
export async function parseMail(source: Buffer): Promise<Mail> {
  const headerText = headerSection(source);
  const base = { headers: parseHeaders(headerText), headerText };
  try {
    const parsed = await simpleParser(source, {
      skipHtmlToText: true,
      skipTextToHtml: true,
      skipTextLinks: true,
      // Pictures are put in when shown: the size must be that of the HTML as sent.
      keepCidLinks: true,
    });
    const html = parsed.html || undefined;
    const attachments = parsed.attachments.map(toPart);
    return {
      ...base,
      html,
      text: parsed.text,
      htmlBytes: html ? Buffer.byteLength(html) : 0,
      attachments,
      broken: undefined,
    };
  } catch (error) {
    return { ...base, html: undefined, text: undefined, htmlBytes: 0, attachments: [], broken: messageOf(error) };
  }
}

function toPart(attachment: Attachment, index: number): MailPart {
  return {
    name: attachment.filename || `part-${index + 1}`,
    type: attachment.contentType,
    content: attachment.content,
    cid: attachment.cid,
  };
}
