import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertClick } from '../../src/db/events.ts';
import { setLike } from '../../src/db/likes.ts';
import { unsubscribe } from '../../src/subscribers/subscriptions.ts';
import { instantMs, judgeRequest, judgeSweeps } from '../../src/track/judge.ts';
import { report } from '../../src/track/report.ts';
import { openServices, type Services } from '../support/services.ts';
import { acceptAll, type SentIssue, sendIssue } from './support.ts';

let services: Services;
let sent: SentIssue;
beforeAll(async () => {
  services = await openServices();
  sent = await sendIssue(services, { readers: 8 });
});
afterAll(() => services.close());

const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';

test.each([
  [chrome, undefined],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 KAKAOTALK 10.8.5',
    undefined,
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 NAVER(inapp; search; 1210; 12.6.3)',
    undefined,
  ],
  [
    'Mozilla/5.0 (Linux; Android 14; SM-S918N) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36 DaumApps/8.9.0',
    undefined,
  ],
  ['Mozilla/5.0 (Linux; Android 10; CUBOT NOTE 20) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36', undefined],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', undefined],
  [undefined, 'agent'],
  ['  ', 'agent'],
  ['python-requests/2.31', 'agent'],
  ['Mozilla/5.0 (compatible; proofpoint)', 'agent'],
  ['curl/8.5.0', 'agent'],
  ['node', 'agent'],
  ['Go-http-client/2.0', 'agent'],
  ['facebookexternalhit/1.1; kakaotalk-scrap/1.0', 'agent'],
  ['Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)', 'agent'],
  ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'agent'],
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/126.0.0.0 Safari/537.36', 'agent'],
  ['Mozilla/4.0 (compatible; ms-office; MSOffice 16)', 'agent'],
])('%s is %s', (userAgent, expected) => {
  expect(judgeRequest({ method: 'GET', userAgent, purpose: undefined })).toBe(expected);
});

test('HEAD and prefetching are not people, whatever the agent', () => {
  expect(judgeRequest({ method: 'HEAD', userAgent: chrome, purpose: undefined })).toBe('head');
  expect(judgeRequest({ method: 'GET', userAgent: chrome, purpose: 'prefetch;prerender' })).toBe('prefetch');
});

test('a click right after acceptance, or before it, is instant; later it is not', async () => {
  const { sql } = services;
  const [, , early, fresh, old] = sent.subscriberIds;
  await sql`update recipients set state = 'sending' where subscriber_id = ${early!}`;
  await acceptAll(sql, sent.issueId, [fresh!], 500);
  await acceptAll(sql, sent.issueId, [old!], 60_000);
  for (const subscriberId of [early!, fresh!, old!]) {
    await insertClick(sql, { issueId: sent.issueId, subscriberId, ref: 1, machine: undefined }, instantMs);
  }
  const rows =
    await sql`select subscriber_id, machine from events where subscriber_id in ${sql([early!, fresh!, old!])} order by subscriber_id`;
  expect(rows.map(row => row.machine)).toEqual(['instant', 'instant', null]);
});

test('five links in ten seconds are a sweep, also those before the fifth; four, or five slowly, are not', async () => {
  const { sql } = services;
  const [swift, slow, , , , few, again] = sent.subscriberIds;
  const at = async (subscriberId: number, ref: number, second: number, machine: string | null = null) => {
    await sql`insert into events (issue_id, subscriber_id, kind, ref, machine, at) values
      (${sent.issueId}, ${subscriberId}, 'click', ${ref}, ${machine}, timestamptz '2026-01-01' + ${second}::float8 * interval '1 second')`;
  };
  for (const ref of [1, 2, 3, 4, 5, 6]) await at(swift!, ref, ref * 1.5);
  await at(swift!, 1, 3600);
  for (const ref of [1, 2, 3, 4, 5]) await at(slow!, ref, ref * 6);
  for (const ref of [1, 2, 3, 4]) await at(few!, ref, ref);
  // One link over and over is an impatient person.
  for (const second of [1, 2, 3, 4, 5, 6, 7]) await at(again!, 1, second);
  expect(await judgeSweeps(sql, sent.issueId)).toBe(6);
  expect(await judgeSweeps(sql, sent.issueId)).toBe(0);
  const rows = await sql`select subscriber_id, count(*) as n from events where machine = 'sweep' group by 1`;
  expect([...rows]).toEqual([{ subscriberId: swift!, n: 6 }]);
});

