/** Small issues to render, and ways to look at what came out. */
import type { Edition, LinkTarget, Part } from '../../src/model/edition.ts';
import type { Block, Inline, Issue, Section, SectionOf } from '../../src/model/issue.ts';
import { type Publication, publicationSchema } from '../../src/model/publication.ts';
import { escapeAttribute } from '../../src/render/escape.ts';

export const text = (value: string): Inline => ({ type: 'text', value });
export const strong = (value: string): Inline => ({ type: 'strong', children: [text(value)] });
export const link = (url: string, label: string): Inline => ({ type: 'link', url, children: [text(label)] });
export const paragraph = (...children: (string | Inline)[]): Block => ({
  type: 'paragraph',
  children: children.map(child => (typeof child === 'string' ? text(child) : child)),
});

export function publication(given: Record<string, unknown> = {}): Publication {
  return publicationSchema.parse({
    slug: 'watch',
    name: 'LLM Watch 한국어판',
    language: 'ko',
    timeZone: 'Asia/Seoul',
    from: { name: 'LLM Watch, 편집부 (주)', address: 'news@example.org' },
    postalAddress: '서울특별시 중구 세종대로 110',
    phone: '02-000-0000',
    fields: { team: '여러분' },
    ...given,
  });
}

export function issue(sections: Section[], given: Partial<Issue> = {}): Issue {
  return { title: '이번 주 논문', subject: '이번 주 논문', preheader: '', lang: 'ko', sections, ...given };
}

export function summary(number: number, given: Partial<SectionOf<'summary'>> = {}): SectionOf<'summary'> {
  return {
    type: 'summary',
    id: `paper-${number}`,
    number,
    title: `논문 제목 ${number}`,
    work: `Work${number}`,
    workLabel: '관련 연구',
    links: [{ label: '논문', url: `https://arxiv.org/abs/${number}`, kind: 'paper' }],
    lead: [],
    parts: [{ heading: '무엇을 했나?', body: [paragraph(`요약 ${number}의 본문이에요.`)] }],
    ...given,
  };
}

export const greeting = (...body: Block[]): Section => ({ type: 'greeting', id: 'greeting', body });
export const prose = (title: string, ...body: Block[]): Section => ({
  type: 'prose',
  id: `prose-${title}`,
  title,
  body,
});
export const promo = (given: Partial<SectionOf<'promo'>> = {}): SectionOf<'promo'> => ({
  type: 'promo',
  id: 'promo',
  heading: '특별 할인',
  body: [paragraph('행사에 초대해요.')],
  ...given,
});
export const closing = (given: Partial<SectionOf<'closing'>> = {}): SectionOf<'closing'> => ({
  type: 'closing',
  id: 'closing',
  body: [paragraph('읽어 주셔서 고마워요.')],
  actions: ['like', 'share', 'comment', 'subscribe'],
  labels: {},
  ...given,
});

const urlOf = (target: LinkTarget): string => {
  const number = 'ref' in target ? target.ref : 'summary' in target ? target.summary : '';
  return `https://news.example.org/r/${'t'.repeat(43)}/${target.to}${number}`;
};

/** What a reader without any values gets; conditions hold or not as `shown` says. `encode` is what personalise does to values. */
export function fill(parts: readonly Part[], shown = true, encode = (value: string) => value): string {
  return parts
    .map(part => {
      if (typeof part === 'string') return part;
      if (part.kind === 'field') return encode(part.fallback);
      if (part.kind === 'link') return urlOf(part.link);
      return shown ? fill(part.parts, shown, encode) : '';
    })
    .join('');
}

export const htmlOf = (edition: Edition): string => fill(edition.html, true, escapeAttribute);
export const textOf = (edition: Edition): string => fill(edition.text);

/** Targets of link slots, in order, conditionals included. */
export function linksOf(parts: readonly Part[]): LinkTarget[] {
  return parts.flatMap(part => {
    if (typeof part === 'string' || part.kind === 'field') return [];
    return part.kind === 'link' ? [part.link] : linksOf(part.parts);
  });
}

/** The words of HTML as a person sees them: head, comments and tags gone, entities decoded. */
export function wordsOf(html: string): string {
  return html
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<head>[\s\S]*?<\/head>/, '')
    .replace(/<[^>]*>/g, '')
    .replace(/&#x([0-9a-f]+);/gi, (_, hex) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, number) => String.fromCodePoint(Number(number)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
}

/** Whitespace and zero-width characters gone, for comparing sentences. */
export const squash = (s: string): string => s.replace(/\s|\u200b|\u200c|\u200d/g, '');
