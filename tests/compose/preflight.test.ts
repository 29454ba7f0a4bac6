import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compose } from '../../src/compose/compose.ts';
import { preflight } from '../../src/compose/preflight.ts';
import { publicationOf } from '../support/fixtures.ts';

function check(more: {
  subject?: string;
  law?: string[];
  phone?: string;
  promo?: boolean;
  html?: string;
  allowLarge?: boolean;
}) {
  const publication = publicationOf({ law: more.law ?? [], phone: more.phone ?? '02-0' });
  const promo = more.promo ? 'promo:\n  heading: 할인\n  code: AB12\n' : '';
  const { issue } = compose(`---\nsubject: "${more.subject ?? '제목'}"\n${promo}---\n안녕하세요.\n`, { publication });
  return preflight({ issue, publication, html: more.html ?? '<p>x</p>', allowLarge: more.allowLarge ?? false }).map(
    p => `${p.severity} ${p.code}`,
  );
}

test('the byte budget: a warning near Gmail’s cut, an error at 100,000 bytes unless allowed', () => {
  expect(check({ html: 'x'.repeat(89_999) })).toEqual([]);
  expect(check({ html: 'x'.repeat(90_000) })).toEqual(['warning html-large']);
  // Bytes, not characters.
  expect(check({ html: '가'.repeat(33_334) })).toEqual(['error html-too-large']);
  expect(check({ html: 'x'.repeat(100_000), allowLarge: true })).toEqual(['warning html-too-large']);
});

test('Korean law: an advertising issue is labelled and names a phone (Network Act Art. 50(4))', () => {
  expect(check({ law: ['kr'], promo: true })).toEqual(['error kr-ad-label']);
  expect(check({ law: ['kr'], promo: true, subject: '(광고) 제목' })).toEqual([]);
  expect(check({ law: ['kr'], promo: true, subject: '[광고] 제목' })).toEqual(['error kr-ad-label']);
  expect(check({ law: ['kr'], promo: true, subject: '(광고) 제목', phone: '' })).toEqual(['error kr-ad-phone']);
  expect(check({ law: ['kr'] })).toEqual([]);
  expect(check({ promo: true })).toEqual([]);
});

test('braces that readers would see are pointed out, samples of code are not', () => {
  expect(check({ html: '<p>안녕, {{nane}}</p>' })).toEqual(['warning braces-left']);
  expect(check({ html: '<p><code>{{name}}</code></p><pre>{{x}}</pre>' })).toEqual([]);
});

test('every code of the preflight is explained to editors', () => {
  const source = readFileSync(new URL('../../src/compose/preflight.ts', import.meta.url), 'utf8');
  const codes = new Set([...source.matchAll(/'((?:html|kr|braces)-[a-z-]+)'/g)].map(match => match[1]!));
  const docs = readFileSync(new URL('../../docs/issue-format.md', import.meta.url), 'utf8');
  expect(codes.size).toBe(5);
  for (const code of codes) expect(docs).toContain(`| \`${code}\` |`);
});
