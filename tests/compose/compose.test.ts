import { describe, expect, it } from 'vitest';
import type { Block, Inline } from '../../src/model/issue.ts';
import { issueText } from '../../src/model/issue-text.ts';
import { codes, composed, lostWords, sections, shape } from './helpers.ts';

const body = (source: string, overrides = {}) =>
  (composed(source, overrides).issue.sections[0] as { body: Block[] }).body;
const inlines = (source: string) => (body(source)[0] as { children: Inline[] }).children;

describe('an issue in English', () => {
  const source = `# Weekly Papers

Hi {{name}}, welcome back! This week :smile: we start at 10:30.

## In this issue

- **Agents** that plan
- Faster attention
- And much more!

Check the glossary below or jump straight to the papers.

Join us for AgentConf! Subscribers get a special discount: use the code below for 20% off tickets.

## Special offer

Use code SAVE20 and register [here](https://conf.example.com).

## Key terms

**Chain of Thought (CoT):** Reasoning step by step.

**Retrieval-Augmented Generation** (RAG) — Looking things up.

## Papers

### 1. Attention Is All You Need

Paper: [Attention Is All You Need](https://arxiv.org/abs/1706.03762) | [Code](https://github.com/tensorflow/tensor2tensor)

#### What problem does it solve?

Recurrence is slow; see Paper #2.

#### A heading nobody foresaw

Attention and CoT and RAG.

### 2. LoRA

**Links:** [arXiv](https://arxiv.org/abs/2106.09685) · [GitHub](https://github.com/microsoft/LoRA)

**Problem:** Fine-tuning is costly.

**Method:** Low rank.

### 3. A paper without links

#### What problem does it solve?

None.

## Quick links

- [One](https://a.example.com)
- [Two](https://arxiv.org/abs/1)

If you enjoyed this, hit the like button and share it with a friend. Leave a comment below.

Subscribe now
`;
  it('is recognised', () => {
    const { issue, problems } = composed(source, { language: 'ko' });
    expect(issue).toMatchObject({ title: 'Weekly Papers', lang: 'en' });
    expect(shape(issue)).toBe(
      'greeting highlights promo glossary prose summary:2/2 summary:2/2 summary:1/0 prose closing',
    );
    expect(sections(issue, 'promo')[0]).toMatchObject({
      heading: 'Special offer',
      code: 'SAVE20',
      url: 'https://conf.example.com',
    });
    expect(sections(issue, 'glossary')[0]?.terms.map(({ term, abbreviation }) => [term, abbreviation])).toEqual([
      ['Chain of Thought', 'CoT'],
      ['Retrieval-Augmented Generation', 'RAG'],
    ]);
    expect(sections(issue, 'summary')[0]).toMatchObject({
      work: 'Attention Is All You Need',
      workLabel: 'Paper',
      title: '1. Attention Is All You Need',
    });
    expect(sections(issue, 'summary')[1]?.parts.map(part => part.heading)).toEqual(['Problem:', 'Method:']);
    expect(sections(issue, 'closing')[0]).toMatchObject({
      actions: ['like', 'share', 'comment', 'subscribe'],
      labels: { subscribe: 'Subscribe now' },
    });
    expect(JSON.stringify(issue)).toMatch(/"target":"glossary".*"target":"paper-1".*"target":"paper-2"/);
    expect(codes(problems)).toEqual(['missing-work@39', 'missing-work@47', 'missing-paper-link@47']);
    expect(lostWords(source.replace('{{name}}', ''), issue)).toEqual([]);
  });
});

