/** The front matter as a form changes it: what the form does not know stays as it was typed, and compose reads what was put in. */
import { expect, test } from 'vitest';
import { compose } from '../../src/compose/compose.ts';
import { editFrontMatter, readFrontMatter } from '../../src/model/front-matter.ts';
import { publicationOf } from '../support/fixtures.ts';

const text = `---
# the week's own
title: "주간 12호" # keep me
subject: '{{name|독자}}님, 안녕하세요'

number: 012
promo:
  # the shop's
  url: https://example.com/a#b
  code: X
other: [1, 2]
---

글
`;

test('values as they were typed', () => {
  expect(readFrontMatter(text)).toEqual({
    broken: false,
    values: {
      title: '주간 12호',
      subject: '{{name|독자}}님, 안녕하세요',
      number: '012',
      'promo.url': 'https://example.com/a#b',
      'promo.code': 'X',
    },
  });
});

test('changes keep comments, blank lines, quotes and unknown keys', () => {
  const next = editFrontMatter(text, {
    title: '"새" 제목: 하나 # 둘',
    number: '13',
    'promo.code': '',
    'promo.expires': '2026-12-31',
  });
  expect(next).toBe(
    text
      .replace('"주간 12호"', '"\\"새\\" 제목: 하나 # 둘"')
      .replace('012', '13')
      .replace('  code: X\n', '  expires: 2026-12-31\n'),
  );
});

test.each(['{{name|독자}}님', "it's: #1", 'yes', '- a', '012', '&x *y', '줄\n둘', '"', '@a `b`'])(
  'compose reads %j as it was put in',
  value => {
    const next = editFrontMatter('글이에요.\n', { subject: value, title: value })!;
    expect(readFrontMatter(next).values.subject).toBe(value);
    const { issue, problems } = compose(next, { publication: publicationOf() });
    if (!value.includes('\n')) expect(issue.subject).toBe(value);
    expect(problems.map(({ code }) => code)).not.toContain('front-matter-invalid');
    expect(next.endsWith('---\n\n글이에요.\n')).toBe(true);
  },
);

test('an emptied promo goes whole; an empty form adds no block', () => {
  expect(editFrontMatter('---\nnumber: 1\npromo:\n  url: https://example.com\n---\n글\n', { 'promo.url': '' })).toBe(
    '---\nnumber: 1\n---\n글\n',
  );
  expect(editFrontMatter('글\n', { title: ' ' })).toBe('글\n');
});

test('what cannot be read is not touched', () => {
  for (const broken of ['---\na: b: c\n---\n글\n', '---\ntitle: 끝이 없음\n글\n', '---\ntitle: [\n---\n']) {
    expect(readFrontMatter(broken).broken).toBe(true);
    expect(editFrontMatter(broken, { title: 'x' })).toBeUndefined();
  }
});
