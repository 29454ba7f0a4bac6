import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureSubscribers } from '../../src/db/subscribers.ts';
import { parseAddress } from '../../src/subscribers/address.ts';
import {
  describeSubscriber,
  isSuppressed,
  resubscribe,
  suppress,
  unsubscribe,
} from '../../src/subscribers/subscriptions.ts';
import { type Desk, openDesk } from './support.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

async function reader(email: string) {
  const paper = await desk.publication();
  await paper.import(`email,name\n${email},김민수\n`);
  const [row] = await desk.services.sql<{ id: number }[]>`select id from subscribers where email_key = ${email}`;
  const state = async () => (await paper.people())[email]!.state;
  return { paper, key: { publicationId: paper.id, subscriberId: row!.id }, state };
}

test('leaving is true once, however often and however many at once', async () => {
  const { sql } = desk.services;
  const { key, state } = await reader('once@example.com');
  const results = await Promise.all(Array.from({ length: 5 }, () => unsubscribe(sql, { ...key, issueId: 7 })));
  expect(results.filter(Boolean)).toHaveLength(1);
  expect(await state()).toBe('unsubscribed');
  const [row] = await sql`select left_issue_id from subscriptions where subscriber_id = ${key.subscriberId}`;
  expect(row!.leftIssueId).toBe(7);
  expect(await unsubscribe(sql, { ...key, subscriberId: 999_999 })).toBe(false);
});

test('undo leads back to the state before, confirmed or not', async () => {
  const { sql } = desk.services;
  const { key, state } = await reader('undo@example.com');
  for (const before of ['active', 'paused', 'pending']) {
    await sql`update subscriptions set state = ${before} where subscriber_id = ${key.subscriberId}`;
    expect(await resubscribe(sql, key)).toBe(false);
    expect(await unsubscribe(sql, key)).toBe(true);
    expect(await resubscribe(sql, key)).toBe(true);
    expect(await state()).toBe(before);
  }
});

test('who is suppressed does not come back', async () => {
  const { sql, hasher } = desk.services;
  const { key, state } = await reader('complained@example.com');
  const hash = hasher.hash('complained@example.com');
  await unsubscribe(sql, key);
  expect(await isSuppressed(sql, hash)).toBe(false);
  expect(await suppress(sql, hash, 'complaint')).toBe(true);
  expect(await suppress(sql, hash, 'manual')).toBe(false);
  expect(await isSuppressed(sql, hash)).toBe(true);
  expect(await resubscribe(sql, key)).toBe(false);
  expect(await state()).toBe('unsubscribed');
  const [row] = await sql`select reason from suppressions where address_hash = ${hash}`;
  expect(row!.reason).toBe('complaint');
});

test('a subscriber is described by any form of the address; a suppression also without a row', async () => {
  const { sql, hasher } = desk.services;
  const { paper, key } = await reader('known@example.com');
  await unsubscribe(sql, key);
  expect(await describeSubscriber(sql, hasher, 'Kim <KNOWN@Example.com>')).toEqual({
    id: expect.any(Number),
    address: 'known@example.com',
    name: '김민수',
    suppressed: false,
    subscriptions: [
      {
        publication: paper.publication.slug,
        state: 'unsubscribed',
        since: expect.stringMatching(/^\d{4}-.*Z$/),
        frequency: 'every',
        pausedUntil: null,
        advertising: false,
      },
    ],
  });
  expect(await describeSubscriber(sql, hasher, 'nobody@example.com')).toBeUndefined();
  await suppress(sql, hasher.hash('gone@example.com'), 'manual');
  expect(await describeSubscriber(sql, hasher, 'gone@example.com')).toEqual({
    address: 'gone@example.com',
    name: '',
    suppressed: true,
    subscriptions: [],
  });
  await expect(describeSubscriber(sql, hasher, 'nonsense')).rejects.toMatchObject({ code: 'ADDRESS_INVALID' });
});

test('rows for test addresses are made once, in order, without a subscription', async () => {
  const { sql, hasher } = desk.services;
  const { key } = await reader('exists@example.com');
  const addresses = ['new@example.com', 'EXISTS@example.com', 'New@example.com'].map(text => {
    const address = parseAddress(text);
    if ('problem' in address) throw new Error(address.problem);
    return address;
  });
  const ids = await ensureSubscribers(sql, hasher, addresses);
  expect(ids).toEqual([ids[0], key.subscriberId, ids[0]]);
  expect((await describeSubscriber(sql, hasher, 'new@example.com'))!.subscriptions).toEqual([]);
  expect((await describeSubscriber(sql, hasher, 'exists@example.com'))!.name).toBe('김민수');
});
