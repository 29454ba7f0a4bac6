import { expect, test } from 'vitest';
import { account } from '../../src/track/status.ts';

const row = { slug: 'issue-1', state: 'sending', reason: null, runningSeconds: 5 } as const;

test('the accounting adds up to the audience, and every exclusion keeps its reason', () => {
  const a = account(row, [
    { state: 'accepted', reason: null, n: 50, acceptedLately: 50 },
    { state: 'queued', reason: null, n: 30, acceptedLately: 0 },
    { state: 'sending', reason: null, n: 10, acceptedLately: 0 },
    { state: 'excluded', reason: 'suppressed', n: 4, acceptedLately: 0 },
    { state: 'excluded', reason: 'unsubscribed', n: 6, acceptedLately: 0 },
  ]);
  expect(a).toMatchObject({
    audience: 100,
    accepted: 50,
    queued: 30,
    sending: 10,
    excluded: { suppressed: 4, unsubscribed: 6 },
  });
  // 50 in the five seconds it has been running; 40 to go.
  expect([a.rate, a.eta]).toEqual([10, 4]);
});

test('what stands still has no rate and no end in sight; an empty ledger is empty', () => {
  const paused = account({ ...row, state: 'paused' }, [{ state: 'accepted', reason: null, n: 5, acceptedLately: 5 }]);
  expect([paused.rate, paused.eta]).toEqual([0, null]);
  expect(account({ ...row, runningSeconds: null }, [])).toMatchObject({
    audience: 0,
    accepted: 0,
    excluded: {},
    rate: 0,
    eta: null,
  });
});
