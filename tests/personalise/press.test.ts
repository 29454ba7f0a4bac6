import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { createPress } from '../../src/personalise/press.ts';
import { click, edition, imprint, like, link, longEdition, name, reader, share, tokens } from './samples.ts';

const lf = (text: string | undefined | false | null) => (text || '').replace(/\r\n/g, '\n');

describe.each(['ko', 'en'] as const)('a message of the usual length (%s)', language => {
  const press = createPress(longEdition(language), imprint());

  it('arrives whole in two parsers, as html() and text() say', async () => {
    for (const who of [reader(), reader({ name: '' }), reader({ name: 'Ann', subscriberId: 9 })]) {
      const { raw } = press.message(who);
      const [one, two] = await Promise.all([
        simpleParser(raw, { skipTextToHtml: true, skipHtmlToText: true }),
        PostalMime.parse(raw),
      ]);
      expect(lf(one.html)).toBe(lf(press.html(who)));
      // postal-mime ends every quoted-printable part with a line break of its own.
      expect(lf(two.html).trimEnd()).toBe(lf(press.html(who)).trimEnd());
      expect(lf(one.text).trimEnd()).toBe(lf(press.text(who)).trimEnd());
      expect(lf(two.text).trimEnd()).toBe(lf(press.text(who)).trimEnd());
    }
  });

  it('has the parts in the order of preference (RFC 2046 §5.1.4)', () => {
    const text = press.message(reader()).raw.toString('latin1');
    const encoding = language === 'ko' ? 'base64' : 'quoted-printable';
    const heads = [
      ...text.matchAll(/\r\nContent-Type: (text\/\w+); charset=utf-8\r\nContent-Transfer-Encoding: (\S+)\r\n\r\n/g),
    ].map(m => [m[1], m[2]]);
    expect(heads).toEqual([
      ['text/plain', encoding],
      ['text/html', encoding],
    ]);
    expect(text).toMatch(/\r\n--=_[0-9a-f]{24}--\r\n$/);
  });

  it('is the same to the byte each time, from any press', () => {
    const first = press.message(reader()).raw;
    press.message(reader({ name: 'somebody else', subscriberId: 1 }));
    expect(press.message(reader()).raw.equals(first)).toBe(true);
    expect(createPress(longEdition(language), imprint()).message(reader()).raw.equals(first)).toBe(true);
  });
});

describe('links', () => {
  const parts = [
    click(1),
    ' ',
    click(2),
    ' ',
    like(0),
    ' ',
    like(1),
    ' ',
    share(0),
    ' ',
    share(1),
    ' ',
    link('unsubscribe'),
    ' ',
    link('preferences'),
    ' ',
    link('web'),
    ' ',
    link('subscribe'),
  ];
  const press = createPress(edition({ html: parts, text: parts }), imprint());
  const base = 'https://news.example.org';

  it('are signed for one purpose and one reader, or public', () => {
    const urls = press
      .html(reader())
      .split(' ')
      .map(url => url.slice(base.length));
    const of = (url: string) => tokens.verify(url.split('/')[2]!);
    const me = { issueId: 12, subscriberId: 345 };
    expect(of(urls[0]!)).toEqual({ ...me, purpose: 'click', ref: 1 });
    expect(of(urls[1]!)).toEqual({ ...me, purpose: 'click', ref: 2 });
    expect(urls[0]).toMatch(/^\/r\/[\w-]{43}$/);
    expect(of(urls[2]!)).toEqual({ ...me, purpose: 'like', ref: 0 });
    expect(of(urls[3]!)).toEqual({ ...me, purpose: 'like', ref: 1 });
    expect(urls[3]).toMatch(/^\/r\/[\w-]{43}\/like$/);
    expect(urls[5]).toBe('/p/llm-watch/2024-06-29/1');
    for (const [at, purpose] of [
      [4, 'share'],
      [6, 'unsubscribe'],
      [7, 'preferences'],
      [8, 'web'],
    ] as const) {
      expect(urls[at]).toMatch(new RegExp(`^/r/[\\w-]{43}/${purpose}$`));
      expect(of(urls[at]!)).toEqual({ ...me, purpose, ref: 0 });
    }
    expect(urls[9]).toBe('/p/llm-watch');
    expect(press.text(reader())).toBe(press.html(reader()));
  });

  it('hold no address', () => {
    const who = reader({ email: 'secret@example.net' });
    expect(press.html(who)).not.toMatch(/secret|%40|@/);
  });

  it('of the header and the body are one link', () => {
    const { raw } = press.message(reader());
    const url = /List-Unsubscribe: <([^>]+)>/.exec(raw.toString('latin1'))![1]!;
    expect(press.html(reader())).toContain(url);
  });

  it('that the edition does not know stop the press before anything is sent', () => {
    expect(() => createPress(edition({ html: [click(99)] }), imprint())).toThrow('99');
  });
});

describe('fields', () => {
  const press = createPress(
    edition({ html: ['<p title="', name, '">', name, '</p>'], text: ['[', name, ']'] }),
    imprint(),
  );

  it('are escaped in HTML and plain in text', () => {
    const who = reader({ name: `<b>"A" & 'B'</b>` });
    const safe = '&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;/b&gt;';
    expect(press.html(who)).toBe(`<p title="${safe}">${safe}</p>`);
    expect(press.text(who)).toBe(`[<b>"A" & 'B'</b>]`);
  });

  it('fall back, with the fallback escaped too', () => {
    expect(press.text(reader({ name: '' }))).toBe('[독자]');
    expect(press.text(reader({ name: ' \r\n\0 ' }))).toBe('[독자]');
    const other = createPress(edition({ html: [{ kind: 'field', name: 'city', fallback: 'A & B' }] }), imprint());
    expect(other.html(reader())).toBe('A &amp; B');
    expect(other.html(reader({ attributes: { city: '부산' } }))).toBe('부산');
  });

  it('lose controls, line breaks, halves of characters and direction overrides', () => {
    expect(press.text(reader({ name: 'a\r\nb\0c\u202ed\ud800e\u2028f\tg' }))).toBe('[a bcde f g]');
  });

  it('are cut at a bound, at a whole character', () => {
    expect(press.text(reader({ name: `${'가'.repeat(1_999)}🚀` }))).toBe(`[${'가'.repeat(1_999)}]`);
    expect(press.text(reader({ name: ' '.repeat(1_000_000) }))).toBe('[독자]');
  });
});

describe('conditional blocks', () => {
  const when = (op: 'present' | 'absent' | 'equals', ...parts: string[]) => ({
    kind: 'when' as const,
    condition: { field: 'city', op, value: '서울' },
    parts,
  });
  const press = createPress(
    edition({ text: [when('present', 'P'), when('absent', 'A'), when('equals', 'E'), '.'] }),
    imprint(),
  );

  it('show to those whom their condition fits', () => {
    expect(press.text(reader())).toBe('A.');
    expect(press.text(reader({ attributes: { city: '부산' } }))).toBe('P.');
    expect(press.text(reader({ attributes: { city: '서울' } }))).toBe('PE.');
  });
});

it('a PUBLIC_URL that no header line holds is refused', () => {
  expect(() => createPress(edition(), imprint({ publicUrl: `https://example.org/${'a'.repeat(600)}` }))).toThrow(
    'PUBLIC_URL',
  );
});