describe('front matter', () => {
  it('fills the issue, and each wrong entry is an error with its line', () => {
    const { issue, problems } = composed(
      '---\ntitle: 제목\nnumber: 12\nfoo: bar\nlang: jp\npromo:\n  url: javascript:x\n  code: A1\n  colour: red\ndate: 2026-02-30\n---\n\n안녕하세요.',
    );
    expect(issue).toMatchObject({ title: '제목', number: '12', lang: 'ko' });
    expect(sections(issue, 'promo')[0]).toMatchObject({ code: 'A1' });
    expect(codes(problems)).toEqual([
      'front-matter-key@4',
      'front-matter-value@5',
      'empty-section@6',
      'front-matter-value@7',
      'front-matter-key@9',
      'front-matter-value@10',
    ]);
  });
  it('is an error when it is not YAML, and the body is still composed', () => {
    const { issue, problems } = composed('---\nkey: {\n---\n\n본문은 남아요.');
    expect(
      problems.some(
        problem => problem.code === 'front-matter-invalid' && problem.severity === 'error' && problem.line > 0,
      ),
    ).toBe(true);
    expect(issueText(issue)).toContain('본문은 남아요.');
  });
  it('is not a separator at the top', () => {
    const { issue, problems } = composed('---\n\n**제목**\n\n본문\n\n---\n\n끝');
    expect(lostWords('제목 본문 끝', issue)).toEqual([]);
    expect(codes(problems)).toEqual([]);
  });
  it('says when it never ends', () => {
    expect(codes(composed('---\ntitle: 제목\n\n본문').problems)).toEqual(['front-matter-unclosed@1']);
  });
  it('keeps fields in the subject, and checks them', () => {
    const { issue, problems } = composed(
      '---\nsubject: "{{name|독자}}님께 {{nope}}"\npreheader: 짧아요\n---\n\n안녕하세요.',
    );
    expect(issue.subject).toBe('{{name|독자}}님께 {{nope}}');
    expect(codes(problems)).toEqual(['unknown-field@2', 'preheader-length@3']);
  });
  it('does not lose a heading that differs from the title', () => {
    const { issue } = composed('---\ntitle: 다른 제목\n---\n# 이 제목\n\n## 용어집\n\n**가(A):** 나');
    expect(lostWords('다른 제목 이 제목 용어집', issue)).toEqual([]);
  });
});

describe('emphasis', () => {
  it.each([
    '**"인용"**은 좋아요',
    '성공률 **50%**를 넘어요',
    "**'개방형(open-ended)' 교육**이 가능해요",
    '**샘플 비효율적(sample-inefficient)**이며',
    '**3~7점 더 높은 점수**와 **1~3점 향상**을',
    '영어 word**"x"**word 사이',
    '공백이 ** 안쪽에 ** 있어요',
    '닫기 전 **공백 **은 흔해요',
    '**굵게 *기울임*** 섞어요',
    '**「책」**과 **《잡지》**를',
    '**[링크](https://a.example)**를 눌러요',
  ])('%s', source => {
    const json = JSON.stringify(inlines(source));
    expect(json).toContain('"strong"');
    expect(json).not.toContain('**');
    expect(json).not.toContain('"del"');
  });
  it('warns with the line when a mark has no partner', () => {
    const { issue, problems } = composed('첫 줄이에요.\n\n둘째\n줄에 **여는 표시만 있어요.');
    expect(codes(problems)).toEqual(['unclosed-emphasis@4']);
    expect(issueText(issue)).toContain('**여는');
  });
  it('leaves escaped marks and code alone', () => {
    const { issue, problems } = composed('별표 \\*\\*그대로\\*\\* 와 `**코드** \\*` 입니다.');
    expect(issueText(issue)).toContain('별표 **그대로** 와 **코드** \\* 입니다.');
    expect(codes(problems)).toEqual([]);
  });
});

