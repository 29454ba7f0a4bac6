/** Reports written for people: qmail, exim, exchange, sendmail, portals … (rule 3.1). Tables say what to look for, nothing knows a server. */
import { type Finding, findingOf } from './finding.ts';
import { address, delayTexts, originalMarkers, recipientLines, recipientPhrases, transcriptLine } from './markers.ts';

/** More recipients than this are no report of one newsletter's message. */
const maxRecipients = 100;
const maxLines = 2_000;
const maxLine = 1_000;

export interface Section {
  recipient: string;
  /** What is said of this recipient. */
  said: string;
}

/** The report without the message it returns, and what follows of that message's header. */
export function splitOriginal(text: string): { report: string; original: string } {
  const lines = linesOf(text);
  // The first lines are the report's, however they begin.
  const at = lines.findIndex((line, i) => i > 0 && originalMarkers.some(marker => marker.test(line)));
  if (at < 0) return { report: lines.join('\n'), original: '' };
  return { report: lines.slice(0, at).join('\n'), original: lines.slice(at).join('\n') };
}

function linesOf(text: string): string[] {
  return text.split('\n', maxLines).map(line => line.slice(0, maxLine).replace(/\s+$/, ''));
}

/** What is said of whom; empty when nobody is named. */
export function sectionsOf(report: string): Section[] {
  const lines = report.split('\n');
  const marked = markedSections(lines);
  if (marked.length > 0) return marked;
  const transcript = transcriptSections(lines);
  if (transcript.length > 0) return transcript;
  const text = lines.join(' ');
  for (const phrase of recipientPhrases) {
    const found = [...text.matchAll(phrase)].map(match => clean(match[1]!));
    if (found.length > 0)
      return [...new Set(found)].slice(0, maxRecipients).map(recipient => ({ recipient, said: report }));
  }
  return [];
}

/** The address on the next line is the sender's. */
const sender = /\b(?:sent by|from|sender)\s*:?$/i;

function markedSections(lines: string[]): Section[] {
  const sections = new Map<string, string[]>();
  let current: string[] | undefined;
  let before = '';
  for (const line of lines) {
    const opened = sender.test(before) ? undefined : opening(line);
    if (line.trim() !== '') before = line;
    if (opened && sections.size < maxRecipients) {
      const key = opened.recipient.toLowerCase();
      current = sections.get(key) ?? [];
      sections.set(key, current);
      current.push(opened.rest);
    } else current?.push(line);
  }
  const recipients = [...sections.keys()];
  return recipients.map(recipient => ({
    recipient,
    said: ownLines(sections.get(recipient)!, recipient, recipients, lines),
  }));
}

/** Of several recipients, each gets its own lines, and those of a common transcript that name it. */
function ownLines(own: string[], recipient: string, recipients: string[], lines: string[]): string {
  if (recipients.length === 1) return own.join('\n');
  const mine = new Set(own);
  const others = recipients.filter(other => other !== recipient);
  const kept = own.filter(line => !line.includes('@') || !others.some(other => line.toLowerCase().includes(other)));
  const isNamed = lines.map(line => line.includes('@') && line.toLowerCase().includes(recipient));
  const elsewhere = lines.filter(
    (line, i) => !mine.has(line) && (isNamed[i] || (isNamed[i - 1] && /^\s+\S/.test(line))),
  );
  return [...kept, ...elsewhere].join('\n');
}

function opening(line: string): { recipient: string; rest: string } | undefined {
  if (!line.includes('@')) return undefined;
  for (const pattern of recipientLines) {
    const match = pattern.exec(line);
    if (match) return { recipient: clean(match[1]!), rest: match.slice(2).find(Boolean) ?? '' };
  }
  return undefined;
}

/** In a transcript the recipient stands at the end of its exchange. */
function transcriptSections(lines: string[]): Section[] {
  const sections = new Map<string, string>();
  let since = 0;
  lines.forEach((line, i) => {
    const recipient = transcriptLine.exec(line)?.[1];
    if (!recipient || sections.size >= maxRecipients) return;
    const key = clean(recipient).toLowerCase();
    sections.set(key, [sections.get(key) ?? '', line, ...lines.slice(since, i)].join('\n').trim());
    since = i + 1;
  });
  return [...sections].map(([recipient, said]) => ({ recipient, said }));
}

function clean(text: string): string {
  return text.replace(/^['*]+|[.'*]+$/g, '');
}

/** Addresses in a header value or in running text. */
export function addressesIn(text: string): string[] {
  return [...new Set((text.slice(0, 10_000).match(new RegExp(address, 'g')) ?? []).map(clean))].slice(0, maxRecipients);
}

/** @param fallback recipients to assume when the text names none; @param subject may tell that it is only a delay */
export function humanFindings(report: string, subject: string, fallback: string[]): Finding[] {
  const action = delayTexts.test(`${subject}\n${report}`) ? 'delayed' : '';
  const sections = sectionsOf(report);
  if (sections.length === 1) {
    const [{ recipient, said }] = sections as [Section];
    return [findingOf({ recipient, action, said: /\p{L}{3}/u.test(said) ? said : report, context: report })];
  }
  if (sections.length > 0) return sections.map(({ recipient, said }) => findingOf({ recipient, action, said }));
  const recipients = fallback.length > 0 ? fallback : [''];
  return recipients.map(recipient => findingOf({ recipient, action, said: report }));
}
