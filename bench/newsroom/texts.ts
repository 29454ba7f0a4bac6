/** The Markdown of the newsroom's issues: our own sample's sentences in issues of different lengths, each with titles of its own. Pure. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { english, englishParagraphs, korean } from './pools.ts';

export interface IssueText {
  source: string;
  title: string;
  /** Of its summaries, in order. */
  summaries: string[];
  /** Explained in its glossary. */
  terms: string[];
}

type Language = 'ko' | 'en';

const sample = readFileSync(fileURLToPath(new URL('../../templates/sample/issue.ko.md', import.meta.url)), 'utf8');
const koreanParagraphs = sample
  .replace(/^---\n[\s\S]*?\n---\n/, '')
  .split('\n')
  .filter(line => line.length > 120 && !/^[#*\->|:[{❤]|\]\(/u.test(line) && !line.includes('논문 #'));

const words = {
  ko: {
    pool: korean,
    paragraphs: koreanParagraphs as readonly string[],
    parts: ['무엇이 어려웠을까요?', '어떻게 풀었을까요?', '무엇을 알게 됐을까요?', '앞으로는 무엇이 남았을까요?'],
    related: '관련 연구',
    paper: '논문',
    code: '코드',
    title: (subject: string, claim: string) => `${subject}, ${claim}`,
    greeting: (n: number) =>
      `{{name|독자}}님, 안녕하세요! ${n}번째 편지예요. 이번 주에 읽은 논문을 골라 간추렸어요. 먼저 몇 줄로 살펴볼게요.`,
    glossary: '**이번 호의 용어집**',
    promo:
      '**독자 할인**\n\n온라인 워크숍을 준비했어요. 신청할 때 코드 `READER20`을 넣으면 참가비를 20% 할인받을 수 있어요. [워크숍 신청](https://example.org/workshop)',
    closing:
      '❤️ 이번 호가 마음에 드셨다면 ‘좋아요’를 누르고 동료와 공유해 주세요. 궁금한 점은 댓글로 남겨 주세요. 다음 호에서 또 만나요!',
  },
  en: {
    pool: english,
    paragraphs: englishParagraphs as readonly string[],
    parts: ['The problem', 'The idea', 'Findings', 'Next steps'],
    related: 'Related work',
    paper: 'Paper',
    code: 'Code',
    title: (subject: string, claim: string) => `${subject}: ${claim}`,
    greeting: (n: number) =>
      `Hello {{name|reader}}, this is letter ${n}. A month of papers, in a quarter of an hour. First, in short:`,
    glossary: '**Glossary of key terms**',
    promo:
      '**Reader discount**\n\nOur online workshop has a few places left. With the code `READER20` you save 20% when you register. [Register for the workshop](https://example.org/workshop)',
    closing:
      '❤️ If you liked this issue, hit the like button, share it with a colleague, and leave a comment. See you next month!',
  },
} as const;

/**
 * @param number from 1; the same number gives the same text
 * @param date `YYYY-MM-DD`
 */
export function textOf(language: Language, number: number, date: string): IssueText {
  const { pool, paragraphs, parts, ...own } = words[language];
  const titleAt = (n: number) =>
    own.title(
      pool.subjects[n % pool.subjects.length]!,
      pool.claims[(n * 5 + Math.floor(n / pool.subjects.length)) % pool.claims.length]!,
    );
  // Short issues of one summary, usual ones of five, now and then a long one of ten.
  const size = [1, 4, 5, 3, 6, 5, 8, 4, 2, 10][number % 10]!;
  const summaries = Array.from({ length: size }, (_, i) => titleAt(number * 7 + i));
  const title = `${summaries[0]!} (${number})`;
  const terms = Array.from({ length: 2 + (number % 3) }, (_, i) => pool.terms[(number * 3 + i) % pool.terms.length]!);
  const paragraph = (n: number) => paragraphs[n % paragraphs.length]!;
  const papers = summaries.map((heading, i) => {
    const id = `${number}-${i + 1}`;
    const links = `[${own.paper}](https://papers.example.org/${id}) / [${own.code}](https://code.example.org/${id})`;
    // From 1 to 4 paragraphs under each heading of the summary.
    const bodies = parts.map((part, j) => {
      const length = 1 + ((number + i + j) % 4);
      const body = Array.from({ length }, (_, k) => paragraph(number * 11 + i * 5 + j * 3 + k)).join('\n\n');
      return `### ${part}\n\n${body}`;
    });
    return `## ${heading}\n\n${own.related}: Work ${id} ( ${links} )\n\n${bodies.join('\n\n')}`;
  });
  const front = [
    '---',
    `title: ${JSON.stringify(title)}`,
    `subject: ${JSON.stringify(title)}`,
    `number: ${number}`,
    `date: ${date}`,
    `slug: issue-${number}`,
    '---',
  ];
  const glossary = terms.map(({ term, english, short, definition }) => {
    const names = [english, short].filter(Boolean).join(', ');
    return `**${term}${names ? ` (${names})` : ''}:** ${definition}`;
  });
  const opening = [
    own.greeting(number),
    summaries.map(one => `- ${one}`).join('\n'),
    ...(number % 4 === 0 ? [own.promo] : []),
    `${own.glossary}\n\n${glossary.join('\n\n')}`,
  ];
  const source = `${front.join('\n')}\n\n${opening.join('\n\n')}\n\n---\n\n${papers.join('\n\n---\n\n')}\n\n---\n\n${own.closing}\n`;
  return { source, title, summaries, terms: terms.map(({ term }) => term) };
}
