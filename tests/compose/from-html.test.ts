import { describe, expect, test } from 'vitest';
import { compose } from '../../src/compose/compose.ts';
import { markdownFromHtml } from '../../src/compose/from-html.ts';
import { issueText } from '../../src/model/issue-text.ts';
import { samplePublication } from '../../src/model/publication.ts';

function markdown(html: string, site?: string): string {
  const read = markdownFromHtml(html, site);
  if ('problem' in read) throw new Error(read.problem);
  return read.markdown;
}

/** Letters and digits only: what a reader reads. */
const letters = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, '');

test('every word of a page is in the issue that is composed from it, in order', () => {
  const html = `
    <h2>첫째 <em>장</em></h2><p>안녕하세요 <strong>독자</strong>님, 값은 10:30~11:00, a_b *x* [y] 3~7점.</p>
    <p><strong>강조(괄호)</strong>이며 <a href="https://example.org/a?b=1&amp;c=2_3">링크</a>입니다. {{name}} {first_name}</p>
    <ul><li>하나</li><li>둘<ul><li>둘 하나</li></ul></li></ul><ol start="3"><li>셋</li></ol>
    <blockquote><p>인용 첫째</p><p>인용 둘째</p></blockquote><pre><code>code {{y}} ::: # z</code></pre><hr>
    <p>1. 목록 아님</p><p># 제목 아님</p><p>- 목록 아님</p><p>::: 블록 아님</p><p>---</p><p>&lt;b&gt;글자&lt;/b&gt; &amp;amp;</p>
    <table><tr><th>가</th><th>나</th></tr><tr><td>일</td><td>이|삼</td></tr></table>
    <div><div><span>상자 안</span></div></div>줄<br>바꿈`;
  const words =
    '첫째 장 안녕하세요 독자님 값은 10 30 11 00 a b x y 3 7점 강조 괄호 이며 링크입니다 name first name 하나 둘 둘 하나 셋 인용 첫째 인용 둘째 code y z 1 목록 아님 제목 아님 목록 아님 블록 아님 b 글자 b amp 가 나 일 이 삼 상자 안 줄 바꿈';
  const source = `---\ntitle: x\nsubject: x\n---\n\n${markdown(html)}\n`;
  const { issue, problems } = compose(source, { publication: samplePublication('ko') });
  expect(letters(issueText(issue))).toContain(letters(words));
  expect(problems.filter(problem => problem.severity === 'error')).toEqual([]);
  const json = JSON.stringify(issue);
  expect(json).toContain('"url":"https://example.org/a?b=1&c=2_3"');
  // Braces of an old text are words, not a merge field.
  expect(json).not.toContain('"type":"field"');
});

test('what acts goes; what shows another page becomes a link to it', () => {
  const text = markdown(`<script>alert(1)</script><style>p{}</style><p onclick="x()">Words</p>
    <a href="javascript:alert(1)">bad</a> <a href="%%checkout_url%%">Subscribe</a> <a href="/about">About</a> <a href="#note">1</a>
    <form><input value="secret"><button>Press</button></form>
    <iframe src="//www.youtube-nocookie.com/embed/abc"></iframe><video><source src="https://cdn.example.org/v.mp4"></video>
    <iframe src="data:text/html,x"></iframe><img src="data:image/png;base64,x" alt="picture">`);
  expect(text).not.toMatch(/script|alert|onclick|checkout|secret|data:/);
  for (const word of ['Words', 'bad', 'Subscribe', 'About', 'Press', 'picture']) expect(text).toContain(word);
  expect(text).toContain('(https://www.youtube-nocookie.com/embed/abc)');
  expect(text).toContain('(https://cdn.example.org/v.mp4)');
});

test('a picture keeps its address and words; its caption stands below it', () => {
  const html =
    '<figure><a class="image-link" href="https://cdn.example.org/full.png"><picture><source srcset="x"><img src="https://cdn.example.org/a.png" alt="그림"></picture></a><figcaption>설명</figcaption></figure>';
  expect(markdown(html)).toBe('[![그림](https://cdn.example.org/a.png)](https://cdn.example.org/full.png)\n\n설명');
});

test('addresses of the old site are made whole when it is known', () => {
  const html =
    '<a href="__GHOST_URL__/post/">a</a> <a href="/b/">b</a> <a href="__GHOST_URL__">c</a> <img src="__GHOST_URL__/i.png" alt="i">';
  expect(markdown(html, 'https://old.example.org')).toBe(
    '[a](https://old.example.org/post/) [b](https://old.example.org/b/) [c](https://old.example.org/) ![i](https://old.example.org/i.png)',
  );
  expect(markdown(html)).toBe('a b c i');
});

describe('hostile pages are refused or read, in bounded time and without an exception', () => {
  test.each([
    ['open elements', '<div>'.repeat(100_000)],
    ['open formatting', '<b>'.repeat(15_000)],
    ['own elements', '<x-y>'.repeat(19_000)],
    ['terms', '<dl><dt>'.repeat(9_000)],
    ['paragraphs', '<p>x'.repeat(19_000)],
    ['angles', '<'.repeat(900_000)],
    ['references', '&#'.repeat(400_000)],
    ['asterisks', '*'.repeat(900_000)],
    ['a long text', 'x'.repeat(1_000_001)],
    ['our own marks', '<p>\ue0f0a\ue0f1 \ufdd00\ufdd1</p>'],
    ['surrogates', '<p>\ud800x\udc00</p>'],
  ])('%s', (_what, html) => {
    const read = markdownFromHtml(html);
    if ('markdown' in read) expect(read.markdown).not.toMatch(/[\ue0f0\ue0f1]/);
    else expect(read.problem).not.toBe('');
  });
});
