/** Clipboards as each program writes them → Markdown that says the same. */
import { describe, expect, test } from 'vitest';
import { markdownFromClipboard } from '../../src/compose/from-html.ts';

function markdown(html: string): string {
  const read = markdownFromClipboard(html);
  if ('problem' in read) throw new Error(read.problem);
  return read.markdown;
}

const lines = (...all: string[]) => all.join('\n');
const plain =
  'font-size:11pt;font-family:Arial,sans-serif;color:#000000;font-weight:400;font-style:normal;text-decoration:none;vertical-align:baseline;white-space:pre-wrap;';

describe('Google Docs', () => {
  const span = (words: string, more = '') => `<span style="${plain}${more}">${words}</span>`;
  const wrapped = (inner: string) =>
    `<meta charset='utf-8'><meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-7d073243-7fff-47a3-bc81-e09307c75ea5">${inner}</b><br class="Apple-interchange-newline">`;

  test('its bold wrapper is not bold; weight, slant, strokes and code are by style', () => {
    const html = wrapped(
      `<h2 dir="ltr" style="line-height:1.38;margin-top:18pt;">${span('이번 주', 'font-weight:700;')}</h2><p dir="ltr">${span('모델은 ')}${span('작을수록 빨라요(small) ', 'font-weight:700;')}${span('정말', 'font-weight:700;')}${span(' 그래요', 'font-style:italic;')}${span('. ')}${span('옛말', 'text-decoration:line-through;')} ${span('pip install', "font-family:'Roboto Mono',monospace;")}</p><br />`,
    );
    expect(markdown(html)).toBe(
      lines('## 이번 주', '', '모델은 **작을수록 빨라요(small)** **정말** *그래요*. ~~옛말~~ `pip install`'),
    );
  });

  test('its lists stand beside their items; its links count clicks', () => {
    const item = (words: string, level: number) =>
      `<li dir="ltr" style="list-style-type:disc;" aria-level="${level}"><p dir="ltr" role="presentation">${span(words)}</p></li>`;
    const html = wrapped(
      `<ul style="margin-top:0;">${item('하나', 1)}<ul>${item('안쪽', 2)}</ul>${item('둘', 1)}</ul><p><a href="https://www.google.com/url?q=https://arxiv.org/abs/2106.09685&amp;sa=D&amp;source=editors&amp;ust=1"><span style="text-decoration:underline;">논문</span></a></p>`,
    );
    expect(markdown(html)).toBe(lines('- 하나', '  - 안쪽', '- 둘', '', '[논문](https://arxiv.org/abs/2106.09685)'));
  });

  test('its notes become ours', () => {
    const html = wrapped(
      `<p>${span('문장')}<sup><a href="#ftnt2" id="ftnt_ref2">[2]</a></sup>${span('이에요.')}</p><hr><div><p><a href="#ftnt_ref2" id="ftnt2">[2]</a> ${span('출처예요.')}</p></div>`,
    );
    expect(markdown(html)).toBe(lines('문장[^2]이에요.', '', '---', '', '[^2]: 출처예요.'));
  });
});

