/** The judge itself: it finds what it is there to find. */
import { expect, test } from 'vitest';
import { judge, type LedgerRow } from './judge.ts';
import { seeded } from './random.ts';
import { recoverySeconds } from './recovery.ts';
import type { Delivery } from './relay.ts';

const row = (email: string, state: string, reason: string | null = null): LedgerRow => ({
  email,
  state,
  reply: null,
  reason,
});
const taken = (...answers: Delivery['answer'][]): Delivery[] =>
  answers.map(answer => ({ mailAt: 0, answer, subject: '' }));

test('who has nothing and no reason is lost', () => {
  const rows = [
    row('a@x', 'accepted'),
    row('b@x', 'unknown'),
    row('c@x', 'excluded', 'unsubscribed'),
    row('d@x', 'queued'),
  ];
  const { lost, contradicted } = judge(['a@x', 'b@x', 'c@x', 'd@x', 'e@x'], rows, new Map());
  // Accepted by the ledger alone, unknown without a reason, still queued, no row at all.
  expect(lost).toEqual(['a@x', 'b@x', 'd@x', 'e@x']);
  expect(contradicted).toEqual(['a@x']);
});

test('twice is twice unless the first was refused; an unanswered arrival counts', () => {
  const deliveries = new Map([
    ['a@x', taken('accepted', 'accepted')],
    ['b@x', taken('none', 'accepted')],
    ['c@x', taken('refused', 'accepted')],
    ['d@x', taken('accepted')],
  ]);
  const addresses = [...deliveries.keys()];
  const { doubled, lost } = judge(
    addresses,
    addresses.map(email => row(email, 'accepted')),
    deliveries,
  );
  expect(doubled).toEqual(['a@x', 'b@x']);
  expect(lost).toEqual([]);
});

test('a message that was taken must not be called refused or waiting', () => {
  const deliveries = new Map(['a@x', 'b@x'].map(address => [address, taken('accepted')]));
  const { contradicted } = judge(
    ['a@x', 'b@x'],
    [row('a@x', 'rejected', 'no'), row('b@x', 'unknown', 'lost')],
    deliveries,
  );
  expect(contradicted).toEqual(['a@x']);
});

test('recovery is the time from the strike to the first second at 80 % of the rate before', () => {
  const at = (from: number, to: number, everyMs: number) =>
    Array.from({ length: (to - from) / everyMs }, (_, i) => from + i * everyMs);
  const steady = at(0, 5000, 20);
  expect(recoverySeconds([...steady, ...at(8000, 12_000, 20)], { at: 5000 })).toBe(3);
  expect(recoverySeconds([...steady, ...at(8000, 12_000, 20)], { at: 5000, over: 7000 })).toBe(1);
  expect(recoverySeconds(at(0, 12_000, 20), { at: 5000 })).toBe(0);
  // Half the rate is not back; another strike ends the watching; nothing went before.
  expect(recoverySeconds([...steady, ...at(5000, 12_000, 40)], { at: 5000 })).toBeUndefined();
  expect(recoverySeconds([...steady, ...at(8000, 12_000, 20)], { at: 5000 }, 8500)).toBeUndefined();
  expect(recoverySeconds(at(8000, 12_000, 20), { at: 5000 })).toBeUndefined();
});

test('one seed, one course of events', () => {
  const draw = (seed: number, label: string) => {
    const random = seeded(seed).fork(label);
    return Array.from({ length: 5 }, () => random.between(0, 100));
  };
  expect(draw(1, 'F1')).toEqual(draw(1, 'F1'));
  expect(draw(1, 'F1')).not.toEqual(draw(2, 'F1'));
  expect(draw(1, 'F1')).not.toEqual(draw(1, 'F2'));
});
