/** Small builders: an edition, an imprint, readers, keys. */
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Edition, editionSchema, type Part } from '../../src/model/edition.ts';
import { type Publication, publicationSchema } from '../../src/model/publication.ts';
import type { Reader } from '../../src/model/reader.ts';
import { type DkimKeys, loadDkim } from '../../src/personalise/dkim.ts';
import type { Imprint } from '../../src/personalise/press.ts';
import { TokenSigner } from '../../src/track/tokens.ts';

export const tokens = new TokenSigner(['a secret of thirty-two characters or more']);

export function publication(changes: Record<string, unknown> = {}): Publication {
  return publicationSchema.parse({
    slug: 'llm-watch',
    name: 'LLM Watch 한국어판',
    language: 'ko',
    timeZone: 'Asia/Seoul',
    from: { name: 'LLM Watch, 편집부 (주)', address: 'news@example.org' },
    replyTo: 'reply@example.org',
    postalAddress: '서울특별시 중구 세종대로 110',
    ...changes,
  });
}

export function imprint(changes: Partial<Imprint> = {}): Imprint {
  return {
    publication: publication(),
    issue: { id: 12, slug: '2024-06-29', date: new Date('2024-06-29T00:30:00Z') },
    publicUrl: 'https://news.example.org',
    tokens,
    ...changes,
  };
}

export function reader(changes: Partial<Reader> = {}): Reader {
  return { subscriberId: 345, email: 'reader00001@example.net', name: '김서연', attributes: {}, ...changes };
}

export const name: Part = { kind: 'field', name: 'name', fallback: '독자' };
export const link = (to: 'unsubscribe' | 'preferences' | 'web' | 'subscribe' | 'comment'): Part => ({
  kind: 'link',
  link: { to },
});
export const click = (ref: number): Part => ({ kind: 'link', link: { to: 'click', ref } });
export const like = (summary: number): Part => ({ kind: 'link', link: { to: 'like', summary } });
export const share = (summary: number): Part => ({ kind: 'link', link: { to: 'share', summary } });

export function edition(changes: Partial<Edition> = {}): Edition {
  return editionSchema.parse({
    lang: 'ko',
    subject: ['이번 주 LLM 논문: ', name, '님께'],
    html: [
      '<!doctype html><html lang="ko"><body>\n<p>안녕하세요, ',
      name,
      '님</p>\n<a href="',
      link('unsubscribe'),
      '">수신거부</a></body></html>\n',
    ],
    text: ['안녕하세요, ', name, '님\n\n수신거부: ', link('unsubscribe'), '\n'],
    links: [
      { ref: 1, url: 'https://arxiv.org/abs/2406.12345?a=1&b=2', section: 'paper-1', label: 'AdaptiLearn' },
      { ref: 2, url: 'https://github.com/example/code', section: 'paper-1', label: '코드' },
    ],
    summaries: [{ number: 1, id: 'paper-1', title: '적응' }],
    sections: [],
    ...changes,
  });
}

const korean = readFileSync(new URL('./korean.txt', import.meta.url), 'utf8');

/** Static text of about `bytes` UTF-8 bytes. */
export function prose(language: 'ko' | 'en', bytes: number): string {
  const source = language === 'ko' ? korean : 'From here = the quick  brown fox jumps.\n.A dotted line \n\tindented ';
  return source.repeat(Math.ceil(bytes / Buffer.byteLength(source)));
}

/** An issue of the usual length, with forty links in each part. */
export function longEdition(language: 'ko' | 'en'): Edition {
  const slots = [
    name,
    ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(like),
    link('web'),
    link('unsubscribe'),
    link('preferences'),
  ];
  const clicks = Array.from({ length: 28 }, (_, i) => click(i + 1));
  const body = (bytes: number, mark: (text: string) => string): Part[] => {
    const all = [...slots, ...clicks];
    const step = mark(prose(language, bytes / (all.length + 1)));
    return [...all.flatMap(slot => [step, slot]), step];
  };
  return edition({
    lang: language,
    html: [
      '<!doctype html><html lang="ko"><body>',
      ...body(80_000, text => `<p style="margin:0 0 16px">${text}</p>\n`),
      '</body></html>',
    ],
    text: body(60_000, text => text),
    links: clicks.map((_, i) => ({ ref: i + 1, url: `https://arxiv.org/abs/${i}`, section: 's', label: 'l' })),
  });
}

const pem = { type: 'pkcs8', format: 'pem' } as const;
const spki = { type: 'spki', format: 'pem' } as const;

export const rsaPem = (modulusLength: number): string =>
  generateKeyPairSync('rsa', { modulusLength, privateKeyEncoding: pem, publicKeyEncoding: spki }).privateKey;
export const ed25519Pem = (): string =>
  generateKeyPairSync('ed25519', { privateKeyEncoding: pem, publicKeyEncoding: spki }).privateKey;

/** A 2048-bit RSA key and an Ed25519 key. */
export function dkimKeys(domain = 'example.org'): DkimKeys {
  const files: Record<string, string> = { rsa: rsaPem(2048), ed25519: ed25519Pem() };
  const config = {
    domain,
    selector: 's1',
    privateKeyFile: 'rsa',
    ed25519: { selector: 's2', privateKeyFile: 'ed25519' },
  };
  return loadDkim(config, file => Buffer.from(files[file]!));
}

/** The same pseudo-random numbers in every run. */
export function dice(seed: number): (sides: number) => number {
  let state = seed;
  return sides => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** The header's fields, unfolded. */
export function fieldsOf(raw: Buffer): [name: string, value: string][] {
  const text = raw.toString('latin1');
  const header = text.slice(0, text.indexOf('\r\n\r\n'));
  return header
    .replace(/\r\n(?=[ \t])/g, '')
    .split('\r\n')
    .map(line => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)];
    });
}