describe('Word', () => {
  const word = (
    inner: string,
  ) => `<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40"><head><meta http-equiv=Content-Type content="text/html; charset=utf-8">
<meta name=Generator content="Microsoft Word 15"><title>숨은 제목</title><!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal, li.MsoNormal {mso-style-unhide:no; margin:0cm;} @list l0 {mso-list-id:12;} --></style></head>
<body lang=KO style='tab-interval:40.0pt;word-wrap:break-word'>
<!--StartFragment-->${inner}<!--EndFragment-->
</body></html>`;
  const item = (level: number, mark: string, words: string) =>
    `<p class=MsoListParagraph style='margin-left:40.0pt;mso-para-margin-left:0gd;text-indent:-20.0pt;mso-list:l0 level${level} lfo1'><![if !supportLists]><span
lang=EN-US style='mso-bidi-font-family:"맑은 고딕"'><span style='mso-list:Ignore'>${mark}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>${words}<span lang=EN-US><o:p></o:p></span></p>\n`;

  test('paragraphs, smart tags and its own elements leave only their words', () => {
    const html = word(`<p class=MsoTitle><span lang=EN-US>주간 소식<o:p></o:p></span></p>
<h2><span style='mso-fareast-font-family:"맑은 고딕"'>준비</span></h2>
<p class=MsoNormal><b style='mso-bidi-font-weight:normal'><span lang=EN-US>LoRA</span></b>는 <st1:City w:st="on"><st1:place w:st="on">서울</st1:place></st1:City>에서 배워요.<o:p></o:p></p>
<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>
<p class=MsoNormal><span style='mso-hide:all;display:none'>숨김</span>끝</p>`);
    expect(markdown(html)).toBe(lines('# 주간 소식', '', '## 준비', '', '**LoRA**는 서울에서 배워요.', '', '끝'));
  });

  test('its lists are lists, counted or not, inside each other', () => {
    const html = word(
      `<p class=MsoNormal>앞</p>${item(1, '1.', '첫째')}${item(2, '·', '안쪽')}${item(2, '·', '또 안쪽')}${item(1, '2.', '둘째')}<p class=MsoNormal>뒤</p>${item(1, '§', '점')}${item(1, '가.', '가나다')}`,
    );
    expect(markdown(html)).toBe(
      lines('앞', '', '1. 첫째', '   - 안쪽', '   - 또 안쪽', '2. 둘째', '', '뒤', '', '- 점', '', '1. 가나다'),
    );
  });

  test('its notes become ours', () => {
    const html = word(
      `<p class=MsoNormal>문장<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1" title=""><span class=MsoFootnoteReference><span style='mso-special-character:footnote'><![if !supportFootnotes]><span class=MsoFootnoteReference>[1]</span><![endif]></span></span></a>이에요.</p><div style='mso-element:footnote-list'><br clear=all><div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a style='mso-footnote-id:ftn1' href="#_ftnref1" name="_ftn1" title=""><span class=MsoFootnoteReference>[1]</span></a> 처음 공개된 곳이에요.</p></div></div>`,
    );
    expect(markdown(html)).toBe(lines('문장[^1]이에요.', '', '[^1]: 처음 공개된 곳이에요.'));
  });

  test('for the web it says headings by role', () => {
    const html =
      '<div class="OutlineElement Ltr SCXW1"><p class="Paragraph SCXW1" role="heading" aria-level="2"><span class="TextRun">제목</span><span class="EOP">&nbsp;</span></p></div><div><p class="Paragraph"><span data-contrast="auto" class="TextRun"><span class="NormalTextRun">본문</span></span></p></div>';
    expect(markdown(html)).toBe(lines('## 제목', '', '본문'));
  });
});

test('Notion: boxes of to-do lists, nested boxes, its own comment', () => {
  const html = `<meta charset='utf-8'><!-- notionvc: 4b67483a-fa95-40b6-870d-2eacd9bc18d8 --><h1>할 일</h1><p>문단 <strong>굵게</strong> <mark class="highlight-yellow_background">칠한 말</mark></p><ul class="to-do-list"><li><div class="checkbox checkbox-on"></div><span class="to-do-children-checked">끝난 일</span></li><li><div class="checkbox checkbox-off"></div><span class="to-do-children-unchecked">남은 일</span></li></ul><div><div><div>겹친 상자</div></div></div><aside>💡 알림</aside>`;
  expect(markdown(html)).toBe(
    lines('# 할 일', '', '문단 **굵게** 칠한 말', '', '- [x] 끝난 일', '- [ ] 남은 일', '', '겹친 상자', '', '💡 알림'),
  );
});

