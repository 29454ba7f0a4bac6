import { afterAll, beforeAll, expect, test } from 'vitest';
import { countClicks, insertClick } from '../../src/db/clicks.ts';
import { setLike } from '../../src/db/likes.ts';
import { unsubscribe } from '../../src/subscribers/subscriptions.ts';
import { countJudged } from '../../src/track/count.ts';
import { instantMs, judgeJointly, judgeRequest } from '../../src/track/judge.ts';
import { readReport, report } from '../../src/track/report.ts';
import { Visitors } from '../../src/track/visitors.ts';
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
  // Who presses a button with a tool presses it; a filter that tries forms does not.
  expect(judgeRequest({ method: 'POST', userAgent: 'node', purpose: undefined })).toBeUndefined();
  expect(judgeRequest({ method: 'POST', userAgent: undefined, purpose: undefined })).toBeUndefined();
  expect(judgeRequest({ method: 'POST', userAgent: 'Barracuda Sentinel', purpose: undefined })).toBe('agent');
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
  expect(await judgeJointly(sql, sent.issueId)).toBe(6);
  expect(await judgeJointly(sql, sent.issueId)).toBe(0);
  const rows = await sql`select subscriber_id, count(*) as n from events where machine = 'sweep' group by 1`;
  expect([...rows]).toEqual([{ subscriberId: swift!, n: 6 }]);
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
  const marked = await Promise.all([1, 2, 3].map(() => judgeJointly(sql, other.issueId)));
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
    { summary: 1, title: '첫 논문', likes: 1, pressed: 1, webLikes: 0 },
    { summary: 2, title: '둘째 논문', likes: 0, pressed: 0, webLikes: 0 },
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

/** Clicks in the past, each `seconds` after a common beginning an hour ago. */
async function clicked(
  issueId: number,
  clicks: [subscriberId: number, ref: number, seconds: number, machine?: string][],
) {
  for (const [subscriberId, ref, seconds, machine] of clicks)
    await services.sql`insert into events (issue_id, subscriber_id, kind, ref, machine, at) values
      (${issueId}, ${subscriberId}, 'click', ${ref}, ${machine ?? null}, date_trunc('hour', now()) - interval '2 hours' + ${seconds}::float8 * interval '1 second')`;
}

test('who meets the hidden link is a machine a minute before and after, and no longer', async () => {
  const { sql } = services;
  const issue = await sendIssue(services, { readers: 2, slug: 'hidden' });
  const [machine, person] = issue.subscriberIds as [number, number];
  await clicked(issue.issueId, [
    [machine, 1, 0],
    [machine, 0, 40, 'trap'],
    [machine, 2, 99],
    [machine, 3, 101],
    [person, 1, 40],
  ]);
  expect(await judgeJointly(sql, issue.issueId)).toBe(2);
  const counted = await readReport(sql, issue.issueId);
  expect(counted.clicks).toMatchObject({ all: 4, people: 2 });
  expect(counted.clicks.links.map(({ all, people }) => [all, people]).slice(0, 3)).toEqual([
    [2, 1],
    [1, 0],
    [1, 1],
  ]);
});

test('eight links within a minute are a sweep, seven are not', async () => {
  const { sql } = services;
  const issue = await sendIssue(services, { readers: 2, slug: 'minute' });
  const [eight, seven] = issue.subscriberIds as [number, number];
  await clicked(issue.issueId, [
    ...[1, 2, 3, 4, 5, 6, 7, 8].map(n => [eight, n, n * 8] as [number, number, number]),
    ...[1, 2, 3, 4, 5, 6, 7].map(n => [seven, n, n * 8] as [number, number, number]),
  ]);
  expect(await judgeJointly(sql, issue.issueId)).toBe(8);
});

