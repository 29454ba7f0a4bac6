import { expect, test } from 'vitest';
import { maxReplyBytes, ReplyReader } from '../../src/deliver/replies.ts';

function read(...chunks: (string | Buffer)[]): string[] {
  const replies: string[] = [];
  const reader = new ReplyReader();
  for (const chunk of chunks) reader.push(Buffer.from(chunk as string), reply => replies.push(reply));
  return replies;
}

const several = Buffer.from('250-2.1.0 첫 줄\r\n250-둘째\r\n250 끝\r\n550 5.1.1 아니요\r\n354\r\n');
const expected = ['250-2.1.0 첫 줄\n250-둘째\n250 끝', '550 5.1.1 아니요', '354'];

test('replies come whole, wherever the bytes are cut', () => {
  for (let at = 1; at < several.length; at++)
    expect(read(several.subarray(0, at), several.subarray(at)), `cut at ${at}`).toEqual(expected);
  expect(read(...Array.from(several, byte => Buffer.from([byte])))).toEqual(expected);
});

test('a bare line feed ends a line too', () => {
  expect(read('250-a\n250 b\n')).toEqual(['250-a\n250 b']);
});

test.each([
  ['no code', 'hello\r\n'],
  ['an empty line', '\r\n'],
  ['a code that SMTP does not have', '150 what\r\n'],
  ['a code run into its text', '2500 what\r\n'],
  ['lines that bear different codes', '250-taken\r\n550 or not\r\n'],
])('%s is no reply', (_name, bytes) => {
  expect(() => read(bytes)).toThrow('no SMTP reply');
});

test('what came before is handed on', () => {
  const replies: string[] = [];
  expect(() => new ReplyReader().push(Buffer.from('250 ok\r\nnonsense\r\n'), reply => replies.push(reply))).toThrow();
  expect(replies).toEqual(['250 ok']);
});

test('a long reply is taken, one without end is not', () => {
  const long = `250 ${'x'.repeat(8192)}`;
  expect(read(`${long}\r\n`)).toEqual([long]);
  expect(() => read(`250 ${'x'.repeat(maxReplyBytes)}`)).toThrow('without end');
  expect(() => read(...Array.from({ length: maxReplyBytes / 100 }, () => `250-${'x'.repeat(100)}\r\n`))).toThrow(
    'without end',
  );
});

test('many replies may pass, none of them long', () => {
  expect(read('250 ok\r\n'.repeat(maxReplyBytes))).toHaveLength(maxReplyBytes);
});

test('a refusal cut off by the end of the connection is still told', () => {
  const left = (bytes: string) => {
    const reader = new ReplyReader();
    reader.push(Buffer.from(bytes), () => {});
    return reader.refusalLeft();
  };
  expect(left('554 5.7.1 go aw')).toBe('554 5.7.1 go aw');
  expect(left('554-5.7.1 go\r\n554 aw')).toBe('554-5.7.1 go\n554 aw');
  expect(left('55')).toBeUndefined();
  expect(left('250 o')).toBeUndefined();
  expect(left('')).toBeUndefined();
});
