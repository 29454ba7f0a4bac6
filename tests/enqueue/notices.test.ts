/** Rules 5.5 and 5.6 on shifted clocks: each fact is told once, in time, to those the law speaks of, in batches. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { withdrawAdvertising } from '../../src/db/advertising.ts';
import { noticeConsents, noticeLeaving, reviewConsents } from '../../src/db/notices.ts';
import { putPublication } from '../../src/db/publications.ts';
import { endSubscription, reviveSubscription } from '../../src/db/subscribers.ts';
import { writeNotices } from '../../src/enqueue/notices.ts';
import { reconcile } from '../../src/enqueue/reconcile.ts';
import { audience, publicationOf } from '../support/fixtures.ts';
import { openServices, type Services } from '../support/services.ts';

let services: Services;
beforeAll(async () => {
  services = await openServices();
});
afterAll(() => services.close());
beforeEach(async () => {
  await services.sql`truncate letters, consents, subscriptions, subscribers, publications, issues, signups cascade`;
});

const hour = 3_600_000;
const day = 24 * hour;
const at = (text: string) => new Date(text);
const later = (ms: number) => new Date(Date.now() + ms);

/** A publication with these readers. */
const open = (more: Record<string, unknown> = {}, addresses = ['a@example.net']) =>
  audience(services, addresses, publicationOf({ law: ['kr'], ...more }));

/** Consents to advertising as the confirmation writes them. */
async function agree(publicationId: number, subscriberIds: number[], given: Date) {
  const { sql } = services;
  await sql`insert into consents (publication_id, subscriber_id, kind, given, wording, version, source, at)
    select ${publicationId}, s, 'advertising', true, '문구', 'v1', 'form', ${given} from unnest(${subscriberIds}::bigint[]) s`;
  await sql`update subscriptions set advertising = true, review_at = null
    where publication_id = ${publicationId} and subscriber_id in ${sql(subscriberIds)}`;
}

const letters = () =>
  services.sql`select kind, lang, data->>'date' as date from letters order by id`.then(rows => [...rows]);
const batch = (now: Date, limit = 500) => ({ limit, now });