test('while readers click, only those who clicked lately are looked at, with all their clicks', async () => {
  const { sql } = services;
  const issue = await sendIssue(services, { readers: 2, slug: 'lately' });
  const [early, late] = issue.subscriberIds;
  for (const [reader, since] of [
    [early!, 3600],
    [late!, 65],
  ] as const)
    await sql`insert into events (issue_id, subscriber_id, kind, ref, at)
      select ${issue.issueId}, ${reader}, 'click', n, now() - ${since}::int * interval '1 second' + n * interval '1.5 seconds' from generate_series(1, 5) n`;
  // The first two of the late reader's are older than the minute.
  expect(await judgeSweeps(sql, issue.issueId, 61_000)).toBe(5);
  expect([
    ...(await sql`select distinct subscriber_id from events where issue_id = ${issue.issueId} and machine = 'sweep'`),
  ]).toEqual([{ subscriberId: late! }]);
  expect(await judgeSweeps(sql, issue.issueId)).toBe(5);
});

test('concurrent judgements agree', async () => {
  const { sql } = services;
  const other = await sendIssue(services, { readers: 1, slug: 'other' });
  for (const ref of [1, 2, 3, 4, 5, 6]) {
    await insertClick(
      sql,
      { issueId: other.issueId, subscriberId: other.subscriberIds[0]!, ref, machine: 'head' },
      instantMs,
    );
    await insertClick(
      sql,
      { issueId: other.issueId, subscriberId: other.subscriberIds[0]!, ref, machine: undefined },
      instantMs,
    );
  }
  const marked = await Promise.all([1, 2, 3].map(() => judgeSweeps(sql, other.issueId)));
  expect(marked.reduce((a, b) => a + b)).toBe(6);
  const counted = await report(sql, other.issueId);
  expect(counted.clicks).toMatchObject({ all: 12, people: 0 });
});

test('the report counts readers once per link, likes by thing, and who left through the issue', async () => {
  const { sql } = services;
  const issue = await sendIssue(services, { readers: 4, slug: 'reported' });
  const [a, b, c] = issue.subscriberIds as [number, number, number, number];
  await acceptAll(sql, issue.issueId, issue.subscriberIds, 60_000);
  const key = { issueId: issue.issueId };
  for (const [subscriberId, ref] of [
    [a, 1],
    [a, 1],
    [a, 2],
    [b, 1],
  ] as const) {
    await insertClick(sql, { ...key, subscriberId, ref, machine: undefined }, instantMs);
  }
  await insertClick(sql, { ...key, subscriberId: c, ref: 1, machine: 'agent' }, instantMs);
  await Promise.all([1, 2, 3].map(() => setLike(sql, { ...key, subscriberId: a, summary: 1 }, true)));
  await setLike(sql, { ...key, subscriberId: b, summary: 0 }, true);
  await setLike(sql, { ...key, subscriberId: c, summary: 0 }, true);
  await setLike(sql, { ...key, subscriberId: c, summary: 0 }, false);
  await unsubscribe(sql, { publicationId: issue.publicationId, subscriberId: c, issueId: issue.issueId });
  const counted = await report(sql, issue.issueId);
  expect(counted).toMatchObject({
    accepted: 4,
    likes: 1,
    opens: null,
    unsubscribed: 1,
    complained: 0,
    bounced: { hard: 0, soft: 0 },
  });
  expect(counted.summaryLikes).toEqual([
    { summary: 1, title: '첫 논문', likes: 1, webLikes: 0 },
    { summary: 2, title: '둘째 논문', likes: 0, webLikes: 0 },
  ]);
  expect(counted.clicks).toMatchObject({ all: 5, people: 3 });
  expect(counted.clicks.links[0]).toEqual({
    ref: 1,
    url: 'https://arxiv.org/abs/2406.00001',
    label: '논문',
    all: 4,
    people: 2,
  });
  const likes =
    await sql`select kind, count(*) as n from events where issue_id = ${issue.issueId} and kind in ('like', 'unlike') group by 1 order by 1`;
  expect([...likes]).toEqual([
    { kind: 'like', n: 3 },
    { kind: 'unlike', n: 1 },
  ]);
  await expect(report(sql, 999_999)).rejects.toMatchObject({ code: 'ISSUE_UNKNOWN' });
});

test('a holder of one link cannot fill the table', async () => {
  const { sql } = services;
  const issue = await sendIssue(services, { readers: 1, slug: 'flood' });
  const subscriberId = issue.subscriberIds[0]!;
  await sql`insert into events (issue_id, subscriber_id, kind, ref) select ${issue.issueId}, ${subscriberId}, 'click', 1 from generate_series(1, 999)`;
  for (let i = 0; i < 5; i++)
    await insertClick(sql, { issueId: issue.issueId, subscriberId, ref: 2, machine: undefined }, instantMs);
  const [row] = await sql`select count(*) as n from events where issue_id = ${issue.issueId}`;
  expect(row!.n).toBe(1000);
});
