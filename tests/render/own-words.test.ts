/** A publication says the product's words its own way, in its own language, and cannot say the law's. */
import { expect, test } from 'vitest';
import { compose } from '../../src/compose/compose.ts';
import { publicationSchema, samplePublication } from '../../src/model/publication.ts';
import { render } from '../../src/render/render.ts';

const source = '# Title\n\nHello.\n\n## One\n\nText.\n';
const whole = (parts: readonly unknown[]) => JSON.stringify(parts);

async function rendered(texts: object, lang: 'ko' | 'en' = 'en') {
  const publication = publicationSchema.parse({ ...samplePublication('en'), law: ['kr'], texts });
  const { issue } = compose(source, { publication });
  const edition = await render({ ...issue, lang }, { publication });
  return { html: whole(edition.html), text: whole(edition.text) };
}

test('own words stand in HTML and text, as text', async () => {
  const { html, text } = await rendered({ unsubscribe: 'Leave <us>', why: 'You asked {name}.', like: 'Lovely' });
  expect(html).toContain('Leave &lt;us&gt;');
  expect(html).not.toContain('Leave <us>');
  expect(html).toContain('You asked Broadsheet.');
  expect(text).toContain('You asked Broadsheet.');
  const plain = await rendered({});
  expect(plain.html).toContain('>Unsubscribe<');
  // How to refuse is the law's.
  for (const each of [html, plain.html]) expect(each).toContain('If you no longer want to receive these e-mails');
});

test('an issue in another language keeps the product’s words of that language', async () => {
  expect((await rendered({ contents: 'Own contents', likeSummary: 'Own heart' }, 'ko')).html).not.toContain(
    'Own heart',
  );
});

test('words are one line of at most 200 characters, and of known names', () => {
  const parse = (texts: object) => publicationSchema.safeParse({ ...samplePublication('en'), texts }).success;
  expect(parse({ like: 'Lovely' })).toBe(true);
  for (const texts of [{ like: 'a\nb' }, { like: '' }, { like: 'x'.repeat(201) }, { refuse: 'no' }])
    expect(parse(texts)).toBe(false);
});