describe('fields and conditions', () => {
  it('become inlines, also inside emphasis, links and tables', () => {
    const json = JSON.stringify(
      body(
        '**{{name}}**님, [{{ name | 벗 }}의 글](https://a.example)\n\n| a | b |\n| - | - |\n| {{name|독자}} | {{tier}} |',
      ),
    );
    expect(json).toContain('{"type":"strong","children":[{"type":"field","name":"name","fallback":"독자"}]}');
    expect(json).toContain('"fallback":"벗"');
    expect(json).toContain('{"type":"field","name":"tier","fallback":"free"}');
  });
  it('stay literal when escaped, in code, or foreign', () => {
    const { issue, problems } = composed(
      '\\{{name}} `{{name}}` {{{name}}} {{#if x}} <mj-include path="x"/> List<String>',
    );
    expect(issueText(issue)).toContain('{{name}} {{name}} {{{name}}} {{#if x}} <mj-include path="x"/> List<String>');
    expect(codes(problems)).toEqual(['template-syntax@1']);
  });
  it('are errors when unknown, in titles and in addresses', () => {
    const { problems } = composed('안녕 {{nope}}\n\n## {{name}}의 소식\n\n[글](https://a.example/?n={{name}})');
    expect(codes(problems)).toEqual(['unknown-field@1', 'field-in-title@3', 'field-in-url@5']);
  });
  it('make conditional blocks', () => {
    const { issue, problems } = composed(
      '안녕하세요.\n\n:::when{has=name}\n**이름**이 있어요.\n:::\n\n:::when{field=tier is=vip}\n- 우수 독자\n:::\n\n:::when{lacks=지역}\n지역\n:::\n\n:::when{has=nope}\n모름\n:::\n\n:::when\n없음\n:::',
    );
    const when = sections(issue, 'greeting')[0]!.body.filter(block => block.type === 'when');
    expect(when.map(block => block.condition)).toEqual([
      { field: 'name', op: 'present' },
      { field: 'tier', op: 'equals', value: 'vip' },
      { field: '지역', op: 'absent' },
    ]);
    expect(codes(problems)).toEqual(['unknown-field@15', 'bad-condition@19']);
    expect(lostWords('모름 없음', issue)).toEqual([]);
    // What only some get is nothing for an inbox's list, which everyone sees.
    expect(issue.preheader).not.toMatch(/우수 독자|이름이/);
  });
  it('gives other directives back as text', () => {
    const { issue, problems } = composed('10:30 :smile: a:b ::c\n\n::video[설명]{id=1}\n\n:::note[알림]\n내용\n:::');
    const text = issueText(issue);
    for (const piece of ['10:30 :smile: a:b ::c', '::video[설명]{id=1}', ':::note[알림]', '내용', '\n:::'])
      expect(text).toContain(piece);
    expect(codes(problems)).toEqual(['unknown-directive@3', 'unknown-directive@5']);
  });
});

describe('links, images and HTML', () => {
  it('keeps only addresses that readers may be sent to', () => {
    const { issue, problems } = composed(
      '[a](javascript:alert(1)) [b](/x) [c]() [](https://d.example) [e](http://e.example) [f](mailto:f@example.org) [g](#nowhere) [h](data:text/html,x)',
    );
    const json = JSON.stringify(issue);
    expect(json).not.toMatch(/javascript|data:/);
    expect(codes(problems).sort()).toEqual([
      'broken-anchor@1',
      'empty-link@1',
      'empty-link@1',
      'insecure-link@1',
      'relative-link@1',
      'unsafe-link@1',
      'unsafe-link@1',
    ]);
    expect(lostWords('a b c e f g h', issue)).toEqual([]);
  });
  it('jumps to sections by id and by heading', () => {
    const { issue, problems } = composed(
      '[용어](#glossary) [같은 곳](#핵심-용어집) [논문](#paper-1)\n\n## 핵심 용어집\n\n**가(A):** 나\n\n## 제목\n\n논문: [가](https://arxiv.org/abs/1)\n\n본문',
    );
    expect(JSON.stringify(issue).match(/"jump","target":"(?:glossary|paper-1)"/g)).toHaveLength(3);
    expect(codes(problems)).toEqual([]);
  });
  it('ends bare addresses before Korean particles', () => {
    const json = JSON.stringify(inlines('https://arxiv.org/abs/2106.09685에서 www.example.com도'));
    expect(json).toContain('"url":"https://arxiv.org/abs/2106.09685"');
    expect(json).toContain('"url":"https://www.example.com"');
    expect(json).toContain('에서');
  });
  it('takes pictures by https, with size', () => {
    const { issue, problems } = composed(
      '![그림](https://a.example/a.png){width=300 height=200}\n\n::image[둘]{src=https://a.example/b.png width=560}\n\n<img src="https://a.example/c.png" alt="셋" width="100">\n\n![넷](http://a.example/d.png) ![](https://a.example/e.png)',
    );
    const json = JSON.stringify(issue);
    expect(json).toContain('"alt":"그림","width":300,"height":200');
    expect(json).toContain('"alt":"둘","width":560');
    expect(json).toContain('"alt":"셋","width":100');
    expect(codes(problems)).toEqual(['image-not-https@7', 'image-without-alt@7']);
  });
  it('cleans HTML, keeps its text, and says what it removed', () => {
    const { issue, problems } = composed(
      '글 <b>굵게</b><br>H<sub>2</sub>O[^1] <span onclick="x()" style="color:red">남음</span>\n\n<script>\nalert(1)\n\n</script>\n\n<div align="center">\n\n**가운데** {{name}}\n\n</div>\n\n<a href="javascript:x">눌러</a> [md](https://m.example)\n\n[^1]: 물',
    );
    const json = JSON.stringify(issue);
    expect(json).toContain('{"type":"strong","children":[{"type":"text","value":"굵게"}]}');
    expect(json).toContain('"break"');
    expect(json).toContain('"name":"name"');
    expect(json).toContain('"target":"note-1"');
    expect(json).toContain('https://m.example');
    expect(json).not.toMatch(/alert|javascript|onclick|color/);
    expect(lostWords('글 굵게 H 2 O 남음 가운데 눌러 물', issue)).toEqual([]);
    expect(codes(problems)).toEqual(['unsafe-html@1', 'unsafe-html@1', 'unsafe-html@3', 'unsafe-html@14']);
  });
});