describe('results are told (5.5)', () => {
  test('given, withdrawn, refused: one letter each, in the publication’s day, an hour after, once whoever asks', async () => {
    const { sql } = services;
    const { publicationId, subscriberIds } = await open();
    const key = { publicationId, subscriberId: subscriberIds[0]! };
    // 20:30 in UTC is the next day in Seoul.
    const given = at('2026-05-04T20:30:00Z');
    await agree(publicationId, subscriberIds, given);
    expect(await noticeConsents(sql, batch(new Date(given.getTime() + hour - 1000)))).toBe(0);
    const due = new Date(given.getTime() + hour + 1000);
    const told = await Promise.all(Array.from({ length: 6 }, () => noticeConsents(sql, batch(due))));
    expect(told.reduce((a, b) => a + b)).toBe(1);
    expect(await noticeConsents(sql, batch(new Date(due.getTime() + day)))).toBe(0);
    expect(await letters()).toEqual([{ kind: 'notice-given', lang: 'ko', date: '2026년 5월 5일 (Asia/Seoul)' }]);

    expect(await withdrawAdvertising(sql, key, 'link')).toBe(true);
    expect(await withdrawAdvertising(sql, key, 'link')).toBe(false);
    expect(await noticeConsents(sql, batch(later(2 * hour)))).toBe(1);
    expect((await letters()).map(letter => letter.kind)).toEqual(['notice-given', 'notice-withdrawn']);
    const [row] = await sql`select given, wording, version, source from consents order by id desc limit 1`;
    expect(row).toEqual({ given: false, wording: '문구', version: 'v1', source: 'link' });

    await sql`insert into consents (publication_id, subscriber_id, kind, given, wording, version, source)
      values (${publicationId}, ${subscriberIds[0]!}, 'advertising', false, '문구', 'v1', 'form')`;
    await noticeConsents(sql, batch(later(2 * hour)));
    expect((await letters()).at(-1)!.kind).toBe('notice-refused');
  });

  test('leaving, also without an issue’s link: once per leaving; undone within the hour it is not told', async () => {
    const { sql } = services;
    const { publicationId, subscriberIds } = await open({}, ['a@example.net', 'b@example.net']);
    const [a, b] = subscriberIds.map(subscriberId => ({ publicationId, subscriberId })) as [
      { publicationId: number; subscriberId: number },
      { publicationId: number; subscriberId: number },
    ];
    await endSubscription(sql, a);
    await endSubscription(sql, b);
    await reviveSubscription(sql, b);
    expect(await noticeLeaving(sql, batch(new Date()))).toBe(0);
    const told = await Promise.all(Array.from({ length: 6 }, () => noticeLeaving(sql, batch(later(2 * hour)))));
    expect(told.reduce((x, y) => x + y)).toBe(1);
    expect(await noticeLeaving(sql, batch(later(3 * day)))).toBe(0);
    // Comes back and leaves again: another fact.
    await reviveSubscription(sql, a);
    await sql`select pg_sleep(0.002)`;
    await endSubscription(sql, a);
    expect(await noticeLeaving(sql, batch(later(2 * hour)))).toBe(1);
    expect((await letters()).map(letter => letter.kind)).toEqual(['notice-left', 'notice-left']);
  });

  test('who never confirmed, who was brought in as gone, and readers under other laws hear nothing; nor does anyone after weeks', async () => {
    const { sql } = services;
    const { publicationId, subscriberIds } = await open({}, ['a@example.net', 'b@example.net', 'c@example.net']);
    const [a, b, c] = subscriberIds as [number, number, number];
    await sql`update subscriptions set state = 'pending' where subscriber_id = ${a}`;
    await endSubscription(sql, { publicationId, subscriberId: a });
    await sql`update subscriptions set state = 'unsubscribed' where subscriber_id = ${b}`;
    await endSubscription(sql, { publicationId, subscriberId: c });
    const other = await audience(services, ['d@example.net'], publicationOf({ slug: 'other', law: ['gdpr'] }));
    await agree(other.publicationId, other.subscriberIds, new Date());
    await endSubscription(sql, { publicationId: other.publicationId, subscriberId: other.subscriberIds[0]! });
    await agree(publicationId, [c], new Date());
    for (const told of [noticeLeaving, noticeConsents]) expect(await told(sql, batch(later(40 * day)))).toBe(0);
    expect(await noticeLeaving(sql, batch(later(13 * day)))).toBe(1);
    expect(await noticeConsents(sql, batch(later(13 * day)))).toBe(1);
  });

  test('batches go on where the last one ended', async () => {
    const { sql } = services;
    const { publicationId, subscriberIds } = await open({}, ['a@example.net', 'b@example.net', 'c@example.net']);
    await agree(publicationId, subscriberIds, new Date());
    for (const subscriberId of subscriberIds) await endSubscription(sql, { publicationId, subscriberId });
    for (const told of [noticeConsents, noticeLeaving]) {
      const counts: number[] = [];
      for (let run = 0; run < 4; run++) counts.push(await told(sql, batch(later(2 * hour), 1)));
      expect(counts).toEqual([1, 1, 1, 0]);
    }
  });

  test('in the reader’s language', async () => {
    const { sql } = services;
    const { publicationId, subscriberIds } = await open();
    await sql`update subscriptions set lang = 'en'`;
    await agree(publicationId, subscriberIds, at('2026-05-04T20:30:00Z'));
    await noticeConsents(sql, batch(at('2026-05-05T00:00:00Z')));
    expect(await letters()).toEqual([{ kind: 'notice-given', lang: 'en', date: 'May 5, 2026 (Asia/Seoul)' }]);
  });
});