test('what is counted for good is counted once, whoever counts it how often, and reads as it did', async () => {
  const { sql } = services;
  const issue = await sendIssue(services, { readers: 3, slug: 'counted' });
  const [a, b, c] = issue.subscriberIds as [number, number, number];
  await clicked(issue.issueId, [
    [a, 1, 0],
    [a, 1, 30],
    [a, 2, 60],
    ...[1, 2, 3, 4, 5].map(n => [b, n, n] as [number, number, number]),
    [c, 1, 5, 'agent'],
  ]);
  const before = await report(sql, issue.issueId);
  expect(before.clicks).toMatchObject({ all: 9, people: 2 });
  await Promise.all([1, 2, 3].map(() => countJudged(sql, issue.issueId)));
  expect(await readReport(sql, issue.issueId)).toEqual(before);
  // What comes later adds: a person counted before is not counted again, one whom only a machine stood for is.
  await clicked(issue.issueId, [
    [a, 1, 3000],
    [c, 1, 3000],
    [b, 1, 3000],
  ]);
  const later = await readReport(sql, issue.issueId);
  expect(later.clicks).toMatchObject({ all: 12, people: 4 });
  await countJudged(sql, issue.issueId);
  expect(await readReport(sql, issue.issueId)).toEqual(later);
  // No row is read for it any more.
  await sql`delete from events where issue_id = ${issue.issueId}`;
  expect(await readReport(sql, issue.issueId)).toEqual(later);
});

test('a click whose transaction is still open is not passed over', async () => {
  const { sql } = services;
  const issue = await sendIssue(services, { readers: 1, slug: 'slow' });
  const reader = issue.subscriberIds[0]!;
  await sql.begin(async tx => {
    await tx`insert into events (issue_id, subscriber_id, kind, ref) values (${issue.issueId}, ${reader}, 'click', 1)`;
    await sql`insert into events (issue_id, subscriber_id, kind, ref) values (${issue.issueId}, ${reader}, 'click', 2)`;
    await countJudged(sql, issue.issueId, 0);
  });
  await countJudged(sql, issue.issueId, 0);
  expect((await countClicks(sql, issue.issueId)).map(({ ref, all, people }) => [ref, all, people])).toEqual([
    [1, 1, 1],
    [2, 1, 1],
  ]);
});

test('a like that a machine gave is kept, shown beside the readers’, and theirs once they give it themselves', async () => {
  const { sql } = services;
  const issue = await sendIssue(services, { readers: 2, slug: 'liked' });
  const [a, b] = issue.subscriberIds as [number, number];
  const key = { issueId: issue.issueId, subscriberId: a, summary: 0 };
  await acceptAll(sql, issue.issueId, issue.subscriberIds, 60_000);
  await setLike(sql, key, true, { machine: 'agent' });
  await setLike(sql, { ...key, subscriberId: b }, true);
  expect(await readReport(sql, issue.issueId)).toMatchObject({ likes: 1, pressed: 2 });
  await setLike(sql, key, true, { machine: 'agent' });
  expect(await readReport(sql, issue.issueId)).toMatchObject({ likes: 1, pressed: 2 });
  await setLike(sql, key, true);
  expect(await readReport(sql, issue.issueId)).toMatchObject({ likes: 2, pressed: 3 });
  await acceptAll(sql, issue.issueId, [b], 500);
  await setLike(sql, { ...key, subscriberId: b, summary: 1 }, true, { instantMs });
  expect((await readReport(sql, issue.issueId)).summaryLikes[0]).toMatchObject({ likes: 0, pressed: 1 });
});

test('networks that are named, and crowds behind one address and browser; a telephone company is neither', () => {
  let now = 0;
  const visitors = new Visitors(['203.0.113.0/24', '2001:db8:1::/48'], () => now);
  const visit = (ip: string, subscriberId = 1, userAgent = chrome) =>
    visitors.judge({ ip, userAgent, subscriberId, issueId: 1 })?.machine;
  expect(
    ['203.0.113.9', '::ffff:203.0.113.9', '2001:db8:1::5', '203.0.114.9', '2001:db8:2::5', '', 'x'].map(ip =>
      visit(ip),
    ),
  ).toEqual(['network', 'network', 'network', undefined, undefined, undefined, undefined]);
  // Fifty readers in five seconds; one reader fifty times is none.
  for (let i = 0; i < 60; i++) expect(visit('198.51.100.1', 7)).toBe(undefined);
  const judged = Array.from({ length: 60 }, (_, i) => visit('198.51.100.2', i));
  expect(judged.indexOf('crowd')).toBe(49);
  expect(visit('198.51.100.2', 1, 'another browser')).toBe(undefined);
  now += 6000;
  expect(visit('198.51.100.2', 1)).toBe(undefined);
  // Twenty a second of as many kinds of telephone.
  for (let i = 0; i < 1000; i++, now += 50) expect(visit('198.51.100.3', i, `phone ${i % 20}`)).toBe(undefined);
});