test('Substack: notes, its own buttons as words, others as links, no box for an address', () => {
  const html = `<div class="body markup"><p>글이에요.<a data-component-name="FootnoteAnchorToDOM" id="footnote-anchor-1" href="https://paper.substack.com/p/one#footnote-1" target="_self" rel="" class="footnote-anchor">1</a> 이어요.</p>
    <p class="button-wrapper" data-attrs="{&quot;url&quot;:&quot;https://paper.substack.com/subscribe?&quot;,&quot;text&quot;:&quot;구독하기&quot;}" data-component-name="ButtonCreateButton"><a class="button primary" href="https://paper.substack.com/subscribe?"><span>구독하기</span></a></p>
    <p class="button-wrapper"><a class="button primary" href="https://example.org/join"><span>참가 신청</span></a></p>
    <div class="subscription-widget-wrap-editor" data-component-name="SubscribeWidgetToDOM"><div class="subscription-widget show-subscribe"><div class="preamble"><p class="cta-caption">Thanks for reading</p></div><form class="subscription-widget-subscribe"><input type="email" class="email-input"><input type="submit" value="Subscribe"></form></div></div>
    <div class="captioned-image-container"><figure><a class="image-link image2" href="https://substackcdn.com/full.png"><div class="image2-inset"><picture><source type="image/webp" srcset="x"><img src="https://substackcdn.com/a.png" width="1200" height="630" alt="그림"></picture><div class="image-link-expand"><button><svg></svg></button></div></div></a><figcaption class="image-caption">설명</figcaption></figure></div>
    <div class="footnote" data-component-name="FootnoteToDOM"><a id="footnote-1" href="https://paper.substack.com/p/one#footnote-anchor-1" class="footnote-number" contenteditable="false" target="_self">1</a><div class="footnote-content"><p>첫 문단.</p><p>둘째 문단.</p></div></div></div>`;
  const text = markdown(html);
  expect(text).toContain('글이에요.[^1] 이어요.\n\n구독하기\n\n[참가 신청](https://example.org/join)');
  expect(text).toContain('![그림](https://substackcdn.com/a.png)');
  expect(text).toContain('\n\n설명\n\n');
  expect(text).toMatch(/\[\^1\]: 첫 문단\. 둘째 문단\.$/);
  expect(text).not.toContain('Thanks');
});

test('Gmail and pages: a line a box, two breaks a paragraph, safe links opened', () => {
  const html = `<div dir="ltr"><div>안녕하세요,</div><div><br></div><div>둘째 줄이에요.<br><br>셋째 문단<br>이어서</div><div class="gmail_quote"><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex"><div>인용</div></blockquote></div><span style="display:none">숨김</span><p><a href="https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fa&amp;data=05">여기</a> <a href="https://www.google.com/url?q=javascript:alert(1)">저기</a></p></div>`;
  const text = markdown(html);
  expect(text).toMatch(/^안녕하세요,\n\n둘째 줄이에요\.\n\n셋째 문단\\\n이어서\n\n> 인용\n\n/);
  expect(text).toContain('[여기](https://example.org/a)');
  expect(text).not.toMatch(/\(javascript|숨김/);
});

test('Hangul of a Mac comes out composed, and no invisible signs come along', () => {
  expect(markdown(`<p>${'한글'.normalize('NFD')}\u200b과 공백&nbsp;하나\ufeff</p>`)).toBe('한글과 공백 하나');
});

describe('hostile clipboards end in bounded time, with no mark of ours left and nothing that acts', () => {
  test.each([
    ['open lists', `<p style="mso-list:l0 level9 lfo1">`.repeat(9_000)],
    ['styles', `<span style="${'font-weight:700;'.repeat(200)}">x</span>`.repeat(3_000)],
    [
      'notes',
      Array.from(
        { length: 6_000 },
        (_, at) => `<a href="#ftnt${at % 999}">1</a><a href="#ftnt_ref${at % 999}">1</a>`,
      ).join(''),
    ],
    ['notes in notes', '<p><a href="#ftnt1">1</a><p><a href="#ftnt_ref1">1</a>'.repeat(4_000)],
    ['breaks', `<div>${'<br>'.repeat(19_000)}</div>`],
    ['bodies', '<body '.repeat(150_000)],
    ['fragments', '<!--StartFragment-->'.repeat(40_000)],
    ['nested weight', '<b style="font-weight:normal">'.repeat(150)],
    ['our own marks', '<p>\ue0f21\ue0f3 \ue0f41\ue0f3 \ue0f5\ue0f6</p><a href="#ftnt1">\ue0f2</a>'],
    [
      'script',
      '<!--StartFragment--><img src=x onerror=alert(1)><script>alert(1)</script><a href="javascript:alert(1)">x</a><!--EndFragment-->',
    ],
  ])('%s', (_what, html) => {
    const started = process.cpuUsage();
    const read = markdownFromClipboard(html);
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(15);
    if ('problem' in read) expect(read.problem).not.toBe('');
    else expect(read.markdown).not.toMatch(/[\ue0f0-\ue0f6]|javascript:|onerror|alert\(1\)<|<script/);
  });
});