describe('two-yearly confirmation (5.6)', () => {
  /** Days on which letters were written, from a walk over the years. */
  async function walk(from: string, days: number, stepDays = 1): Promise<string[]> {
    const written: string[] = [];
    for (let n = 0; n <= days; n += stepDays) {
      const now = new Date(at(from).getTime() + n * day);
      const { letters: count } = await reviewConsents(services.sql, batch(now));
      if (count > 0) written.push(now.toISOString().slice(0, 10));
    }
    return written;
  }

  test.each([
    // Given, first day of the walk, the days of the letters: thirty days before each anniversary.
    ['2024-02-29T03:00:00Z', '2024-02-29T04:00:00Z', ['2026-01-29', '2028-01-30']],
    ['2023-02-28T03:00:00Z', '2023-02-28T04:00:00Z', ['2025-01-29', '2027-01-29']],
    ['2024-12-31T03:00:00Z', '2024-12-31T04:00:00Z', ['2026-12-01', '2028-12-01']],
  ])('given on %s: before the anniversary, every two years', async (given, from, days) => {
    const { publicationId, subscriberIds } = await open();
    await agree(publicationId, subscriberIds, at(given));
    expect(await walk(from, 4 * 365 + 10)).toEqual(days);
    expect(new Set((await letters()).map(letter => letter.kind))).toEqual(new Set(['reconfirm']));
  });

  test('the day is that of the publication’s zone, 29 February included', async () => {
    // In Seoul this is 29 February, in UTC the day before.
    const { publicationId, subscriberIds } = await open();
    await agree(publicationId, subscriberIds, at('2024-02-28T16:00:00Z'));
    await reviewConsents(services.sql, batch(at('2026-01-28T15:59:00Z')));
    expect(await letters()).toEqual([]);
    // Thirty days before 2026-02-28 01:00 in Seoul.
    await reviewConsents(services.sql, batch(at('2026-01-28T16:01:00Z')));
    expect(await letters()).toEqual([{ kind: 'reconfirm', lang: 'ko', date: '2024년 2월 29일 (Asia/Seoul)' }]);
  });

  test('once per period, also by many at once and after the dates were lost', async () => {
    const { sql } = services;
    const { publicationId, subscriberIds } = await open();
    await agree(publicationId, subscriberIds, at('2024-05-01T00:00:00Z'));
    const now = at('2026-04-20T00:00:00Z');
    await Promise.all(Array.from({ length: 6 }, () => reviewConsents(sql, batch(now))));
    await sql`update subscriptions set review_at = null`;
    await reviewConsents(sql, batch(at('2026-06-20T00:00:00Z')));
    expect(await letters()).toHaveLength(1);
  });

  test('a missed one is told late, and only the last of several', async () => {
    const { publicationId, subscriberIds } = await open();
    await agree(publicationId, subscriberIds, at('2019-05-01T00:00:00Z'));
    expect(await walk('2024-01-01T00:00:00Z', 800)).toEqual(['2024-01-01', '2025-04-01']);
  });

  test('consent given anew starts anew; withdrawn, left, pending and other laws hear nothing', async () => {
    const { sql } = services;
    const { publicationId, subscriberIds } = await open({}, [
      'a@example.net',
      'b@example.net',
      'c@example.net',
      'd@example.net',
    ]);
    const [a, b, c, d] = subscriberIds as [number, number, number, number];
    await agree(publicationId, subscriberIds, at('2024-05-01T00:00:00Z'));
    await reviewConsents(sql, batch(at('2024-05-02T00:00:00Z')));
    await sql`insert into consents (publication_id, subscriber_id, kind, given, wording, version, source, at)
      values (${publicationId}, ${a}, 'advertising', true, '문구', 'v2', 'preferences', ${at('2025-05-01T00:00:00Z')})`;
    await withdrawAdvertising(sql, { publicationId, subscriberId: b }, 'link');
    await endSubscription(sql, { publicationId, subscriberId: c });
    await sql`update subscriptions set state = 'pending' where subscriber_id = ${d}`;
    const other = await audience(services, ['e@example.net'], publicationOf({ slug: 'other', law: [] }));
    await agree(other.publicationId, other.subscriberIds, at('2024-05-01T00:00:00Z'));
    expect(await walk('2026-03-01T00:00:00Z', 500)).toEqual(['2027-04-01']);
    expect(await letters()).toHaveLength(1);
  });

  test('many on one day: so many with each tick, none twice, none left out, and not while letters pile up', async () => {
    const { sql, log } = services;
    const { publicationId } = await open({}, []);
    await sql`insert into subscribers (email, email_key, domain, address_hash)
      select 'r' || n || '@example.net', 'r' || n || '@example.net', 'example.net', decode(md5(n::text), 'hex') from generate_series(1, 3200) n`;
    await sql`insert into subscriptions (publication_id, subscriber_id, state, source, advertising, confirmed_at)
      select ${publicationId}, id, 'active', 'form', true, '2024-05-01' from subscribers`;
    const now = at('2026-04-20T00:00:00Z');
    const counts: number[] = [];
    for (let tick = 0; tick < 6; tick++) {
      await writeNotices({ sql, log }, now);
      counts.push((await letters()).length);
    }
    // 2,000 wait: the next ticks write none until some have left.
    expect(counts).toEqual([500, 1000, 1500, 2000, 2000, 2000]);
    await sql`update letters set state = 'accepted'`;
    for (let tick = 0; tick < 4; tick++) await writeNotices({ sql, log }, now);
    expect(await letters()).toHaveLength(3200);
    expect(await reviewConsents(sql, batch(now))).toEqual({ seen: 0, letters: 0 });
  });
});

test('the tick writes them and asks for them to be sent', async () => {
  const { sql, queues } = services;
  const { publicationId, subscriberIds } = await open();
  await endSubscription(sql, { publicationId, subscriberId: subscriberIds[0]! });
  await sql`update subscriptions set since = now() - interval '2 hours'`;
  await reconcile(services, '00000000-0000-4000-8000-000000000003');
  const [letter] = await sql<{ id: number; kind: string }[]>`select id, kind from letters`;
  expect(letter!.kind).toBe('notice-left');
  const queue = queues.all().find(one => one.name === 'deliver-letter')!;
  expect(await queue.getJob(`deliver-letter-${letter!.id}`)).toBeDefined();
});

test('a publication without a law is not looked at, and one that gets a law is', async () => {
  const { sql } = services;
  const { publicationId, subscriberIds } = await open({ law: [] });
  await agree(publicationId, subscriberIds, at('2024-05-01T00:00:00Z'));
  const now = at('2026-04-20T00:00:00Z');
  expect(await reviewConsents(sql, batch(now))).toEqual({ seen: 0, letters: 0 });
  await putPublication(sql, publicationOf({ law: ['kr'] }));
  expect(await reviewConsents(sql, batch(now))).toEqual({ seen: 1, letters: 1 });
});
