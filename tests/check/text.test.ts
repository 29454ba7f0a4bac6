/** The checks of a text by themselves: what each finds, where, and what it leaves alone. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { clientDifferences } from '../../src/check/clients.ts';
import { distance } from '../../src/check/distance.ts';
import { inboxViews } from '../../src/check/inbox.ts';
import { makeReport } from '../../src/check/make-report.ts';
import { nameProblems } from '../../src/check/names.ts';
import { blockingFindings } from '../../src/check/report.ts';
import { prepare } from '../../src/commands/prepare.ts';
import { compose } from '../../src/compose/compose.ts';
import { readConfig } from '../../src/config.ts';
import type { KnownTerm } from '../../src/model/terms.ts';
import { publicationOf } from '../support/fixtures.ts';

const config = readConfig({ PUBLIC_URL: 'https://news.example.org' });
const quiet =
  'subject: 이번 주에 읽을 논문 두 편\npreheader: 작은 모델이 왜 빠른지, 그리고 단계를 적으면 답이 왜 좋아지는지 함께 읽어요. 끝까지요.';

async function check(body: string, more: Record<string, unknown> = {}, front = quiet) {
  const publication = publicationOf(more);
  const prepared = await prepare({ source: `---\n${front}\n---\n\n${body}\n`, publication, config });
  return makeReport(prepared, { publication, isSigned: true, domain: { state: 'asked', name: 'x', findings: [] } });
}

const codes = async (...given: Parameters<typeof check>) =>
  (await check(...given)).findings.map(({ code, line }) => `${code}@${line}`);

describe('links', () => {
  test.each([
    ['[여기](https://arxiv.org/abs/1)를 보세요.', 'link-text-vague@6'],
    ['[click here](https://arxiv.org/abs/1)', 'link-text-vague@6'],
    ['[논문](https://bit.ly/3abc)', 'link-shortener@6'],
    ['[https://bank.org/login](https://evil.io/x)', 'link-shows-other@6'],
    ['[논문](https://10.0.0.7/a)', 'link-private@6'],
    ['[논문](https://wiki.corp.internal/a)', 'link-private@6'],
    ['[논문](https://example.com/a)', 'link-placeholder@6'],
    ['![IMG_2031.png](https://cdn.kr/a.png)', 'alt-file-name@6'],
    ['![그래프](https://cdn.kr/a.webp)', 'image-format@6'],
  ])('%s → %s', async (body, code) => {
    expect(await codes(body)).toContain(code);
  });

  test('what is in order says nothing', async () => {
    const body =
      '[LoRA 논문](https://arxiv.org/abs/2106.09685), [arxiv.org/abs/1](https://www.arxiv.org/abs/1), [main.py](https://github.com/a/b) 그리고 ![손실 곡선](https://cdn.kr/a.png)';
    expect(await codes(body)).toEqual([]);
  });
});

test('a field that says nothing to some readers', async () => {
  expect(await codes('{{team}} 여러분, 안녕하세요.', { fields: { team: '' } })).toContain('field-empty@6');
  expect(await codes('{{team|동료}} 여러분', { fields: { team: '' } })).toEqual([]);
  expect(await codes('{{name}}님', {})).toEqual([]);
});

describe('the law', () => {
  const promo = '## 특별 할인\n\n[참가하기](https://shop.kr/a) 코드 `SPRING`';
  const front = quiet.replace('subject: ', 'subject: (광고) ');

  test('an advertising issue names its sender in both parts', async () => {
    expect(await codes(promo, { law: ['kr'] }, front)).toEqual([]);
    expect(await codes(promo, { law: ['kr'], phone: '' }, front)).toEqual(
      expect.arrayContaining(['kr-ad-phone@0', 'kr-ad-footer@0']),
    );
    const report = await check(promo, { law: ['kr'] });
    expect(blockingFindings(report).map(({ code }) => code)).toEqual(['kr-ad-label']);
    expect(await codes(promo)).toEqual([]);
  });

  test('a subject that sells without saying so, or says so without selling', async () => {
    const selling = quiet.replace('이번 주에', '오늘만 할인하는');
    expect(await codes('글', { law: ['kr'] }, selling)).toEqual(['kr-ad-words@2']);
    expect(await codes('글', { law: ['kr'] }, front)).toEqual(['kr-ad-needless@2']);
    expect(await codes('글', {}, selling)).toEqual([]);
  });
});

describe('names', () => {
  const glossary = `## 용어집\n\n**트랜스포머(Transformer, TF):** 주의 구조예요.\n\n**강화 학습(Reinforcement Learning, RL):** 보상으로 배워요.\n\n**도구 사용(ToolFormer-2, TLF):** 도구를 써요.\n\n**적응 학습기(AdaptiLearn):** 맞춤으로 배워요.\n\n`;
  const said = (text: string, known: KnownTerm[] = []) => {
    const source = `${glossary}## 소식\n\n${text}`;
    const { issue } = compose(source, { publication: publicationOf() });
    return nameProblems(source, issue, known).map(({ message }) =>
      /“(.*?)”.*“(.*?)”/.exec(message)!.slice(1).join(' → '),
    );
  };

  test.each([
    ['AdaptiLern은 빨라요', 'AdaptiLern → AdaptiLearn'],
    ['Adaptilearn은 빨라요', 'Adaptilearn → AdaptiLearn'],
    ['Toolformer2를 썼어요', 'Toolformer2 → ToolFormer-2'],
    ['Trasnformer가 나왔어요', 'Trasnformer → Transformer'],
    ['트렌스포머는 강해요', '트렌스포머 → 트랜스포머'],
    ['강화학습으로 배워요', '강화학습 → 강화 학습'],
    ['도구사용은 쉬워요', '도구사용 → 도구 사용'],
  ])('%s', (text, miss) => {
    expect(said(text)).toEqual([miss]);
  });

  test.each([
    '트랜스포머는 강화 학습과 Transformer를, 도구 사용을 말해요.',
    'Transformers and the transformer; AdaptiLearn’s; ToolFormer-3',
    '강화된 학습은 다른 말이에요. 트랙터와 트랜스젠더도요.',
    '`Adaptilearn` https://adaptilearn.org/Adaptilearn [x](https://a.kr/Adaptilearn)',
  ])('leaves alone: %s', text => {
    expect(said(text)).toEqual([]);
  });

  test('earlier issues are a glossary too', () => {
    const known = [{ term: '사슬 추론', translation: 'ChainReason', abbreviation: '', issue: 'issue 3' }];
    expect(said('ChainReasn', known)).toEqual(['ChainReasn → ChainReason']);
  });

  test('the long sample issue raises no alarm', () => {
    const source = readFileSync(new URL('../../templates/sample/issue.ko.md', import.meta.url), 'utf8');
    const { issue } = compose(source, { publication: publicationOf() });
    expect(nameProblems(source, issue, [])).toEqual([]);
  });

  test('a hostile text ends in bounded time', () => {
    const terms = Array.from(
      { length: 900 },
      (_, at) => `**가나다라${String.fromCodePoint(0xac00 + at)}마(AbcDef${at}):** x`,
    ).join('\n\n');
    const source = `## 용어집\n\n${terms}\n\n## 글\n\n${'가나다라마바 AbcDeg '.repeat(9_000)}`;
    const { issue } = compose(source, { publication: publicationOf() });
    const started = process.cpuUsage();
    expect(nameProblems(source, issue, []).length).toBeLessThanOrEqual(30);
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(5);
  });
});

test('distances: one letter more, less, other, or two swapped', () => {
  expect([
    distance('abc', 'abcd', 2),
    distance('abcd', 'abc', 2),
    distance('abc', 'abd', 2),
    distance('abcd', 'acbd', 2),
  ]).toEqual([1, 1, 1, 1]);
  expect([distance('abc', 'abc', 2), distance('abc', 'xyz', 2), distance('', 'abcdef', 2)]).toEqual([0, 3, 3]);
});

test('lines of the inbox: nothing is lost, phones cut sooner, Naver’s list on the web has no preview', () => {
  const subject = '가'.repeat(60);
  const views = inboxViews(subject, '미리 보는 글이에요. '.repeat(12));
  for (const view of views) {
    const whole = view.subject.shown.length + view.subject.rest.length;
    expect(whole).toBe(60);
    if (view.client === 'naver' && view.width === 'desktop') expect(view.preheader).toBeUndefined();
  }
  const shown = (client: string, width: string) =>
    views.find(view => view.client === client && view.width === width)!.subject.shown.length;
  expect(shown('gmail', 'phone')).toBeLessThan(shown('gmail', 'desktop'));
  expect(shown('gmail', 'phone')).toBeGreaterThan(15);
  expect(inboxViews('짧은 제목', '글').every(view => view.subject.rest === '')).toBe(true);
  expect(inboxViews('', '')).toHaveLength(6);
});

test('the spam estimate names each rule and its points; five make a warning', async () => {
  const body = '[https://a.kr](https://b.kr) [돈](https://1.2.3.4/x) [x](https://bit.ly/1)';
  const front = 'subject: "RE: 무료 당첨!!! 지금 바로 ★★"\npreheader: 지금 바로';
  const { spam, findings } = await check(body, {}, front);
  const rules = spam.rules.map(({ rule }) => rule);
  expect(rules).toEqual(
    expect.arrayContaining(['fakeReply', 'pressing', 'marks', 'numberHost', 'shortened', 'disguised']),
  );
  expect(spam.points).toBeCloseTo(
    spam.rules.reduce((sum, rule) => sum + rule.points, 0),
    5,
  );
  expect(spam.points).toBeGreaterThan(5);
  expect(findings.map(({ code }) => code)).toContain('spam-likely');
  expect((await check('조용한 글이에요.')).spam).toMatchObject({ points: 0, rules: [] });
});

test('clients: only what the mail really has', async () => {
  const facts = (html: string) => clientDifferences(html).map(({ fact }) => fact);
  expect(facts('<p>x</p>')).toEqual([]);
  expect(facts('<img src="https://a.kr/b.webp" style="max-width:100%">')[0]).toBe('webp');
  expect(facts('<a href="#paper-1">x</a>')).toEqual(['jumps']);
});

test('the byte budget sums to the mail, near enough, and knows where sections stand', async () => {
  const { size } = await check('## 소식\n\n글이에요.\n\n## 다른 소식\n\n글이에요.');
  const sum = size.sections.reduce((all, row) => all + row.bytes, 0);
  expect(Math.abs(sum - size.htmlBytes)).toBeLessThan(0.15 * size.htmlBytes);
  expect(size.sections.find(row => row.title === '다른 소식')!.line).toBe(10);
});

test('an accent too light to read is told with what readers see', async () => {
  expect((await check('글')).accent).toBeUndefined();
  const { accent } = await check('글', { brand: { accent: '#ffe066' } });
  expect(accent).toMatchObject({ brand: '#ffe066' });
  expect(accent!.contrast).toBeLessThan(4.5);
  expect(accent!.day).not.toBe('#ffe066');
});
