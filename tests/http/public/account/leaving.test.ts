/** Leaving: one publication or all, the undo of just that, and a reason that is nobody's duty. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { report } from '../../../../src/track/report.ts';
import { firstForm, press } from '../support.ts';
import { type AccountStage, openAccounts } from './support.ts';

let stage: AccountStage;
beforeAll(async () => {
  stage = await openAccounts([]);
  for (const reader of [1, 2, 3])
    await stage.go(stage.link('preferences', reader), { action: 'other-on', publication: 'daily' });
});
afterAll(() => stage.services.close());

const states = async (reader: number) =>
  (
    await stage.services.sql<{ state: string }[]>`
      select n.state from subscriptions n join publications p on p.id = n.publication_id
      where n.subscriber_id = ${stage.idOf(reader)} order by p.slug desc`
  ).map(row => row.state);

test('without another subscription the page has one form; with one, a second that ends all', async () => {
  expect((await stage.read(stage.link('unsubscribe', 0))).match(/<form/g)).toHaveLength(1);
  const path = stage.link('unsubscribe', 1);
  const page = await stage.read(path);
  expect(firstForm(page)).toEqual({ action: 'unsubscribe' });
  expect(page.match(/<form/g)).toHaveLength(2);
  expect(await stage.go(path, { action: 'unsubscribe-all' })).toBe('unsubscribe?done=all');
  expect(await states(1)).toEqual(['unsubscribed', 'unsubscribed']);
  expect(await stage.read(`${path}?done=all`)).toContain('다른 뉴스레터도 모두 그만 보내요');
  expect(await stage.go(path, { action: 'resubscribe' })).toBe('unsubscribe?done=back');
  expect(await states(1)).toEqual(['active', 'active']);
});

test('the undo of one leaving brings back no other one', async () => {
  await stage.go(stage.link('preferences', 2), { action: 'other-off', publication: 'daily' });
  await stage.go(stage.link('unsubscribe', 2), { action: 'unsubscribe' });
  await stage.go(stage.link('unsubscribe', 2), { action: 'resubscribe' });
  expect(await states(2)).toEqual(['active', 'unsubscribed']);
});

test('all, pressed after leaving one: both end, one undo brings both back as they were', async () => {
  const { sql } = stage.services;
  await sql`update subscriptions set state = 'paused' where subscriber_id = ${stage.idOf(3)} and publication_id = ${stage.dailyId}`;
  const path = stage.link('unsubscribe', 3);
  await stage.go(path, { action: 'unsubscribe' });
  await stage.go(path, { action: 'unsubscribe-all' });
  expect(await states(3)).toEqual(['unsubscribed', 'unsubscribed']);
  const events = await sql`select kind from events where subscriber_id = ${stage.idOf(3)}`;
  expect(events).toEqual([{ kind: 'unsubscribe' }]);
  await stage.go(path, { action: 'resubscribe' });
  expect(await states(3)).toEqual(['active', 'paused']);
});

test('a reason is said once per leaving, is no condition, and is counted', async () => {
  const { sql } = stage.services;
  const reasonOf = async (reader: number) => {
    const { leftReason, leftNote } = await stage.subscription(reader);
    return [leftReason, leftNote];
  };
  const path = stage.link('unsubscribe', 4);
  await stage.go(path, { action: 'reason', reason: 'too-long' });
  expect([await stage.state(4), await reasonOf(4)]).toEqual(['active', [null, null]]);
  await stage.go(path, { action: 'unsubscribe' });
  expect(await stage.read(path)).toContain('그만두시는 까닭');
  await stage.go(path, { action: 'reason', reason: 'because <b>' });
  expect(await reasonOf(4)).toEqual([null, null]);
  const note = `<script>x</script>\r\n둘째 줄\u0000\u202e ${'가'.repeat(900)}`;
  expect(await stage.go(path, { action: 'reason', reason: 'too-long', note })).toBe('unsubscribe?done=reason#reason');
  await stage.go(path, { action: 'reason', reason: 'other', note: 'again' });
  const [reason, kept] = (await reasonOf(4)) as [string, string];
  expect(reason).toBe('too-long');
  expect(kept.startsWith('<script>x</script>\n둘째 줄 가')).toBe(true);
  expect([...kept]).toHaveLength(500);
  const page = await stage.read(path);
  expect(page).toContain('말씀해 주셔서 고마워요');
  expect(page).not.toContain('<script>');
  await stage.go(stage.link('unsubscribe', 5), { action: 'unsubscribe' });
  await stage.go(stage.link('unsubscribe', 5), { action: 'reason', note: '그냥요' });
  await stage.go(stage.link('unsubscribe', 6), { action: 'unsubscribe' });
  expect(await report(sql, stage.sent.issueId)).toMatchObject({
    unsubscribed: 3,
    leftReasons: { 'too-long': 1, other: 1 },
  });
  // The next leaving is another one.
  await stage.go(path, { action: 'resubscribe' });
  await stage.go(path, { action: 'unsubscribe' });
  expect(await reasonOf(4)).toEqual([null, null]);
  expect((await press(stage.app, path, { action: 'reason', note: 'x'.repeat(1_000_000) })).status).toBe(413);
});

test('one-click is one-click, whatever else the form says', async () => {
  const answer = await press(stage.app, stage.link('unsubscribe', 7), {
    'List-Unsubscribe': 'One-Click',
    action: 'reason',
    reason: 'other',
  });
  expect([answer.status, answer.headers.get('location')]).toEqual([200, null]);
  expect(await stage.subscription(7)).toMatchObject({ state: 'unsubscribed', leftReason: null });
});
