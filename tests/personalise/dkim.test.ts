import { generateKeyPairSync } from 'node:crypto';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { describe, expect, it } from 'vitest';
import { type DkimKeys, dkimRecord, loadDkim, verifyOwn } from '../../src/personalise/dkim.ts';
import { createPress } from '../../src/personalise/press.ts';
import {
  dkimKeys,
  ed25519Pem,
  edition,
  fieldsOf,
  imprint,
  longEdition,
  publication,
  reader,
  rsaPem,
} from './samples.ts';

const dkim = dkimKeys();
const only = (keys: DkimKeys, at: number): DkimKeys => ({ ...keys, keys: [keys.keys[at]!] });

function judge(raw: Buffer, keys = dkim) {
  const resolver = async (host: string): Promise<string[][]> => {
    const key = keys.keys.find(one => host === `${one.selector}._domainkey.${keys.domain}`);
    if (!key) throw Object.assign(new Error('no such record'), { code: 'ENOTFOUND' });
    return [dkimRecord(key).match(/.{1,255}/g)!];
  };
  return dkimVerify(raw, { resolver });
}
const tags = (raw: Buffer) =>
  fieldsOf(raw)
    .filter(([field]) => field === 'DKIM-Signature')
    .map(
      ([, value]) =>
        new Map(
          value
            .replace(/\s/g, '')
            .split(';')
            .map(tag => [tag.slice(0, tag.indexOf('=')), tag.slice(tag.indexOf('=') + 1)]),
        ),
    );

describe('signatures (rule 2.9)', () => {
  it.each(['ko', 'en'] as const)(
    'of a whole issue are verified by a stranger and by ourselves (%s)',
    async language => {
      const { raw } = createPress(longEdition(language), imprint({ dkim })).message(reader());
      const { results } = await judge(raw);
      expect(results.map(one => [one.selector, one.status.result, one.status.aligned])).toEqual([
        ['s1', 'pass', 'example.org'],
        ['s2', 'pass', 'example.org'],
      ]);
      expect(() => verifyOwn(raw, dkim)).not.toThrow();
    },
  );

  it('are relaxed, whole, dated by the issue, and list what they must once more than it occurs', () => {
    for (const changes of [{}, { replyTo: undefined }]) {
      const { raw } = createPress(edition(), imprint({ dkim, publication: publication(changes) })).message(reader());
      const present = fieldsOf(raw).map(([field]) => field.toLowerCase());
      for (const signature of tags(raw)) {
        expect(signature.get('c')).toBe('relaxed/relaxed');
        expect(signature.get('t')).toBe(String(Date.parse('2024-06-29T00:30:00Z') / 1000));
        expect([...signature.keys()]).not.toContain('l');
        expect([...signature.keys()]).not.toContain('x');
        const listed = signature.get('h')!.toLowerCase().split(':');
        const count = (names: string[], field: string) => names.filter(one => one === field).length;
        const oversigned = [
          'from',
          'to',
          'subject',
          'date',
          'reply-to',
          'list-unsubscribe',
          'list-unsubscribe-post',
          'list-id',
          'message-id',
          'mime-version',
          'content-type',
        ];
        for (const field of oversigned) expect(count(listed, field), field).toBe(count(present, field) + 1);
        expect(count(listed, 'feedback-id')).toBe(1);
      }
      expect(tags(raw).map(one => one.get('a'))).toEqual(['rsa-sha256', 'ed25519-sha256']);
    }
  });

  it('break when a field is added, changed or removed, or the body is', async () => {
    const { raw } = createPress(edition(), imprint({ dkim })).message(reader());
    const text = raw.toString('latin1');
    const broken = [
      text.replace('\r\nFrom: ', '\r\nFrom: Mallory <m@example.net>\r\nFrom: '),
      `Subject: Free money\r\n${text}`,
      `Reply-To: m@example.net\r\n${text}`,
      text.replace('\r\nMIME-Version', '\r\nReply-To: m@example.net\r\nMIME-Version'),
      text.replace('\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click', ''),
      text.replace('/unsubscribe>', '/unsubscribe2>'),
      text.replace(/Date: Sat/, 'Date: Sun'),
      text.replace(/broadsheet\r\n/, 'otherwise1\r\n'),
      text.replace(/(base64|printable)\r\n\r\n./, '$1\r\n\r\nX'),
      `${text}more\r\n`,
    ];
    for (const [at, one] of broken.entries()) {
      expect(one, `change ${at}`).not.toBe(text);
      const bytes = Buffer.from(one, 'latin1');
      expect(
        (await judge(bytes)).results.map(result => result.status.result),
        `change ${at}`,
      ).not.toContain('pass');
      expect(() => verifyOwn(bytes, dkim), `change ${at}`).toThrow(expect.objectContaining({ code: 'DKIM_INVALID' }));
    }
  });

  it('survive what relaxed canonicalisation forgives', async () => {
    const { raw } = createPress(edition(), imprint({ dkim })).message(reader());
    const text = raw.toString('latin1').replace('\r\nSubject: ', '\r\nSUBJECT:   ').replace(/\r\n$/, ' \r\n\r\n\r\n');
    expect((await judge(Buffer.from(text, 'latin1'))).results.map(one => one.status.result)).toEqual(['pass', 'pass']);
    expect(() => verifyOwn(Buffer.from(text, 'latin1'), dkim)).not.toThrow();
  });

  it('of a message signed with another key, or with none, do not pass our own check', () => {
    const { raw } = createPress(edition(), imprint({ dkim })).message(reader());
    expect(() => verifyOwn(raw, dkimKeys())).toThrow('does not verify');
    expect(() => verifyOwn(createPress(edition(), imprint()).message(reader()).raw, dkim)).toThrow('no signature');
    expect(() => verifyOwn(Buffer.from('no body'), dkim)).toThrow('no body');
    const rsaOnly = createPress(edition(), imprint({ dkim: only(dkim, 0) })).message(reader()).raw;
    expect(() => verifyOwn(rsaOnly, dkim)).toThrow('selector s2');
  });

  it('stand in lines of at most 78 characters', () => {
    const { raw } = createPress(edition(), imprint({ dkim })).message(reader());
    const header = raw.toString('latin1').split('\r\nFrom: ')[0]!;
    expect(header.split('\r\n').filter(line => line.length > 78)).toEqual([]);
  });

  it('must align with the From domain: equal or a parent', () => {
    const at = (domain: string) => publication({ from: { name: 'x', address: `news@${domain}` } });
    const parent = dkimKeys('example.org');
    expect(() => createPress(edition(), imprint({ dkim: parent, publication: at('mail.example.org') }))).not.toThrow();
    for (const domain of ['notexample.org', 'example.com', 'org.example']) {
      expect(() => createPress(edition(), imprint({ dkim: parent, publication: at(domain) })), domain).toThrow(
        expect.objectContaining({ code: 'DKIM_INVALID' }),
      );
    }
  });
});

