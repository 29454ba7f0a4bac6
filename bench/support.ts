/** What the benchmarks share. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { publicationSchema } from '../src/model/publication.ts';

/**
 * An issue of the seed's size and shape, made of our own sample: nine summaries, glossary, promo, tracked links.
 * @param file another issue to measure with
 */
export function benchIssue(file?: string): string {
  if (file) return readFileSync(file, 'utf8');
  const sample = readFileSync(fileURLToPath(new URL('../templates/sample/issue.ko.md', import.meta.url)), 'utf8');
  const body = sample.replace(/^---\n[\s\S]*?\n---\n/, '');
  const paragraphs = body.split('\n').filter(line => line.length > 80 && !/^[#*\->|:[]|\]\(/.test(line));
  const papers = Array.from({ length: 9 }, (_, i) => {
    const parts = ['어떤 문제를 푸나요?', '어떻게 푸나요?', '무엇을 알아냈나요?', '다음 단계는 무엇인가요?'];
    const texts = parts.map((part, j) => `### ${part}\n\n${fill(paragraphs, i * 4 + j, 1480)}\n`);
    return `## 시험용 논문 요약 ${i + 1}\n\n관련 연구: Work${i + 1} ( [논문](https://example.org/paper/${i + 1}) / [코드](https://example.org/code/${i + 1}) )\n\n${texts.join('\n')}`;
  });
  const head = body.slice(0, Math.max(0, body.search(/\n#+ .*논문|\n#+ .*요약/)));
  return `---\nsubject: 측정용 이슈\n---\n${head || '안녕하세요.'}\n\n${papers.join('\n---\n\n')}\n`;
}

/** An issue of about 5 KB as a reader gets it: a greeting, a paragraph, a link. */
export function shortIssue(): string {
  return '---\nsubject: 짧은 이슈\n---\n\n안녕하세요, {{name}} 님.\n\n이번 주 소식은 [한 편](https://example.org/one)입니다.\n';
}

function fill(paragraphs: string[], from: number, bytes: number): string {
  let text = '';
  for (let i = from; Buffer.byteLength(text) < bytes; i++) text += `${paragraphs[i % paragraphs.length]} `;
  return text.trim();
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** Rows as a Markdown table. */
export function table(head: string[], rows: (string | number)[][]): string {
  const line = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Who sends in a benchmark. */
export const benchPublication = publicationSchema.parse({
  slug: 'bench',
  name: '측정',
  language: 'ko',
  from: { name: '측정', address: 'news@example.org' },
  postalAddress: '서울',
});
