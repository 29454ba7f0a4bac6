/** What a digest says: a month's issues, each with its title, number, day, a line of what is in it, and a link to it on the web. */
import type { PublishedIssue } from '../db/readers.ts';
import type { Block, Inline, Issue } from '../model/issue.ts';
import type { Publication } from '../model/publication.ts';

interface Words {
  title: (publication: string, month: string) => string;
  preheader: (n: number, first: string) => string;
  lead: (n: number, month: string) => string;
  number: (number: string) => string;
  read: string;
  why: string;
}

const words: Record<Publication['language'], Words> = {
  ko: {
    title: (publication, month) => `${publication} ${month} 모아보기`,
    preheader: (n, first) =>
      n === 1 ? `‘${first}’ 한 호를 다시 전해 드려요.` : `‘${first}’부터 ${n}개 호를 한 번에 전해 드려요.`,
    lead: (n, month) => `${month}에 나온 호는 모두 ${n}개예요. 제목을 훑어보고 마음에 드는 호를 웹에서 읽어 보세요.`,
    number: number => (/^\d+$/.test(number) ? `제${number}호` : number),
    read: '이 호 읽기',
    why: '한 달에 한 번 모아보기를 고르셔서 보내 드려요. 받는 횟수는 구독 설정에서 바꿀 수 있어요.',
  },
  en: {
    title: (publication, month) => `${publication}: ${month} in one mail`,
    preheader: (n, first) => (n === 1 ? `One issue: “${first}”.` : `${n} issues in one mail, from “${first}” on.`),
    lead: (n, month) =>
      n === 1
        ? `One issue came out in ${month}. Read it on the web.`
        : `${n} issues came out in ${month}. Skim their titles and read those you like on the web.`,
    number: number => (/^\d+$/.test(number) ? `No. ${number}` : number),
    read: 'Read this issue',
    why: 'You get this because you chose one digest a month. You can change that in your settings.',
  },
};

/**
 * @param month its first day, `YYYY-MM-DD`
 * @param listed in the order of the digest
 */
export function digestIssue(
  publication: Publication,
  month: string,
  listed: readonly PublishedIssue[],
  publicUrl: string,
): Issue {
  const text = words[publication.language];
  const name = monthName(publication.language, month);
  const title = text.title(publication.name, name);
  return {
    title,
    subject: title,
    preheader: text.preheader(listed.length, listed[0]!.title).slice(0, 120),
    lang: publication.language,
    sections: [
      { type: 'prose', id: 'digest', title: '', body: [paragraph(text.lead(listed.length, name))] },
      ...listed.map((issue, at) => ({
        type: 'prose' as const,
        id: `issue-${at + 1}`,
        title: issue.title,
        body: linesOf(issue, publication, publicUrl),
      })),
      { type: 'prose', id: 'why', title: '', body: [{ type: 'rule' }, paragraph(text.why)] },
    ],
  };
}

function linesOf(issue: PublishedIssue, publication: Publication, publicUrl: string): Block[] {
  const text = words[publication.language];
  const about = [issue.number && text.number(issue.number), dayName(publication.language, issue.date)];
  const line = plain(issue.preheader);
  return [
    paragraph(about.filter(Boolean).join(' · ')),
    ...(line ? [paragraph(line)] : []),
    {
      type: 'paragraph',
      children: [
        {
          type: 'link',
          url: `${publicUrl}/p/${publication.slug}/${encodeURIComponent(issue.slug)}`,
          children: [{ type: 'text', value: text.read }],
        },
      ],
    },
  ];
}

/** Kept beside the issue, as an editor's text would be. */
export function digestSource(issue: Issue, listed: readonly PublishedIssue[]): string {
  return [`# ${issue.title}`, ...listed.map(({ slug, title }) => `- ${title} (${slug})`), ''].join('\n');
}

function paragraph(value: string): Block {
  return { type: 'paragraph', children: [{ type: 'text', value } satisfies Inline] };
}

/** A line that was written for one reader, for everyone: `{{name|you}}` → `you`. */
function plain(line: string): string {
  return line.replace(/\{\{[^{}|]*(?:\|([^{}]*))?\}\}/g, (_, fallback: string = '') => fallback).trim();
}

const locale = { ko: 'ko-KR', en: 'en-US' } as const;

function monthName(language: Publication['language'], month: string): string {
  return new Intl.DateTimeFormat(locale[language], { timeZone: 'UTC', year: 'numeric', month: 'long' }).format(
    new Date(month),
  );
}

/** @param date a calendar day, or nothing that is one */
function dayName(language: Publication['language'], date: string): string {
  const day = new Date(date);
  if (Number.isNaN(day.getTime())) return '';
  return new Intl.DateTimeFormat(locale[language], { timeZone: 'UTC', month: 'long', day: 'numeric' }).format(day);
}
