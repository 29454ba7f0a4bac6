/** Bytes that may leave whatever a reader, an editor or a list of addresses holds (rule 2.8). */
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { dkimRecord, verifyOwn } from '../../src/personalise/dkim.ts';
import { createPress } from '../../src/personalise/press.ts';
import { dice, dkimKeys, edition, fieldsOf, imprint, name, publication, reader } from './samples.ts';

const dkim = dkimKeys();
const resolver = async (host: string): Promise<string[][]> => [
  [dkimRecord(dkim.keys.find(key => host.startsWith(`${key.selector}._`))!)],
];

const poison = [
  'a\r\nBcc: victim@example.net',
  'a\nBcc: victim@example.net',
  'a\rBcc: victim@example.net',
  '\r\n\r\n<html>',
  '\r\n.\r\nMAIL FROM:<x@example.net>',
  '\0',
  '\ud800',
  'x\udc00y',
  '\u202egnp.exe',
  '\u2066\u2067',
  '.',
  '..',
  '.\r\n',
  'From me',
  '=?utf-8?q?=0D=0ABcc:_x?=',
  '가'.repeat(10_000),
  'a'.repeat(10_000),
  ' '.repeat(10_000),
  '"'.repeat(300),
  '\\'.repeat(300),
  '(((',
  '<>',
  '@,;:',
  '\u2028Bcc: x',
  '\u0085Bcc: x',
  '\v\f',
  '🚀'.repeat(5_000),
  '{{name}}',
  `$${'{x}'}`,
  '%0d%0aBcc:x',
  '\ufeff',
  '\u200b',
  'é',
  'e\u0301'.repeat(500),
  '--=_',
  '\x7f',
  '\x1b[31m',
];

function faults(raw: Buffer): string[] {
  const text = raw.toString('latin1');
  const lines = text.split('\r\n');
  const header = text.slice(0, text.indexOf('\r\n\r\n'));
  return [
    /(?<!\r)\n|\r(?!\n)|\0/.test(text) && 'bare CR, LF or NUL',
    /[^\x20-\x7e\r\n]/.test(text) && 'not printable ASCII',
    lines.some(line => line.startsWith('.')) && 'a line begins with a dot',
    lines.some(line => line.startsWith('From ')) && 'a line begins with From',
    // An address or a signed URL cannot be folded.
    lines.some(line => line.length > 78 && !/^(List-Unsubscribe: | ?<|To: )/.test(line)) && 'a line is longer than 78',
    lines.some(line => line.length > 998) && 'a line is longer than 998',
    /^(bcc|cc|sender)/im.test(header) && 'a field was injected',
    fieldsOf(raw).some(
      ([field], at, all) => field !== 'DKIM-Signature' && all.findIndex(other => other[0] === field) !== at,
    ) && 'a field occurs twice',
    !text.endsWith('--\r\n') && 'no closing boundary',
  ].filter(fault => fault !== false);
}

describe.each(['base64', 'quoted-printable'] as const)('nothing harms a message (%s)', encoding => {
  const filler = encoding === 'base64' ? '가나다 '.repeat(40) : 'plain words '.repeat(40);
  const field = (fallback: string) => ({ kind: 'field' as const, name: 'city', fallback });

  const hostile = edition({
    subject: [name, ' — ', field('-')],
    html: [filler, '\n', name, '\n', field('.'), filler],
    text: [filler, '\n', name, '\n', field('.'), ' \n.\nFrom x\n', name, filler],
  });
  const press = createPress(hostile, imprint({ dkim }));

  it('from poisoned names and fields', async () => {
    for (const one of poison) {
      const { raw } = press.message(reader({ name: one, attributes: { city: one } }));
      expect(faults(raw), JSON.stringify(one.slice(0, 40))).toEqual([]);
      verifyOwn(raw, dkim);
      const parsed = await simpleParser(raw);
      expect(
        parsed.headerLines.filter(
          line =>
            !/^(dkim-signature|from|to|reply-to|subject|date|message-id|list-|mime-version|content-type|feedback-id)/.test(
              line.key,
            ),
        ),
      ).toEqual([]);
      expect(parsed.to).toMatchObject({ value: [{ address: 'reader00001@example.net' }] });
      expect(parsed.bcc).toBeUndefined();
    }
  });

  it('from poison at random, and a stranger verifies it', async () => {
    const roll = dice(encoding.length);
    for (let round = 0; round < 300; round++) {
      const soup = () =>
        Array.from({ length: roll(6) }, () => poison[roll(poison.length)]!.slice(0, roll(200))).join(
          ['', ' ', '\r\n', '.'][roll(4)],
        );
      const { raw } = press.message(reader({ name: soup(), attributes: { city: soup() }, subscriberId: round }));
      expect(faults(raw), `round ${round}`).toEqual([]);
      if (round % 10 > 0) continue;
      const { results } = await dkimVerify(raw, { resolver });
      expect(results.map(result => result.status.result)).toEqual(['pass', 'pass']);
    }
  });

  it('from an edition with dots, From lines and odd breaks', () => {
    const odd = `${filler}\n.\n..\r\r\n.hidden\nFrom me\n \n\t\n  two \n${'='.repeat(200)}\n${'.'.repeat(200)}\n`;
    const { raw } = createPress(
      edition({ html: [odd, name, odd], text: [odd, name, '\r', odd] }),
      imprint({ dkim }),
    ).message(reader({ name: '.' }));
    expect(faults(raw)).toEqual([]);
    verifyOwn(raw, dkim);
  });

  it('from long but lawful addresses and names of the sender', () => {
    const address = `${'a'.repeat(64)}@${'b'.repeat(60)}.${'c'.repeat(60)}.example.org`;
    const long = publication({
      from: { name: '편집부 '.repeat(60).slice(0, 200), address },
      name: '소식지'.repeat(60),
      replyTo: address,
    });
    const { raw } = createPress(hostile, imprint({ dkim, publication: long })).message(reader({ email: address }));
    expect(faults(raw).filter(fault => fault !== 'a line is longer than 78')).toEqual([]);
    verifyOwn(raw, dkim);
  });
});
