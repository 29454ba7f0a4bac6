/** A publication's own templates: they change what they draw and nothing else, and can lose, hide, reach or run nothing. */
import { describe, expect, test } from 'vitest';
import { type SampleKind, sampleSource } from '../../src/commands/sample-issue.ts';
import { tryTemplates } from '../../src/commands/try-publication.ts';
import { compose } from '../../src/compose/compose.ts';
import type { Issue } from '../../src/model/issue.ts';
import { type Publication, publicationSchema, samplePublication } from '../../src/model/publication.ts';
import {
  longestTemplate,
  type OwnTemplates,
  type TemplateName,
  templateNames,
} from '../../src/model/template-names.ts';
import { render } from '../../src/render/render.ts';
import { builtInTemplate } from '../../src/render/templates.ts';
import {
  closing,
  greeting,
  htmlOf,
  issue,
  linksOf,
  paragraph,
  promo,
  prose,
  publication,
  summary,
  text,
} from './builders.ts';

const withOwn = (templates: OwnTemplates, of: Publication = samplePublication('en')): Publication =>
  publicationSchema.parse({ ...of, templates });

/** The built-in one with a passage put another way; the passage must be there. */
function changed(name: TemplateName, from: string, to: string): OwnTemplates {
  const source = builtInTemplate(name);
  expect(source).toContain(from);
  return { [name]: source.replace(from, () => to) };
}

const row = (inside: string) => `<tr><td class="r t" style="{{@s.row}}">${inside}</td></tr>`;
const whole = '{{{anchor}}}{{{body}}}';

describe('what an own template changes', () => {
  const parsed = (lang: 'ko' | 'en', kind: SampleKind): { of: Publication; issue: Issue } => {
    const of = publicationSchema.parse({ ...samplePublication(lang), law: ['kr'] });
    return { of, issue: compose(sampleSource(lang, kind), { publication: of }).issue };
  };

  test.each(['ko', 'en'] as const)('nothing, when it says what ours says: every byte is the same (%s)', async lang => {
    const same = Object.fromEntries(templateNames.map(name => [name, builtInTemplate(name)]));
    for (const kind of ['usual', 'own codes', 'plain code'] as const) {
      const { of, issue } = parsed(lang, kind);
      expect(await render(issue, { publication: withOwn(same, of) })).toEqual(await render(issue, { publication: of }));
    }
  });

  test('its own row alone, the same each time, and of this publication alone', async () => {
    const { of, issue } = parsed('en', 'usual');
    const added = '<p class="q" style="margin:0">From the desk</p>';
    const own = withOwn(changed('sections/greeting', '{{{body}}}', `{{{body}}}${added}`), of);
    const before = await render(issue, { publication: of });
    const [first, second] = [await render(issue, { publication: own }), await render(issue, { publication: own })];
    expect(second).toEqual(first);
    expect(htmlOf(first).split(added).length).toBe(2);
    expect(htmlOf(first).replace(added, '')).toBe(htmlOf(before));
    expect(first.text).toEqual(before.text);
    expect(first.links).toEqual(before.links);
    const [row, same] = [first, before].map(edition => edition.sections.find(({ type }) => type === 'greeting')!.bytes);
    expect(row! - same!).toBe(added.length);
    expect(await render(issue, { publication: of })).toEqual(before);
  });

  test('taps wherever they stand: under a closing, and by themselves', async () => {
    const own = withOwn(changed('frame/taps', '<br>', ' '), publication());
    for (const sections of [[prose('글', paragraph('끝.')), closing()], [prose('글', paragraph('끝.'))]]) {
      const edition = await render(issue(sections), { publication: own });
      expect(htmlOf(edition)).toMatch(/♥\ufe0e<\/span> 좋아요/);
      expect(linksOf(edition.html)).toContainEqual({ to: 'subscribe' });
    }
  });

  test('a text said again where it is heard', async () => {
    const own = withOwn(changed('sections/summary', '<h2', '<h2 title="{{title}}"'), publication());
    const edition = await render(issue([summary(1, { title: 'A "quoted" title' })]), { publication: own });
    expect(htmlOf(edition)).toContain('<h2 title="A &quot;quoted&quot; title"');
  });

  test('a list in place of a table, with every link', async () => {
    const list = '{{#each taps}}<p style="margin:0"><a href="{{{href}}}">{{icon}} {{label}}</a></p>{{/each}}';
    const edition = await render(issue([closing()]), { publication: withOwn({ 'frame/taps': list }, publication()) });
    expect(linksOf(edition.html).map(({ to }) => to)).toEqual(expect.arrayContaining(['like', 'share', 'subscribe']));
  });
});

