import { describe, expect, it } from 'vitest';
import { replyOf } from '../../src/replies/reply.ts';

describe('a reply taken apart', () => {
  it.each<[string, string, string, string]>([
    ['550 5.1.1 no such user', '550', '5.1.1', 'no such user'],
    ['550', '550', '', ''],
    ['250 ok', '250', '', 'ok'],
    ['550-5.1.1 no\r\n550 5.1.1 such user', '550', '5.1.1', 'no such user'],
    ['550-first\n550 5.7.1 second', '550', '5.7.1', 'first second'],
    ['550 #5.1.0 Address rejected.', '550', '5.1.0', '#5.1.0 Address rejected.'],
    ['550 cuda_nsu 5.1.1 User unknown', '550', '5.1.1', 'cuda_nsu 5.1.1 User unknown'],
    ['553 sorry (#5.7.1)', '553', '5.7.1', 'sorry (#5.7.1)'],
    // Yahoo's own number, an IP address, a port: none of them a status
    ['421 4.7.0 deferred - 4.16.55.1', '421', '4.7.0', 'deferred - 4.16.55.1'],
    ['550 host 5.1.1.1 said no', '550', '', 'host 5.1.1.1 said no'],
    ['550 5.1.1.1 said no', '550', '', '5.1.1.1 said no'],
    ['550 5.9.1 said no', '550', '', '5.9.1 said no'],
    ['451 try https://example.net/5.1.1/spam later', '451', '', 'try later'],
  ])('%j', (text, code, status, said) => {
    expect(replyOf(text)).toMatchObject({ code, status });
    expect(replyOf(text)?.said.replace(/\s+/g, ' ')).toBe(said);
  });

  it.each(['', ' ', 'garbage', '55', '5501 no', '650 no', '050 no', 'HTTP/1.1 550 no'])('not a reply: %j', text => {
    expect(replyOf(text)).toBeUndefined();
  });

  it('is cut where nobody reads on', () => {
    expect(replyOf(`550 ${'x'.repeat(1_000_000)}`)!.said.length).toBeLessThan(6_001);
  });
});