describe('ordinary Markdown', () => {
  it('becomes blocks', () => {
    const issue = composed(
      '## 소식\n\n> 인용\n> > 겹\n\n3. 셋\n4. 넷\n\n```ts\nconst a = "**";\n```\n\n| a | b |\n| :- | -: |\n| 1 | 2 |\n\n- [x] 함\n- [ ] 안 함',
    ).issue;
    const types = sections(issue, 'prose')[0]?.body.map(block => block.type);
    expect(types).toEqual(['quote', 'list', 'codeBlock', 'table', 'list']);
  });
  it('gathers footnotes before the closing, each leading back', () => {
    const { issue, problems } = composed(
      '하나[^b] 둘[^a] 다시[^b]\n\n---\n\n좋아요를 누르고 공유해 주세요. 구독해 주세요.\n\n[^a]: 가\n[^b]: 나\n[^c]: 다',
    );
    expect(shape(issue)).toBe('greeting prose closing');
    expect(issueText({ ...issue, title: '', sections: [issue.sections[1]!] })).toBe('\n각주\n나 ↩\n가 ↩\n다');
    expect(codes(problems)).toEqual(['unused-footnote@9']);
  });
  it('reads text above --- as text', () => {
    const { issue } = composed('첫 문단은 이렇게 끝나요.\n---\n## 소식\n\n둘째');
    expect(shape(issue)).toBe('greeting prose');
  });
});

describe('warnings', () => {
  it('name the line and the code', () => {
    const source =
      '안녕하세요.\n\n## 용어집\n\n**가나(Gana, GN):** 하나\n\n**가나(Gana, GN):** 둘\n\n**다라(Dara, DR):** 셋\n\n## 논문\n\n### 제목\n\n관련 연구: GN\n\n#### 문제\n\n#### 방법\n\n논문 #7을 보세요.\n\n### 제목\n\n논문: [GN](https://arxiv.org/abs/1)\n\n##### 문제\n\n글\n\n## 특별 할인\n\n곧 알려 드려요.';
    expect(codes(composed(source).problems)).toEqual([
      'duplicate-term@7',
      'unused-term@9',
      'missing-paper-link@13',
      'empty-part@17',
      'reference-out-of-range@21',
      'duplicate-title@23',
      'heading-order@27',
      'promo-without-code@31',
    ]);
  });
});
