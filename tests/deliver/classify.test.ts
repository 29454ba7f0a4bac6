import { describe, expect, it, test } from 'vitest';
import { classify, type Verdict } from '../../src/deliver/classify.ts';
import type { Phase } from '../../src/deliver/wire-connection.ts';
import { providers } from '../replies/providers.ts';
import { servers } from '../replies/servers.ts';

const rows = [...providers, ...servers];
const phases: Phase[] = ['connect', 'envelope', 'body', 'dot'];
const judge = (phase: Phase, reply: string) => classify({ phase, reply, error: undefined });

function meaningOf(verdict: Verdict): string {
  if (verdict.state === 'rejected') return verdict.reason;
  return verdict.state === 'deferred' ? verdict.scope : verdict.state;
}

describe('what real servers say (rules 1.9, 2.1, 3.5)', () => {
  test.each(rows)('%s, %s: %s → %s', (_whose, phase, reply, meaning) => {
    expect(meaningOf(judge(phase, reply))).toBe(meaning);
  });

  it('is quoted by its own words, not by ours', () => {
    for (const [, phase, reply] of rows) {
      const verdict = judge(phase, reply);
      if (verdict.state === 'deferred') expect(verdict.reason).toBeNull();
    }
  });
});

describe('no reply (rule 2.4)', () => {
  it.each<[Phase, Verdict]>([
    ['connect', { state: 'deferred', scope: 'relay', reason: 'no connection' }],
    [
      'envelope',
      { state: 'deferred', scope: 'relay', reason: 'connection lost before the message was complete (reset)' },
    ],
    ['body', { state: 'deferred', scope: 'relay', reason: 'connection lost before the message was complete (reset)' }],
    ['dot', { state: 'unknown', reason: 'connection lost after the message was sent' }],
  ])('%s', (phase, verdict) => {
    expect(classify({ phase, reply: undefined, error: 'reset' })).toEqual(verdict);
    expect(classify({ phase, reply: '', error: 'reset' })).toEqual(verdict);
  });

  it('keeps a long error short', () => {
    const verdict = classify({ phase: 'body', reply: undefined, error: 'x'.repeat(10_000) });
    expect(verdict).toMatchObject({ reason: expect.stringMatching(/^.{60,140}$/) });
  });
});

describe('any reply', () => {
  const words = rows.flatMap(([, , reply]) => reply.slice(0, 400).split(/\s+/)).concat('\0', '\n', '552', '5.1.1', '');

  /** Replies put together from pieces of real ones, the same at each run. */
  function* shuffled(count: number): Generator<string> {
    let seed = 20_260_101;
    const below = (limit: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % limit;
    };
    for (let i = 0; i < count; i++) {
      const code = `${below(6)}${below(6)}${below(10)}`;
      const text = Array.from({ length: below(14) }, () => words[below(words.length)]).join(below(4) ? ' ' : '\n');
      yield below(8) ? `${code}${below(2) ? ' ' : '-'}${text}` : text;
    }
  }
  /** Long runs that would trap a pattern which tries every split. */
  const runs = [
    'user ',
    'address ',
    'no such ',
    'mailbox is ',
    'too many ',
    'a',
    ' ',
    '5.1.1 ',
    '550-',
    '550 ',
    '메일함 ',
    '\ud83d',
  ];
  const hostile = runs.flatMap(run => ['550 ', '451 4.7.1 '].map(start => start + run.repeat(20_000)));
  const replies = [...shuffled(4000), ...hostile, ...rows.map(([, , reply]) => reply)];

  it('gets exactly one verdict and never throws', () => {
    for (const reply of replies) {
      for (const phase of phases)
        expect(['accepted', 'rejected', 'deferred', 'unknown']).toContain(judge(phase, reply).state);
    }
  });

  it('2yz never rejects, and accepts after the dot only', () => {
    for (const reply of replies.filter(text => /^2\d\d(?!\d)/.test(text))) {
      for (const phase of phases) expect(judge(phase, reply).state).toBe(phase === 'dot' ? 'accepted' : 'deferred');
    }
  });

  it('5yz rejects, but for 552 while the envelope is under way', () => {
    for (const reply of replies.filter(text => /^5\d\d(?!\d)/.test(text))) {
      for (const phase of phases)
        if (phase !== 'envelope' || !reply.startsWith('552')) expect(judge(phase, reply).state).toBe('rejected');
    }
  });

  it('4yz defers', () => {
    for (const reply of replies.filter(text => /^4\d\d(?!\d)/.test(text))) {
      for (const phase of phases) expect(judge(phase, reply).state).toBe('deferred');
    }
  });

  it('says that an address does not exist only while the envelope is under way, and never under 5.7', () => {
    let hard = 0;
    for (const reply of replies) {
      for (const phase of phases) {
        const meaning = meaningOf(judge(phase, reply));
        if (meaning !== 'hard-bounce') continue;
        hard++;
        expect(phase).toBe('envelope');
        expect(reply).not.toMatch(/^\d{3}[ -]5\.7\.|spam|black ?list|sender/i);
      }
    }
    expect(hard).toBeGreaterThan(rows.filter(([, , , meaning]) => meaning === 'hard-bounce').length);
  });

  it('speaks of no reader before MAIL', () => {
    for (const reply of replies)
      expect(meaningOf(judge('connect', reply))).not.toMatch(/^(?:reader|hard-bounce|refused)$/);
  });
});

test('only in answer to RCPT does an address not exist', () => {
  const reply = '550 5.1.1 User unknown';
  const of = (refused: 'mail' | 'rcpt' | 'data') => classify({ phase: 'envelope', reply, error: undefined, refused });
  expect(of('rcpt')).toEqual({ state: 'rejected', reason: 'hard-bounce' });
  expect(of('mail')).toEqual({ state: 'rejected', reason: 'refused' });
  expect(of('data')).toEqual({ state: 'rejected', reason: 'refused' });
});
