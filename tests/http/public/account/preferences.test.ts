/** Readers settle their own subscription, by a link of an issue or of a letter; and what a hostile hand does with such a link. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endDuePauses } from '../../../../src/db/preferences.ts';
import { reconcile } from '../../../../src/enqueue/reconcile.ts';
import { describeSubscriber } from '../../../../src/subscribers/subscriptions.ts';
import { forged, press } from '../support.ts';
import { type AccountStage, openAccounts } from './support.ts';

let stage: AccountStage;
beforeAll(async () => {
  stage = await openAccounts();
});
afterAll(() => stage.services.close());

const consentsOf = (reader: number) => stage.services.sql`
  select publication_id, kind, given, wording, version, source from consents where subscriber_id = ${stage.idOf(reader)} order by id`;
const lettersOf = (reader: number) => stage.services.sql`
  select kind, publication_id, lang, address, ref from letters where subscriber_id = ${stage.idOf(reader)} order by id`;

test('a link of an issue and one of a letter open the same page; GET changes nothing', async () => {
  const { sql } = stage.services;
  const snapshot = async () => [
    await sql`select * from subscriptions order by 1, 2`,
    await sql`select * from subscribers order by 1`,
    await sql`select * from consents`,
    await sql`select * from letters`,
  ];
  const before = await snapshot();
  const query = '?done=pause&action=unsubscribe&lang=ko';
  const ofIssue = await stage.read(stage.link('preferences', 0) + query);
  const ofLetter = await stage.read(stage.letterLink('manage', 0) + query);
  expect(ofLetter).toBe(ofIssue);
  for (const words of ['r•••0@example.net', '받는 횟수', '잠시 쉬기', '광고성 정보', '다른 뉴스레터', '내 데이터'])
    expect(ofIssue).toContain(words);
  expect(ofIssue).not.toContain('reader0@');
  expect(await snapshot()).toEqual(before);
});

test('the reader’s own time zone is kept, and taken back; what is none changes nothing', async () => {
  const path = stage.letterLink('manage', 2);
  const own = async () => {
    const [row] = await stage.services.sql`select time_zone from subscribers where id = ${stage.idOf(2)}`;
    return row!.timeZone;
  };
  expect(await stage.go(path, { action: 'time-zone', zone: 'Europe/Paris' })).toBe('manage?done=time-zone#time-zone');
  expect(await own()).toBe('Europe/Paris');
  expect(await stage.read(path)).toMatch(/<option value="Europe\/Paris" selected[^>]*>Paris</);
  for (const zone of ['Mars/Olympus', '+09:00', 'x'.repeat(500)]) await stage.go(path, { action: 'time-zone', zone });
  await stage.go(path, { action: 'time-zone' });
  expect(await own()).toBe('Europe/Paris');
  await stage.go(path, { action: 'time-zone', zone: '' });
  expect(await own()).toBeNull();
});

test('language, frequency and opens are kept, and the page comes back to what was changed', async () => {
  const path = stage.letterLink('manage', 1);
  expect(await stage.go(path, { action: 'language', language: 'en' })).toBe('manage?done=language#language');
  expect(await stage.read(`${path}?done=language`)).toContain('Your language is saved.');
  expect(await stage.go(path, { action: 'frequency', frequency: 'monthly' })).toBe('manage?done=frequency#frequency');
  await stage.go(path, { action: 'opens', off: 'yes' });
  expect(await stage.subscription(1)).toMatchObject({
    lang: 'en',
    frequency: 'monthly',
    opensOff: true,
    state: 'active',
  });
  await stage.go(path, { action: 'language', language: 'xx' });
  await stage.go(path, { action: 'frequency', frequency: 'daily' });
  await stage.go(path, { action: 'opens', off: 'no' });
  expect(await stage.subscription(1)).toMatchObject({ lang: 'en', frequency: 'monthly', opensOff: false });
  const { sql, hasher } = stage.services;
  expect((await describeSubscriber(sql, hasher, 'reader1@example.net'))!.subscriptions).toMatchObject([
    { frequency: 'monthly', pausedUntil: null, advertising: false },
  ]);
});

test('a pause ends by itself at the beginning of its day in the publication’s zone', async () => {
  const { sql } = stage.services;
  const path = stage.link('preferences', 2);
  await stage.go(path, { action: 'pause', months: '3' });
  const [{ local }] = (await sql`
    select paused_until at time zone 'Asia/Seoul' = ((now() at time zone 'Asia/Seoul')::date + interval '3 months') as local
    from subscriptions where subscriber_id = ${stage.idOf(2)}`) as unknown as [{ local: boolean }];
  expect(local).toBe(true);
  expect(await stage.state(2)).toBe('paused');
  expect(await endDuePauses(sql, 10)).toBe(0);
  await sql`update subscriptions set paused_until = now() - interval '1 second' where subscriber_id = ${stage.idOf(2)}`;
  await reconcile(stage.services, '00000000-0000-4000-8000-000000000001');
  expect(await stage.subscription(2)).toMatchObject({ state: 'active', pausedUntil: null });
  await stage.go(path, { action: 'pause', months: '1' });
  await stage.go(path, { action: 'resume' });
  expect(await stage.state(2)).toBe('active');
});

test.each([
  ['2020-01-01'],
  ['9999-12-31'],
  ['2027-02-30'],
  ['tomorrow'],
  ["2027-01-01'; drop table subscriptions"],
  [''],
])('a pause until “%s” is refused with words, and nothing changes', async date => {
  const path = stage.link('preferences', 3);
  expect(await stage.go(path, { action: 'pause', date })).toBe('preferences?problem=pause#pause');
  expect(await stage.read(`${path}?problem=pause`)).toContain('내일부터 1년 안의 날짜');
  expect(await stage.state(3)).toBe('active');
});

test('who has not confirmed, or has left, cannot be paused into a subscription', async () => {
  const { sql } = stage.services;
  for (const state of ['pending', 'unsubscribed']) {
    await sql`update subscriptions set state = ${state} where subscriber_id = ${stage.idOf(3)}`;
    await stage.go(stage.link('preferences', 3), { action: 'pause', months: '1' });
    await stage.go(stage.link('preferences', 3), { action: 'resume' });
    expect(await stage.state(3)).toBe(state);
  }
});

test('consent to advertising is kept as it was read, and what is taken back is what was agreed to', async () => {
  const path = stage.link('preferences', 4);
  const page = await stage.read(path);
  const version = /name="version" value="([^"]+)"/.exec(page)![1]!;
  await stage.go(path, { action: 'advertising', given: 'yes', version: 'an older text' });
  expect(await consentsOf(4)).toHaveLength(0);
  for (let i = 0; i < 2; i++) await stage.go(path, { action: 'advertising', given: 'yes', version });
  expect(await stage.subscription(4)).toMatchObject({ advertising: true });
  await stage.go(`${path}?lang=en`, { action: 'advertising', given: 'no', version });
  const rows = await consentsOf(4);
  expect(rows.map(row => [row.kind, row.given, row.source])).toEqual([
    ['advertising', true, 'preferences'],
    ['advertising', false, 'preferences'],
  ]);
  expect(rows[0]!.wording).toContain('‘LLM Watch’');
  expect(page).toContain(rows[0]!.wording);
  expect([rows[1]!.wording, rows[1]!.version]).toEqual([rows[0]!.wording, version]);
});

test('another publication: subscribed at once with evidence and a welcome, and left again', async () => {
  const path = stage.link('preferences', 5);
  await stage.go(path, { action: 'other-on', publication: 'nowhere' });
  for (let i = 0; i < 2; i++) await stage.go(path, { action: 'other-on', publication: 'daily' });
  const { sql } = stage.services;
  const daily = () => sql`select state, source, confirmed_at is not null as confirmed from subscriptions
    where subscriber_id = ${stage.idOf(5)} and publication_id = ${stage.dailyId}`;
  expect(await daily()).toEqual([{ state: 'active', source: 'preferences', confirmed: true }]);
  expect(await consentsOf(5)).toMatchObject([
    { publicationId: stage.dailyId, kind: 'subscription', given: true, source: 'preferences' },
  ]);
  await stage.go(path, { action: 'other-off', publication: 'daily' });
  await stage.go(path, { action: 'other-on', publication: 'daily' });
  await stage.go(path, { action: 'other-off', publication: 'daily' });
  expect(await daily()).toMatchObject([{ state: 'unsubscribed' }]);
  expect(await stage.state(5)).toBe('active');
  expect(await lettersOf(5)).toMatchObject([{ kind: 'welcome', publicationId: stage.dailyId }]);
});

test('who is suppressed is subscribed to nothing', async () => {
  const { sql, hasher } = stage.services;
  await sql`insert into suppressions (address_hash, reason) values (${hasher.hash('reader6@example.net')}, 'complaint')`;
  await stage.go(stage.link('preferences', 6), { action: 'other-on', publication: 'daily' });
  expect(
    await sql`select from subscriptions where subscriber_id = ${stage.idOf(6)} and publication_id = ${stage.dailyId}`,
  ).toHaveLength(0);
  expect(await stage.read(stage.link('preferences', 6))).not.toContain('링크 메일로 받기');
});

test('forged, of another purpose, of another reader: nothing of theirs is shown or changed', async () => {
  const own = stage.link('preferences', 7);
  const token = own.split('/')[2];
  const wrong = [forged(own), `/r/${token}/manage`, `/r/${token}/data`, `/r/${token}/address`, `/r/${token}/restore`];
  for (const purpose of ['like', 'web', 'unsubscribe'] as const)
    wrong.push(`/r/${stage.link(purpose, 7).split('/')[2]}/preferences`);
  for (const path of wrong) {
    expect((await stage.app.request(path)).status).toBe(404);
    expect((await press(stage.app, path, { action: 'name', name: 'x' })).status).toBe(404);
  }
  await stage.go(own, {
    action: 'name',
    name: '일곱',
    subscriber: String(stage.idOf(8)),
    subscriberId: String(stage.idOf(8)),
  });
  expect(
    await stage.services
      .sql`select name from subscribers where id in ${stage.services.sql([stage.idOf(7), stage.idOf(8)])} order by id`,
  ).toEqual([{ name: '일곱' }, { name: '독자' }]);
});

test('a megabyte, markup, line breaks and inherited names of objects change nothing they should not', async () => {
  const path = stage.link('preferences', 9);
  expect((await press(stage.app, path, { action: 'name', name: 'x'.repeat(1_000_000) })).status).toBe(413);
  for (const action of ['constructor', '__proto__', 'toString', ''])
    expect(await stage.go(path, { action })).toBe('preferences');
  await stage.go(path, { action: 'name', name: '"><script>alert(1)</script>\r\nBcc: a@b.example' });
  const page = await stage.read(path);
  expect(page).not.toContain('<script>');
  expect(page).toContain('Bcc: a@b.example');
  expect(page).not.toContain('\r\nBcc');
});
