import { createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type TokenContent, TokenSigner, tokenBytes, tokenLength } from '../../src/track/tokens.ts';

const old = 'the secret before, thirty-two characters';
const current = 'the secret of today, thirty-two characters';
const signer = new TokenSigner([current]);
const content: TokenContent = { purpose: 'like', issueId: 12, subscriberId: 281_474_976_710_655, ref: 65_535 };

describe('tokens (rule 4.4)', () => {
  it('say what was signed, in 43 characters that a URL takes as they are', () => {
    const token = signer.sign(content);
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(token).toHaveLength(tokenLength);
    expect(signer.verify(token)).toEqual(content);
    expect(signer.bytes(content)).toHaveLength(tokenBytes);
    expect(signer.verifyBytes(signer.bytes(content))).toEqual(content);
  });

  it('carry HMAC-SHA-256 cut to 128 bits', () => {
    const bytes = signer.bytes(content);
    const key = Buffer.from(hkdfSync('sha256', current, '', 'broadsheet reader link', 33)).subarray(0, 32);
    expect(bytes.subarray(16)).toEqual(
      createHmac('sha256', key).update(bytes.subarray(0, 16)).digest().subarray(0, 16),
    );
  });

  it('are refused when any bit is changed', () => {
    const bytes = signer.bytes(content);
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const altered = Buffer.from(bytes);
      altered[bit >> 3]! ^= 1 << (bit & 7);
      expect(signer.verifyBytes(altered), `bit ${bit}`).toBeUndefined();
      expect(signer.verify(altered.toString('base64url')), `bit ${bit}`).toBeUndefined();
    }
  });

  it('are bound to purpose, ref, issue and reader', () => {
    const all = [
      content,
      { ...content, purpose: 'unsubscribe' as const },
      { ...content, ref: 1 },
      { ...content, issueId: 13 },
      { ...content, subscriberId: 1 },
    ];
    expect(new Set(all.map(one => signer.bytes(one).subarray(16).toString('hex'))).size).toBe(all.length);
    const moved = signer.bytes(content);
    moved[1] = signer.bytes(all[1]!)[1]!;
    expect(signer.verifyBytes(moved)).toBeUndefined();
  });

  it('have one spelling: unused bits, padding and the other alphabet are refused', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const token = signer.sign(content);
    const last = alphabet.indexOf(token.at(-1)!);
    for (const unused of [1, 2, 3])
      expect(signer.verify(token.slice(0, -1) + alphabet[last + unused]!)).toBeUndefined();
    for (const wrong of [
      `${token}=`,
      ` ${token}`,
      `${token}\n`,
      token.slice(1),
      `${token}A`,
      '',
      token.replace(/.$/, '+'),
      token.replace(/.$/, '/'),
    ]) {
      expect(signer.verify(wrong), JSON.stringify(wrong)).toBeUndefined();
    }
  });

  it('outlive a rotation of keys, and end when their key is removed', () => {
    const before = new TokenSigner([old]).sign(content);
    expect(new TokenSigner([current, old]).verify(before)).toEqual(content);
    expect(new TokenSigner([old, current]).verify(before)).toEqual(content);
    expect(signer.verify(before)).toBeUndefined();
    expect(new TokenSigner([current, old]).sign(content)).toBe(signer.sign(content));
  });

  it('of another size, or numbers that do not fit, are no tokens', () => {
    expect(signer.verifyBytes(signer.bytes(content).subarray(1))).toBeUndefined();
    expect(signer.verifyBytes(Buffer.alloc(0))).toBeUndefined();
    expect(signer.verifyBytes(Buffer.alloc(tokenBytes))).toBeUndefined();
    expect(() => signer.sign({ ...content, ref: 65_536 })).toThrow(RangeError);
    expect(() => signer.sign({ ...content, subscriberId: -1 })).toThrow(RangeError);
  });
});

it('a new key that happens to share the old one’s id leaves old links alive', () => {
  const old = new TokenSigner(['the key that signed last year’s mails']);
  const content = { purpose: 'unsubscribe', issueId: 7, subscriberId: 9, ref: 0 } as const;
  const token = old.sign(content);
  const id = old.bytes(content)[0];
  let shared = '';
  for (let i = 0; shared === ''; i++)
    if (new TokenSigner([`candidate ${i}`]).bytes(content)[0] === id) shared = `candidate ${i}`;
  const rotated = new TokenSigner([shared, 'the key that signed last year’s mails']);
  expect(rotated.verify(token)).toEqual(content);
  expect(rotated.verify(rotated.sign(content))).toEqual(content);
  expect(old.verify(rotated.sign(content))).toBeUndefined();
});