describe('a template is refused that', () => {
  const refused: [what: string, name: TemplateName, source: string, flaw: string, line?: number][] = [
    ['Handlebars cannot read', 'sections/greeting', row('{{{anchor}}}\n{{{body}'), 'unfinished', 2],
    ['leaves a block open', 'sections/greeting', row(`${whole}{{#if body}}`), 'unfinished', 1],
    ['closes another block', 'sections/greeting', row(`${whole}\n{{#if body}}{{/each}}`), 'syntax', 2],
    ['names a reader’s field', 'sections/greeting', row(`${whole}\n\n{{name}}`), 'name', 3],
    ['names one to be written as it is', 'sections/greeting', row(`${whole}\\{{name}}`), 'braces', 1],
    ['names the prototype', 'sections/greeting', row(`${whole}{{constructor}}`), 'name', 1],
    ['names what all objects have', 'sections/greeting', row(`${whole}{{#if __proto__}}x{{/if}}`), 'name', 1],
    ['names the whole view', 'sections/greeting', row(`${whole}{{@root.frame.email}}`), 'name', 1],
    ['names a style that there is not', 'sections/greeting', row(`${whole}{{@s.nothing}}`), 'name', 1],
    ['asks for the words of the product by function', 'sections/greeting', row(`${whole}{{@w.why}}`), 'name', 1],
    ['writes shared words as HTML', 'sections/greeting', row(`${whole}{{{@w.contents}}}`), 'escaped', 1],
    ['calls a helper', 'sections/greeting', row(`${whole}{{log body}}`), 'helper', 1],
    ['looks up by a computed name', 'sections/greeting', row(`${whole}{{lookup this "constructor"}}`), 'helper', 1],
    ['uses a block that ours do not', 'sections/greeting', row(`${whole}{{#with body}}{{/with}}`), 'helper', 1],
    ['uses a block by a string', 'sections/greeting', row(`${whole}{{#"if" body}}{{/"if"}}`), 'helper', 1],
    ['uses a subexpression', 'sections/greeting', row(`${whole}{{#if (lookup this "x")}}{{/if}}`), 'helper', 1],
    ['names block parameters', 'frame/taps', '{{#each taps as |tap|}}{{/each}}', 'helper', 1],
    ['decorates', 'sections/greeting', row(`${whole}{{#*inline "x"}}{{/inline}}`), 'helper', 1],
    [
      'calls a part in a list',
      'frame/ending',
      '<tr><td>{{#each taps}}{{> frame/taps}}{{/each}}</td></tr>',
      'nested',
      1,
    ],
    ['calls itself', 'sections/greeting', row(`${whole}{{> sections/greeting}}`), 'partial', 1],
    ['calls another part', 'sections/greeting', row(`${whole}{{> frame/footer}}`), 'partial', 1],
    [
      'calls a part by a computed name',
      'sections/greeting',
      row(`${whole}{{> (lookup this "partial")}}`),
      'partial',
      1,
    ],
    ['gives a part other values', 'frame/ending', '<tr><td>{{> frame/taps href="x"}}</td></tr>', 'partial', 1],
    ['calls a part for a block', 'frame/ending', '<tr><td>{{#> frame/taps}}{{/frame/taps}}</td></tr>', 'helper', 1],
    ['goes through a list in a list', 'frame/taps', '{{#each taps}}{{#each ../taps}}x{{/each}}{{/each}}', 'nested', 1],
    ['writes a value too often', 'sections/greeting', row(`{{{anchor}}}${'{{{body}}}'.repeat(7)}`), 'often', 1],
    ['writes HTML as text', 'sections/greeting', row('{{{anchor}}}{{body}}'), 'raw', 1],
    [
      'writes text as HTML',
      'sections/summary',
      builtInTemplate('sections/summary').replace('{{title}}', '{{{title}}}'),
      'escaped',
      4,
    ],
    ['has a script', 'sections/greeting', row(`${whole}\n<script>x</script>`), 'tag', 2],
    ['has one in capitals', 'sections/greeting', row(`${whole}<SCRIPT src=x></SCRIPT>`), 'tag', 1],
    ['has a frame', 'sections/greeting', row(`${whole}<iframe src="https://x.example"></iframe>`), 'tag', 1],
    ['has a form', 'sections/greeting', row(`${whole}<form action="https://x.example"></form>`), 'tag', 1],
    ['has SVG', 'sections/greeting', row(`${whole}<svg><style></style></svg>`), 'tag', 1],
    ['includes a file', 'sections/greeting', row(`${whole}<mj-include path="/etc/passwd" />`), 'tag', 1],
    ['leaves our MJML', 'sections/greeting', row(`${whole}</mj-raw>`), 'unclosed', 1],
    ['ends what keeps MJML out', 'sections/greeting', row(`${whole}]]>`), 'markup', 1],
    [
      'makes a tag out of a value',
      'sections/summary',
      builtInTemplate('sections/summary').replace('<h2', '<{{title}} x="'),
      'markup',
    ],
    ['comments HTML', 'sections/greeting', row(`${whole}\n<!-- x -->`), 'comment', 2],
    ['comments for Outlook', 'sections/greeting', row(`<!--[if mso]>${whole}<![endif]-->`), 'comment', 1],
    ['handles an event', 'sections/greeting', row(`<b onclick="x">!</b>${whole}`), 'attribute', 1],
    ['handles one after a slash', 'sections/greeting', row(`<b title="x"/onclick="x">!</b>${whole}`), 'markup', 1],
    [
      'loads another size',
      'sections/greeting',
      row(`<img alt="" srcset="https://x.example/a 2x">${whole}`),
      'attribute',
      1,
    ],
    ['runs by address', 'sections/greeting', row(`<a href="javascript:x">x</a>${whole}`), 'address', 1],
    ['hides that', 'sections/greeting', row(`<a href="java&#115;cript:x">x</a>${whole}`), 'address', 1],
    ['carries data', 'sections/greeting', row(`<a href="data:text/html,x">x</a>${whole}`), 'address', 1],
    ['loads over http', 'sections/greeting', row(`<img alt="" src="http://x.example/a.png">${whole}`), 'address', 1],
    [
      'sends a value elsewhere',
      'sections/summary',
      builtInTemplate('sections/summary').replace('href="{{{href}}}"', 'href="https://x.example/?{{{href}}}"'),
      'address',
      9,
    ],
    [
      'makes an address of a text',
      'sections/summary',
      builtInTemplate('sections/summary').replace('<h2', '<p><a href="{{title}}">x</a></p>\n<h2'),
      'value',
    ],
    [
      'makes a style of a text',
      'sections/summary',
      builtInTemplate('sections/summary').replace('<h2 style="', '<h2 style="color:{{title}};'),
      'value',
    ],
    ['puts HTML into an attribute', 'sections/greeting', row(`<p title="{{{body}}}">x</p>${whole}`), 'value'],
    [
      'puts an address into single quotes',
      'sections/summary',
      builtInTemplate('sections/summary').replace('href="{{{href}}}"', "href='{{{href}}}'"),
      'markup',
      9,
    ],
    [
      'puts a condition into a tag',
      'sections/promo',
      builtInTemplate('sections/promo').replace(
        '<p class="q k" style="{{@s.codeBox}}">{{@c.promoCode}}<br><span class="l" style="{{@s.codeText}}">{{own.code}}',
        '<p {{{own.has.open}}}{{{own.has.close}}}><span>{{own.code}}',
      ),
      'twice',
    ],
    ['hides by style', 'sections/greeting', row(`<div style="display: none">${whole}</div>`), 'style', 1],
    ['covers what is below', 'sections/greeting', row(`<div style="position:fixed;top:0">x</div>${whole}`), 'style', 1],
    [
      'loads by style',
      'sections/greeting',
      row(`<div style="background:url(https://x.example/a)">x</div>${whole}`),
      'style',
      1,
    ],
    ['does not close a tag', 'sections/greeting', row(`<div>${whole}`), 'unclosed', 1],
    ['does not open its row', 'sections/greeting', `<td>${whole}</td>`, 'place', 1],
    ['writes outside its row', 'sections/greeting', `Hello ${row(whole)}`, 'place'],
    ['puts blocks into a line', 'sections/greeting', row('<p>{{{anchor}}}{{{body}}}</p>'), 'place', 1],
    [
      'puts a link into a link',
      'frame/taps',
      '{{#each taps}}<a href="{{{href}}}">{{label}}<a href="#x">x</a></a>{{/each}}',
      'place',
      1,
    ],
    [
      'has a link without words',
      'sections/greeting',
      row(`<a href="https://x.example"> &nbsp;</a>${whole}`),
      'link',
      1,
    ],
    ['has a picture without alt', 'sections/greeting', row(`<img src="https://x.example/a.png">${whole}`), 'alt', 1],
    ['loses the body', 'sections/greeting', row('{{{anchor}}}'), 'missing'],
    ['loses places to jump to', 'sections/greeting', row('{{{body}}}'), 'missing'],
    ['has a place twice', 'sections/greeting', row(`{{{anchor}}}${whole}`), 'twice'],
    [
      'shows a body to some only',
      'sections/promo',
      builtInTemplate('sections/promo')
        .replace('{{{body}}}', '')
        .replace('{{{own.has.open}}}', '{{{own.has.open}}}{{{body}}}'),
      'missing',
    ],
  ];
  test.each(refused)('%s', async (_, name, source, flaw, line) => {
    const error = await tryTemplates(withOwn({ [name]: source })).catch(thrown => thrown);
    expect(error).toMatchObject({ code: 'TEMPLATE_INVALID', partial: name, flaw });
    expect(error.message).toContain(name);
    if (line !== undefined) expect(error.line).toBe(line);
  });

  /** What a part holds, taken out of the built-in one, one at a time. */
  const lost: [TemplateName, from: string, what: string, to?: string][] = [
    [
      'frame/masthead',
      '<a class="q" href="{{frame.unsubscribe}}" style="{{@s.footerLink}}">{{@w.unsubscribe}}</a>',
      'frame.unsubscribe',
    ],
    ['frame/masthead', 'href="{{frame.web}}"', 'frame.web'],
    ['frame/masthead', '{{frame.line}}', 'frame.line'],
    ['frame/masthead', ' alt="{{frame.name}}"', ''],
    ['frame/contents', 'href="{{{href}}}"', 'items.0.href'],
    ['sections/highlights', '{{{this}}}', 'items.0'],
    ['sections/highlights', '{{{more}}}', 'more'],
    ['sections/promo', '{{advertisement}}', 'advertisement'],
    ['sections/promo', '<a class="b" href="{{{href}}}" style="{{@s.button}}">{{action}}</a>', 'action'],
    [
      'sections/promo',
      '<p class="q k" style="{{@s.codeBox}}">{{@c.promoCode}}<br><span class="l" style="{{@s.codeText}}">{{code}}</span></p>',
      'code',
    ],
    ['sections/promo', '{{own.code}}', 'own.code'],
    ['sections/promo', 'href="{{own.page}}"', 'own.page'],
    ['sections/promo', '{{expires}}', 'expires'],
    ['sections/glossary', '{{term}}', 'terms.0.term'],
    ['sections/glossary', '{{names}}', 'terms.0.names'],
    ['sections/glossary', '{{{definition}}}', 'terms.0.definition'],
    ['sections/glossary', '">{{{anchor}}}<strong>', 'terms.0.anchor', '"><strong>'],
    ['sections/summary', '{{title}}', 'title'],
    ['sections/summary', '{{number}}', 'number'],
    ['sections/summary', '{{work}}', 'work'],
    ['sections/summary', 'href="{{{href}}}"', 'links.0.href'],
    ['sections/summary', '{{{lead}}}', 'lead'],
    ['sections/summary', '{{heading}}', 'parts.0.heading'],
    ['sections/summary', 'href="{{{like}}}"', 'like'],
    ['sections/summary', 'href="{{{share}}}"', 'share'],
    ['sections/prose', '{{title}}', 'title'],
    ['sections/closing', '{{> frame/taps}}', 'taps.0'],
    ['frame/taps', '{{label}}', 'taps.0.label'],
    ['frame/ending', '{{> frame/taps}}', 'taps.0'],
  ];
  test.each(lost)('loses what %s holds: %s', async (name, from, what, to = '') => {
    const error = await tryTemplates(withOwn(changed(name, from, to))).catch(thrown => thrown);
    expect(error).toMatchObject({ code: 'TEMPLATE_INVALID', partial: name, what: expect.stringContaining(what) });
  });

  test('has a name, a length or characters that the document does not take', () => {
    const takes = (templates: object) => publicationSchema.safeParse({ ...samplePublication('en'), templates }).success;
    expect(takes({ 'frame/taps': 'x'.repeat(longestTemplate) })).toBe(true);
    for (const templates of [
      { 'frame/taps': 'x'.repeat(longestTemplate + 1) },
      { 'frame/taps': '' },
      { 'frame/taps': 'a\u0000' },
      { 'frame/taps': '\ufdd0body\ufdd1' },
      { 'frame/footer': 'x' },
      { 'layouts/issue': 'x' },
      JSON.parse('{"__proto__": {"x": "y"}, "constructor": "x"}'),
    ])
      expect(takes(templates), JSON.stringify(templates)).toBe(false);
  });
});

