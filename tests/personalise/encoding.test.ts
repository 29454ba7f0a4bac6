import { describe, expect, it } from 'vitest';
import type { Part } from '../../src/model/edition.ts';
import { compile, crlf, type Encoder, fillBody, fillText } from '../../src/personalise/pieces.ts';
import { TokenSheet } from '../../src/personalise/token-sheet.ts';
import { createEncoder, shorterEncoding, type TransferEncoding } from '../../src/personalise/transfer.ts';
import { Allowance, Wire } from '../../src/personalise/wire.ts';
import { dice, edition, imprint, like, link, name, prose, reader, tokens } from './samples.ts';

const encodings = ['base64', 'quoted-printable'] as const;
const asIs = (value: string) => value;

function atOnce(encoding: TransferEncoding, body: Buffer): Buffer {
  const wire = new Wire();
  const encoder = createEncoder(encoding, wire, new Allowance(0));
  encoder.begin();
  encoder.push(body, 0, body.length);
  encoder.finish();
  return Buffer.from(wire.end().body);
}

/** A decoder of the letter of RFC 2045 §6.7, written apart from the encoder. */
function decodeQuotedPrintable(text: string): Buffer {
  const joined = text.replace(/[ \t]+(?=\r\n)/g, '').replace(/=\r\n/g, '');
  return Buffer.from(
    joined.replace(/=([0-9A-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
    'latin1',
  );
}

function press(parts: Part[], encoding: TransferEncoding, kept = 1 << 22) {
  const sheet = new TokenSheet(tokens, 12);
  const wire = new Wire();
  const setting = {
    edition: edition(),
    place: imprint(),
    tokens: sheet,
    escape: asIs,
    cut: encoding === 'quoted-printable',
  };
  const pieces = compile(parts, setting);
  const encoder: Encoder = createEncoder(encoding, wire, new Allowance(kept));
  return (who: ReturnType<typeof reader>) => {
    sheet.turnTo(who.subscriberId);
    wire.begin();
    encoder.begin();
    fillBody(pieces, who, sheet, encoder);
    encoder.finish();
    return { bytes: Buffer.from(wire.end().body), body: Buffer.from(fillText(pieces, who, sheet)) };
  };
}

describe.each(encodings)('%s in pieces', encoding => {
  it('gives what encoding the whole at once gives, whatever the lengths of slots', () => {
    const roll = dice(7);
    for (let round = 0; round < 60; round++) {
      const language = roll(2) === 0 ? 'ko' : 'en';
      const source = prose(language, 4_000);
      const text = () => source.slice(roll(500), 500 + roll(roll(4) === 0 ? 3_000 : 90));
      const parts: Part[] = Array.from(
        { length: 1 + roll(14) },
        () => [text(), name, like(roll(9)), '', ' ', '\n', link('web')][roll(7)]!,
      );
      parts.push({ kind: 'when', condition: { field: 'name', op: 'absent' }, parts: [text(), link('web')] });
      const message = press(parts, encoding, roll(3) === 0 ? 2_000 : undefined);
      for (let length = 0; length < 70; length++) {
        const value = Array.from({ length }, () => ['가', 'x', ' ', '.', 'F', '=', '🚀', '-'][roll(8)]).join('');
        const { bytes, body } = message(reader({ name: value, subscriberId: roll(99) }));
        expect(bytes.equals(atOnce(encoding, body)), `round ${round}, length ${length}`).toBe(true);
      }
    }
  });

  it('decodes to the body, in lines of at most 76 that begin with no dot', () => {
    for (const language of ['ko', 'en'] as const) {
      for (const end of [
        '',
        ' ',
        '\r\n',
        '\r\n\r\n',
        '\t',
        '.',
        'F',
        ' '.repeat(200),
        '='.repeat(90),
        '.\r\n'.repeat(5),
      ]) {
        const body = Buffer.from(crlf(prose(language, 3_000) + end));
        const text = atOnce(encoding, body).toString('latin1');
        const decoded =
          encoding === 'base64' ? Buffer.from(text, 'base64') : decodeQuotedPrintable(text.replace(/\r\n$/, ''));
        expect(decoded.equals(body)).toBe(true);
        const lines = text.split('\r\n');
        expect(
          lines.filter(line => line.length > 76 || /^\.|^From |[ \t]$|[ \t]{2}|[\r\n]|[^\x20-\x7e]/.test(line)),
        ).toEqual([]);
        expect(text.endsWith('\r\n')).toBe(true);
      }
    }
  });

  it('of nothing is an empty body', () => {
    expect(
      decodeQuotedPrintable(atOnce(encoding, Buffer.alloc(0)).toString('latin1').replace(/\r\n$/, '')),
    ).toHaveLength(0);
  });

  it('keeps no more than it is allowed', () => {
    const allowance = new Allowance(10_000);
    const wire = new Wire();
    const encoder = createEncoder(encoding, wire, allowance);
    const pieces = compile([prose('ko', 3_000)], {
      edition: edition(),
      place: imprint(),
      tokens: new TokenSheet(tokens, 1),
      escape: asIs,
    });
    for (let phase = 0; phase < 57; phase++) {
      encoder.begin();
      encoder.push(Buffer.alloc(phase, 'x'), 0, phase);
      for (const piece of pieces) if (piece.kind === 'fixed') encoder.fixed(piece);
    }
    const kept = pieces
      .flatMap(piece => (piece.kind === 'fixed' ? piece.encoded : []))
      .reduce((sum, one) => sum + (one?.bytes.length ?? 0), 0);
    expect(kept).toBeLessThanOrEqual(10_000);
    expect(kept).toBeGreaterThan(0);
  });
});

describe('the choice of encoding (rule 2.5)', () => {
  it('is base64 for Korean, quoted-printable for English', () => {
    expect(shorterEncoding([prose('ko', 9_000)])).toBe('base64');
    expect(shorterEncoding([prose('en', 9_000)])).toBe('quoted-printable');
  });

  it('counts bytes on the wire, not letters: Korean in much markup is base64 still', () => {
    const markup = '<td style="margin:0;padding:0 24px;font-size:16px">안녕하세요 여러분</td>'.repeat(99);
    expect(shorterEncoding([markup])).toBe('base64');
  });
});

describe('line breaks', () => {
  it('become CRLF, also where parts meet', () => {
    const { body } = press(['a\r', '\nb\nc\rd', link('subscribe'), '\n\n'], 'base64')(reader());
    expect(body.toString()).toBe('a\r\nb\r\nc\r\ndhttps://news.example.org/p/llm-watch\r\n\r\n');
  });
});
