/** A change of address: confirmed at the new one, told to the old one, undone from there. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forgetOldAddresses } from '../../../../src/db/address-changes.ts';
import { applyVerdict } from '../../../../src/track/bounces/apply.ts';
import { type AccountStage, openAccounts } from './support.ts';

let stage: AccountStage;
beforeAll(async () => {
  stage = await openAccounts([]);
});
afterAll(() => stage.services.close());

const ask = (reader: number, address: string) =>
  stage.go(stage.link('preferences', reader), { action: 'address', address });
const emailOf = async (reader: number) => {
  const [row] = await stage.services.sql<
    { email: string }[]
  >`select email from subscribers where id = ${stage.idOf(reader)}`;
  return row!.email;
};
const lettersOf = async (reader: number) => [
  ...(await stage.services
    .sql`select kind, address, ref, lang from letters where subscriber_id = ${stage.idOf(reader)} order by id`),
];
const asked = 'preferences?done=address#address';

test('asked for, confirmed by the button, told to the old address, taken back from there', async () => {
  const { sql, hasher } = stage.services;
  expect(await ask(0, ' New@Example.ORG ')).toBe(asked);
  expect(await lettersOf(0)).toEqual([{ kind: 'new-address', address: 'New@example.org', ref: 1, lang: 'ko' }]);
  const path = stage.letterLink('address', 0, 1);
  const page = await stage.read(path);
  expect(page).toContain('N•••@example.org');
  expect(page).not.toContain('example.net');
  expect(await emailOf(0)).toBe('reader0@example.net');
  for (let i = 0; i < 2; i++) expect(await stage.go(path, { action: 'apply' })).toBe('address');
  const [row] =
    await sql`select email_key, domain, address_hash, address_since is not null as moved from subscribers where id = ${stage.idOf(0)}`;
  expect(row).toEqual({
    emailKey: 'new@example.org',
    domain: 'example.org',
    addressHash: hasher.hash('new@example.org'),
    moved: true,
  });
  expect(await stage.read(path)).toContain('주소를 바꿨어요');
  expect((await lettersOf(0)).slice(1)).toEqual([
    { kind: 'address-changed', address: 'reader0@example.net', ref: 1, lang: 'ko' },
  ]);
  const back = stage.letterLink('restore', 0, 1);
  expect(await stage.read(back)).toContain('받는 주소를 되돌릴까요?');
  for (let i = 0; i < 2; i++) await stage.go(back, { action: 'restore' });
  expect(await emailOf(0)).toBe('reader0@example.net');
  expect(await stage.read(back)).toContain('주소를 되돌렸어요');
  await stage.go(path, { action: 'apply' });
  expect(await emailOf(0)).toBe('reader0@example.net');
});

test('of many presses at once one moves the reader, with one letter', async () => {
  await ask(1, 'many@example.org');
  await Promise.all(Array.from({ length: 6 }, () => stage.go(stage.letterLink('address', 1, 1), { action: 'apply' })));
  expect(await emailOf(1)).toBe('many@example.org');
  expect(await lettersOf(1)).toHaveLength(2);
});

test('the same answer for an address that is suppressed, known, one’s own or asked for too often; no letter for those that must have none', async () => {
  const { sql, hasher } = stage.services;
  await sql`insert into suppressions (address_hash, reason) values (${hasher.hash('stop@example.org')}, 'complaint')`;
  for (const address of ['stop@example.org', 'READER2@example.net']) expect(await ask(2, address)).toBe(asked);
  expect(await lettersOf(2)).toEqual([]);
  for (const n of [1, 2, 3, 4, 5]) expect(await ask(2, `n${n}@example.org`)).toBe(asked);
  expect((await lettersOf(2)).map(letter => letter.address)).toEqual([
    'n1@example.org',
    'n2@example.org',
    'n3@example.org',
  ]);
  expect(await ask(2, 'no address')).toBe('preferences?problem=address#address');
  expect(await ask(2, 'a@b.example\r\nBcc: c@d.example')).toBe('preferences?problem=address#address');
});

test('an address that is somebody else’s here is refused in clear words; both stay as they are', async () => {
  const { sql } = stage.services;
  await sql`update subscriptions set state = 'unsubscribed' where subscriber_id = ${stage.idOf(4)}`;
  await ask(3, 'reader4@example.net');
  const path = stage.letterLink('address', 3, 1);
  expect(await stage.read(path)).toContain('이미 따로 구독하고 있어요');
  await stage.go(path, { action: 'apply' });
  expect([await emailOf(3), await emailOf(4), await stage.state(4)]).toEqual([
    'reader3@example.net',
    'reader4@example.net',
    'unsubscribed',
  ]);
});

test('a link moves nobody else, and one purpose does not do for the other', async () => {
  await ask(5, 'five@example.org');
  await stage.go(stage.letterLink('address', 6, 1), { action: 'apply' });
  await stage.go(stage.letterLink('address', 5, 2), { action: 'apply' });
  const token = stage.letterLink('restore', 5, 1).split('/')[2];
  expect((await stage.app.request(`/r/${token}/address`, { method: 'POST', body: 'action=apply' })).status).toBe(404);
  expect([await emailOf(5), await emailOf(6)]).toEqual(['reader5@example.net', 'reader6@example.net']);
});

test('links run out, and the addresses are forgotten after that', async () => {
  const { sql } = stage.services;
  const id = stage.idOf(7);
  await ask(7, 'seven@example.org');
  await sql`update address_changes set asked_at = now() - interval '3 days' where subscriber_id = ${id}`;
  expect(await stage.read(stage.letterLink('address', 7, 1))).toContain('이 링크는 더 쓸 수 없어요');
  await stage.go(stage.letterLink('address', 7, 1), { action: 'apply' });
  expect(await emailOf(7)).toBe('reader7@example.net');
  await ask(7, 'seven@example.org');
  await stage.go(stage.letterLink('address', 7, 2), { action: 'apply' });
  await sql`update address_changes set applied_at = now() - interval '8 days', asked_at = now() - interval '9 days' where subscriber_id = ${id} and number = 2`;
  await stage.go(stage.letterLink('restore', 7, 2), { action: 'restore' });
  expect(await emailOf(7)).toBe('seven@example.org');
  await sql`update address_changes set asked_at = now() - interval '11 days' where subscriber_id = ${id}`;
  await forgetOldAddresses(sql, 100);
  const left = await sql`select to_jsonb(c)::text as row from address_changes c where subscriber_id = ${id}`;
  expect(left).toHaveLength(2);
  for (const { row } of left) expect(row).not.toContain('@');
  await ask(7, 'again@example.org');
  expect((await lettersOf(7)).at(-1)).toMatchObject({ address: 'again@example.org', ref: 3 });
});

test('the old address, when it bounces later, does not silence the new one; a complaint does', async () => {
  const { sql, hasher } = stage.services;
  await sql`update recipients set state = 'accepted', updated_at = now() - interval '1 hour' where subscriber_id = ${stage.idOf(8)}`;
  await ask(8, 'eight@example.org');
  await stage.go(stage.letterLink('address', 8, 1), { action: 'apply' });
  const row = { issueId: stage.sent.issueId, subscriberId: stage.idOf(8) };
  expect(await applyVerdict(stage.services, row, 'hard')).toEqual({ recorded: true, suppressed: false });
  expect(await sql`select from suppressions where address_hash = ${hasher.hash('eight@example.org')}`).toHaveLength(0);
  expect(await applyVerdict(stage.services, row, 'complaint')).toEqual({ recorded: true, suppressed: true });
});

test('an address whose owner deleted their data can be moved to by its owner', async () => {
  const { sql, hasher } = stage.services;
  const hash = hasher.hash('returned@example.org');
  await sql`insert into suppressions (address_hash, reason) values (${hash}, 'deleted')`;
  await ask(9, 'returned@example.org');
  expect(await sql`select from suppressions where address_hash = ${hash}`).toHaveLength(1);
  await stage.go(stage.letterLink('address', 9, 1), { action: 'apply' });
  expect(await emailOf(9)).toBe('returned@example.org');
  expect(await sql`select from suppressions where address_hash = ${hash}`).toHaveLength(0);
});