describe('keys', () => {
  const load = (pem: string | Buffer, changes = {}) =>
    loadDkim({ domain: 'example.org', selector: 's1', privateKeyFile: 'k', ...changes }, () => Buffer.from(pem));
  const good = rsaPem(2048);
  const refused = (reason: string) =>
    expect.objectContaining({ code: 'DKIM_INVALID', message: expect.stringContaining(reason) });

  it('of 2048 bits pass without a word, shorter ones with a warning', () => {
    expect(load(good).warnings).toEqual([]);
    const short = load(rsaPem(1024));
    expect(short.warnings).toEqual([expect.stringContaining('1024 bits')]);
    expect(short.keys).toHaveLength(1);
  });

  it('in the old RSA form are read as well', () => {
    const old = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    expect(load(old.privateKey).keys[0]!.algorithm).toBe('rsa-sha256');
    expect(() => load(old.publicKey)).toThrow(refused('PUBLIC KEY'));
  });

  it('that cannot sign are refused with the reason', () => {
    const spki = { type: 'spki', format: 'pem' } as const;
    const locked = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
      publicKeyEncoding: spki,
    });
    const pss = generateKeyPairSync('rsa-pss', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: spki,
    });
    expect(() => load(rsaPem(768))).toThrow(refused('768 bits'));
    expect(() => load(ed25519Pem())).toThrow(refused('ed25519'));
    expect(() => load(pss.privateKey)).toThrow(refused('rsa-pss'));
    expect(() => load(locked.privateKey)).toThrow(refused('passphrase'));
    expect(() => load('')).toThrow(refused('no PEM'));
    expect(() => load(good.replace(/[A-Za-z]{20}/, '!'))).toThrow(refused('cannot be parsed'));
    const missing = () => {
      throw new Error('ENOENT: no such file');
    };
    expect(() => loadDkim({ domain: 'example.org', selector: 's1', privateKeyFile: '/k.pem' }, missing)).toThrow(
      expect.objectContaining({ code: 'DKIM_INVALID', file: '/k.pem', message: expect.stringContaining('ENOENT') }),
    );
  });

  it('need a domain and a selector that DNS can hold', () => {
    for (const domain of ['', 'example', 'exa mple.org', 'a;b.org', 'example.org; l=0'])
      expect(() => load(good, { domain }), domain).toThrow(refused('DKIM_DOMAIN'));
    for (const selector of ['', 'a b', 's1;', '-a', 'a..b', 'a'.repeat(64)])
      expect(() => load(good, { selector }), selector).toThrow(refused('selector'));
    expect(load(good, { selector: 'mail.2024' }).keys[0]!.selector).toBe('mail.2024');
    expect(load(good, { domain: '한국.example' }).domain).toBe('xn--3e0b707e.example');
  });

  it('of the second signature are Ed25519 under another selector', () => {
    const second = (pem: string, selector: string) => () =>
      loadDkim(
        { domain: 'example.org', selector: 's1', privateKeyFile: 'k', ed25519: { selector, privateKeyFile: 'e' } },
        file => Buffer.from(file === 'k' ? good : pem),
      );
    expect(second(ed25519Pem(), 's2')().keys.map(key => key.algorithm)).toEqual(['rsa-sha256', 'ed25519-sha256']);
    expect(second(good, 's2')).toThrow(refused('Ed25519'));
    expect(second(ed25519Pem(), 'S1')).toThrow(refused('different selectors'));
  });
});