describe('of an issue that leaves', () => {
  const of = publication({ law: ['kr'] });

  test('nothing gets lost that the samples did not have', async () => {
    // A section with a heading before one that goes on where it ends: the samples have none.
    const ours = builtInTemplate('sections/prose');
    const lossy = '<tr><td>{{{anchor}}}<h2>{{title}}</h2></td></tr>';
    const source = `{{#if title}}{{#if end}}${ours}{{else}}${lossy}{{/if}}{{else}}${ours}{{/if}}`;
    const own = withOwn({ 'sections/prose': source }, of);
    await tryTemplates(own);
    await expect(
      render(issue([prose('글', paragraph('잃을 뻔한 글')), promo()]), { publication: own }),
    ).rejects.toMatchObject({
      code: 'TEMPLATE_INVALID',
      partial: 'sections/prose',
      flaw: 'missing',
      what: 'body',
    });
  });

  test('words that look like a template stay words, and readers’ values stay slots', async () => {
    const hostile = '{{name}} {{{@root.constructor}}} {{> frame/footer}} <script>x</script> \ufdd0body\ufdd1';
    const own = withOwn(
      { ...changed('sections/summary', '{{title}}', '<em>{{title}}</em>'), 'sections/greeting': row(whole) },
      of,
    );
    const body = paragraph({ type: 'field', name: 'name', fallback: hostile }, text(hostile));
    const edition = await render(issue([greeting(body), summary(1, { title: hostile })]), { publication: own });
    const html = edition.html.filter(part => typeof part === 'string').join('');
    expect(html.split('{{name}} {{{@root.constructor}}} {{&gt; frame/footer}} &lt;script&gt;').length).toBeGreaterThan(
      1,
    );
    expect(html).not.toContain('<script>');
    expect(edition.html).toContainEqual({ kind: 'field', name: 'name', fallback: hostile });
  });

  test('a code of the reader’s own stays where only those who have one see it', async () => {
    const own = withOwn(changed('sections/promo', '{{own.code}}', '<b>{{own.code}}</b>'), of);
    const edition = await render(issue([promo({ pool: 'spring', url: 'https://example.org/' })]), { publication: own });
    const codes = JSON.stringify(edition.html).match(/"kind":"when","condition":\{"field":"[^"]+","op":"present"\}/g);
    const ours = await render(issue([promo({ pool: 'spring', url: 'https://example.org/' })]), { publication: of });
    expect(codes).toEqual(
      JSON.stringify(ours.html).match(/"kind":"when","condition":\{"field":"[^"]+","op":"present"\}/g),
    );
    expect(linksOf(edition.html)).toEqual(linksOf(ours.html));
  });

  test('a template cannot write more than a mail could hold', async () => {
    const own = withOwn(
      changed('sections/glossary', '{{#if names}}', `<span>${'글'.repeat(15_000)}</span>{{#if names}}`),
      of,
    );
    const terms = Array.from({ length: 200 }, (_, n) => ({
      id: `term-${n}`,
      term: `용어 ${n}`,
      translation: '',
      abbreviation: '',
      definition: [paragraph('뜻')],
    }));
    const long = issue([{ type: 'glossary', id: 'glossary', title: '', intro: [], terms }]);
    await expect(render(long, { publication: own })).rejects.toMatchObject({ flaw: 'long' });
  });
});
