import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { compose } from '../../src/compose/compose.ts';
import type { Edition } from '../../src/model/edition.ts';
import { render } from '../../src/render/render.ts';
import { htmlOf, publication, squash, textOf, wordsOf } from './builders.ts';

const file = new URL('../../../shared/seed/llm-watch-issue.ko.md', import.meta.url);

describe.runIf(existsSync(file))('the seed issue', () => {
  const source = existsSync(file) ? readFileSync(file, 'utf8') : '';
  let edition: Edition;
  let html: string;
  let plain: string;

  beforeAll(async () => {
    const kr = publication({ law: ['kr'] });
    edition = await render(compose(source, { publication: kr }).issue, { publication: kr, sendDate: '2026-03-04' });
    html = htmlOf(edition);
    plain = textOf(edition);
  });

  test('fits: under 90,000 bytes with tracked links, so that not even a warning is due', () => {
    expect(Buffer.byteLength(html)).toBeLessThan(90_000);
    expect(edition.links).toHaveLength(14);
  });

  test('every sentence of the source is in both parts', () => {
    const sentences = source
      .split('\n')
      .map(line => line.trim())
      .filter(line => line && line !== '---' && !/^관련 연구:/.test(line) && !/\]\(/.test(line))
      .map(line =>
        line
          .replace(/^[*-]\s+/, '')
          .replaceAll('**', '')
          .replace(/^#+\s*/, ''),
      )
      .flatMap(line => line.split(/(?<=[.!?])\s+/))
      .map(squash)
      .filter(sentence => sentence.length > 1);
    const parts = { html: squash(wordsOf(html)), text: squash(plain) };
    expect(sentences.length).toBeGreaterThan(300);
    expect(sentences.filter(sentence => !parts.html.includes(sentence))).toEqual([]);
    expect(sentences.filter(sentence => !parts.text.includes(sentence))).toEqual([]);
  });

  test('every link is in the text, no asterisks are anywhere', () => {
    for (const [, url] of source.matchAll(/\]\((https?:[^)]+)\)/g)) expect(plain).toContain(url);
    expect(plain).not.toContain('**');
    expect(wordsOf(html)).not.toContain('**');
  });
});
