import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { createPress, type Imprint } from '../../src/personalise/press.ts';
import { phraseAndTarget, unstructured } from '../../src/personalise/words.ts';
import { parseLeavePath, parseReturnPath } from '../../src/track/tokens.ts';
import { edition, fieldsOf, imprint, publication, reader, tokens } from './samples.ts';

function message(changes: Partial<Imprint> = {}, who = reader(), subject = ['이번 주 LLM 논문']) {
  return createPress(edition({ subject }), imprint(changes)).message(who);
}
const field = (raw: Buffer, name: string) => fieldsOf(raw).find(([other]) => other === name)?.[1];

const names = [
  '김서연',
  '박, 지훈 (주)',
  'O\'Brien "Bob"',
  '이도윤 🚀',
  'José Müller',
  'Smith, John',
  'a\\b',
  '=?UTF-8?B?aGk=?=',
  'Dr. No',
  'x@y.example',
  '<script>',
  'semi;colon: group',
  '👩‍👩‍👧‍👦 가족',
  '가'.repeat(100),
  'A'.repeat(100),
  'word '.repeat(19).trim(),
  '\u200f\u05d0\u05d1',
  "d'Arc",
  '(comment)',
];

describe('display names (rule 2.6)', () => {
  it.each(names)('%s comes back from two parsers', async name => {
    const { raw } = message(
      { publication: publication({ from: { name, address: 'news@example.org' } }) },
      reader({ name }),
    );
    const [one, two] = await Promise.all([simpleParser(raw), PostalMime.parse(raw)]);
    expect(one.from?.value).toEqual([{ name, address: 'news@example.org' }]);
    expect(one.to).toMatchObject({ value: [{ name, address: 'reader00001@example.net' }] });
    expect(two.from).toEqual({ name, address: 'news@example.org' });
    expect(two.to).toEqual([{ name, address: 'reader00001@example.net' }]);
  });

  it('are left out when empty, and cut when endless', () => {
    expect(field(message({}, reader({ name: '' })).raw, 'To')).toBe('<reader00001@example.net>');
    expect(field(message({}, reader({ name: '\u0000\r\n \u202e' })).raw, 'To')).toBe('<reader00001@example.net>');
    expect(field(message({}, reader({ name: '가'.repeat(9_999) })).raw, 'To')!.length).toBeLessThan(1_000);
  });
});

describe('header text', () => {
  const texts = [
    'plain',
    'two  blanks',
    '=?utf-8?q?trap?=',
    '가나다'.repeat(60),
    '🚀'.repeat(80),
    'word '.repeat(50).trim(),
    'x'.repeat(240),
    '[테스트] a: b',
    'é'.repeat(120),
    '각'.repeat(30),
  ];
  it.each(texts)('%s: words of at most 75 characters, lines of at most 78, whole characters', async text => {
    const header = unstructured('Subject', text);
    const lines = header.split('\r\n');
    for (const line of lines) {
      expect(line.length).toBeLessThanOrEqual(line.includes('=?UTF-8?B?') ? 76 : 78);
      for (const word of line.match(/=\?UTF-8\?B\?[^?]*\?=/g) ?? []) {
        expect(word.length).toBeLessThanOrEqual(75);
        expect(Buffer.from(word.slice(10, -2), 'base64').toString()).not.toContain('\ufffd');
      }
    }
    expect(lines.slice(1).every(line => /^ \S/.test(line))).toBe(true);
    expect((await simpleParser(`${header}\r\n\r\n`)).subject).toBe(text);
    expect((await PostalMime.parse(`${header}\r\n\r\n`)).subject).toBe(text);
  });

  it('keeps a phrase and its target on one line when they fit', () => {
    expect(phraseAndTarget('To', 'Jane Doe', 'jane@example.com')).toBe('To: Jane Doe <jane@example.com>');
    expect(phraseAndTarget('To', 'Doe, Jane', 'jane@example.com')).toBe('To: "Doe, Jane" <jane@example.com>');
    const long = `${'a'.repeat(60)}@example.com`;
    expect(phraseAndTarget('To', 'Jane Doe', long)).toBe(`To: Jane Doe\r\n <${long}>`);
  });
});

describe('fields (rules 1.4–1.7)', () => {
  it('are each there once', () => {
    const { raw, messageId } = message();
    const fields = fieldsOf(raw);
    expect(fields.map(([name]) => name)).toEqual([
      'From',
      'To',
      'Reply-To',
      'Subject',
      'Date',
      'Message-ID',
      'List-Unsubscribe',
      'List-Unsubscribe-Post',
      'MIME-Version',
      'Content-Type',
      'List-Id',
      'Feedback-ID',
    ]);
    expect(field(raw, 'Date')).toBe('Sat, 29 Jun 2024 00:30:00 +0000');
    expect(field(raw, 'Message-ID')).toBe(messageId);
    expect(messageId).toMatch(/^<[0-9a-f]{32}@example\.org>$/);
    expect(field(raw, 'List-Unsubscribe')).toMatch(/^<https:\/\/news\.example\.org\/r\/[\w-]{43}\/unsubscribe>$/);
    expect(field(raw, 'List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click');
    expect(field(raw, 'List-Id')).toMatch(/ <llm-watch\.example\.org>$/);
    expect(field(raw, 'Feedback-ID')).toBe('2024-06-29:llm-watch:newsletter:broadsheet');
    expect(field(raw, 'Reply-To')).toBe('<reply@example.org>');
  });

  it('offer a mail as a second way to leave only where one is read', () => {
    const { raw, from } = message({ unsubscribeMailto: true, bounceDomain: 'bounce.example.org' });
    const [url, mail] = field(raw, 'List-Unsubscribe')!.split(/,\s+/);
    expect(url).toMatch(/^<https:/);
    const local = /^<mailto:(u-[a-z2-7]{52})@bounce\.example\.org\?subject=unsubscribe>$/.exec(mail!)?.[1];
    expect(tokens.verifyBytes(parseLeavePath(local!)!)).toEqual({
      purpose: 'unsubscribe',
      ref: 0,
      issueId: 12,
      subscriberId: 345,
    });
    expect(parseReturnPath(local!)).toBeUndefined();
    expect(parseLeavePath(from.split('@')[0]!)).toBeUndefined();
    expect(
      raw
        .toString('latin1')
        .split('\r\n')
        .find(line => line.includes('mailto:'))!.length,
    ).toBeLessThan(200);
  });

  it('differ per reader and issue where they must, and nowhere else', () => {
    const one = message();
    const two = message({}, reader({ subscriberId: 346, email: 'b@example.net' }));
    const later = message({ issue: { ...imprint().issue, id: 13 } });
    expect(new Set([one, two, later].map(m => m.messageId)).size).toBe(3);
    expect(new Set([one, two, later].map(m => m.from)).size).toBe(3);
    const differing = fieldsOf(one.raw)
      .filter(([name, value]) => field(two.raw, name) !== value)
      .map(([name]) => name);
    expect(differing).toEqual(['To', 'Message-ID', 'List-Unsubscribe']);
  });

  it('mark a test in the language of the issue', async () => {
    expect((await PostalMime.parse(message({ test: true }).raw)).subject).toBe('[테스트] 이번 주 LLM 논문');
    const english = createPress(edition({ lang: 'en', subject: ['Papers'] }), imprint({ test: true })).message(
      reader(),
    );
    expect(field(english.raw, 'Subject')).toBe('[Test] Papers');
  });

  it('put the number for a slug that Feedback-ID cannot hold', () => {
    expect(field(message({ issue: { ...imprint().issue, slug: '유월:호' } }).raw, 'Feedback-ID')).toBe(
      '12:llm-watch:newsletter:broadsheet',
    );
  });

  it('never leave the subject empty', async () => {
    expect((await PostalMime.parse(message({}, reader(), ['']).raw)).subject).toBe('LLM Watch 한국어판');
  });
});
