/** The newsroom that pages are measured on: what it holds must agree with itself, or the measurements are of something that cannot be. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collect, filledWith } from '../../bench/console/addresses.ts';
import { ask, logIn, nobody, type Visitor } from '../../bench/console/visitor.ts';
import { addressOf } from '../../bench/newsroom/beside.ts';
import { calendarOf, type Size } from '../../bench/newsroom/calendar.ts';
import { makeNewsroom } from '../../bench/newsroom/make.ts';
import { publications } from '../../bench/newsroom/publications.ts';
import { Steps } from '../../bench/newsroom/steps.ts';
import { textOf } from '../../bench/newsroom/texts.ts';
import { searchArchive } from '../../src/db/search.ts';
import { consoleRoutes } from '../../src/http/console/app.tsx';
import { may } from '../../src/http/console/may.ts';
import { createApp } from '../../src/http/server.ts';
import { searchQuery } from '../../src/model/search-text.ts';
import { report } from '../../src/track/report.ts';
import { status } from '../../src/track/status.ts';
import { type Role, roles } from '../http/console/staff.ts';
import { openServices, type Services } from '../support/services.ts';

/** Where the benches' visitors go. */
const home = 'http://localhost:3000';
const size: Size = { readers: 20_000, issues: 12, ledger: 100_000, seed: 1 };
let services: Services;
let password: string;

beforeAll(async () => {
  services = await openServices({ PUBLIC_URL: home });
  password = await makeNewsroom(services, size, new Steps(true), false);
}, 240_000);

afterAll(() => services?.close());

/** Issues with a ledger, oldest first. */
const ledgers = () =>
  services.sql<{ id: number; slug: string; state: string; publicationId: number }[]>`
    select id, slug, state, publication_id from issues where planned_at is not null order by started_at`;

test('as many issues and rows as asked for', async () => {
  const issues = await ledgers();
  expect(issues).toHaveLength(size.issues);
  expect(issues.map(one => one.state).sort()).toEqual(['held', 'sending', ...Array<string>(10).fill('sent')]);
  const others = await services.sql<{ state: string }[]>`select state from issues where planned_at is null order by 1`;
  expect(others.map(one => one.state)).toEqual(['cancelled', 'draft', 'draft', 'draft', 'scheduled']);
  const [rows] = await services.sql<{ n: number }[]>`select count(*) as n from recipients`;
  expect(Math.abs(rows!.n / size.ledger - 1)).toBeLessThan(0.1);
});

test('a batch has the rows that its size says, of one lane, 200 at most', async () => {
  const wrong = await services.sql`
    select b.id from batches b
    join recipients r on r.batch_id = b.id and r.issue_id = b.issue_id
    join subscribers s on s.id = r.subscriber_id left join mailbox_domains d on d.domain = s.domain
    group by b.id having count(*) <> b.size or b.size > 200 or bool_or(coalesce(d.lane, 'other') <> b.lane)`;
  expect(wrong).toHaveLength(0);
  const [sums] = await services.sql<{ sizes: number; rows: number; batches: number }[]>`
    select (select sum(size)::bigint from batches) as sizes, (select count(*) from recipients where batch_id is not null) as rows,
      (select count(*) from batches) as batches`;
  expect(sums!.batches).toBeGreaterThan(size.issues);
  expect(sums!.rows).toBe(sums!.sizes);
});

test('the accounting is what the rows say', async () => {
  for (const issue of await ledgers()) {
    const accounting = await status(services.sql, issue);
    const rows = await services.sql<{ state: string; n: number }[]>`
      select state, count(*) as n from recipients where issue_id = ${issue.id} group by 1`;
    const { audience, queued, sending, accepted, deferred, rejected, expired, unknown, excluded } = accounting;
    const left = Object.values(excluded).reduce((n, one) => n + one, 0);
    const counted = { queued, sending, accepted, deferred, rejected, expired, unknown, excluded: left };
    expect(Object.fromEntries(Object.entries(counted).filter(([, n]) => n > 0))).toEqual(
      Object.fromEntries(rows.map(row => [row.state, row.n])),
    );
    expect(audience).toBe(rows.reduce((n, row) => n + row.n, 0));
    expect(queued + sending + deferred > 0).toBe(issue.state !== 'sent');
  }
});

test('the report is what the raw events say, also after it judged them', async () => {
  let clicks = 0;
  for (const issue of await ledgers()) {
    const { sql } = services;
    const raw = await sql<{ ref: number; all: number; people: number }[]>`
      select ref, count(*) as all, count(distinct subscriber_id) filter (where machine is null) as people
      from events where issue_id = ${issue.id} and kind = 'click' group by 1 order by 1`;
    const [outcomes] = await sql<
      { unsubscribed: number; complained: number; hard: number; likes: number; accepted: number }[]
    >`
      select count(*) filter (where kind = 'unsubscribe') as unsubscribed, count(*) filter (where kind = 'complaint') as complained,
        count(*) filter (where kind = 'bounce-hard') as hard, count(*) filter (where kind = 'like' and ref = 0) as likes,
        (select count(*) from recipients where issue_id = ${issue.id} and state = 'accepted') as accepted
      from events where issue_id = ${issue.id}`;
    const told = await report(sql, issue.id);
    expect(
      told.clicks.links.filter(link => link.all > 0).map(({ ref, all, people }) => ({ ref, all, people })),
    ).toEqual([...raw]);
    expect(told).toMatchObject({
      accepted: outcomes!.accepted,
      likes: outcomes!.likes,
      complained: outcomes!.complained,
      unsubscribed: outcomes!.unsubscribed,
    });
    expect(told.bounced.hard).toBe(outcomes!.hard);
    clicks += told.clicks.all;
  }
  expect(clicks).toBeGreaterThan(1000);
});

test('who left or bounced gets nothing any more, and is known by the product’s hash', async () => {
  const { sql, hasher } = services;
  const late = await sql`
    select r.issue_id from recipients r join issues i on i.id = r.issue_id
    join subscriptions n on n.subscriber_id = r.subscriber_id and n.publication_id = i.publication_id
    where n.state = 'unsubscribed' and i.started_at > n.since`;
  expect(late).toHaveLength(0);
  const sent = await sql`
    select r.issue_id from recipients r join issues i on i.id = r.issue_id join subscribers s on s.id = r.subscriber_id
    join suppressions x on x.address_hash = s.address_hash
    where i.started_at > x.created_at and (r.state, r.reason) is distinct from ('excluded', 'suppressed')`;
  expect(sent).toHaveLength(0);
  const people = await sql<{ emailKey: string; addressHash: Uint8Array }[]>`
    select email_key, address_hash from subscribers where id % 997 = 0`;
  expect(people.length).toBeGreaterThan(10);
  for (const one of people) expect(hasher.hash(one.emailKey).equals(one.addressHash)).toBe(true);
});

test('archive and search find what was published', async () => {
  const app = await createApp(services);
  const front = await (await app.request(`${home}/p/weekly`)).text();
  const [weekly] = calendarOf(size).series;
  const newest = textOf('ko', weekly.issues, '2026-01-01');
  expect(front).toContain(newest.title);
  const ids = await services.sql<{ id: number; slug: string }[]>`select id, slug from publications`;
  for (const { language, slug } of publications) {
    const publicationId = ids.find(one => one.slug === slug)!.id;
    const { title, terms } = textOf(language, 2, '2026-01-01');
    const hits = await searchArchive(services.sql, publicationId, searchQuery(title)!, 10);
    expect(hits.map(hit => hit.title)).toContain(title);
    const glossary = await (await app.request(`${home}/p/${slug}/glossary`)).text();
    expect(glossary).toContain(terms[0]!);
  }
});

test('the console’s routes are all filled or named', async () => {
  const app = await createApp(services);
  const { pages, left } = await collect(app, services, async () => undefined);
  const routes = app.routes.filter(route => route.method === 'GET').map(route => route.path);
  expect(new Set([...pages.map(page => page.route), ...left])).toEqual(new Set(routes));
  expect(pages.find(page => page.route === '/console/issues/:id')!.paths).toHaveLength(5);
  for (const { paths } of pages) for (const path of paths) expect(path).not.toContain(':');
});

/** Routes whose address no row and no link gives. */
const unfilled: readonly string[] = [];

test('each page of the console with rows behind it is given to who may see it, and to nobody else', async () => {
  const app = await createApp(services);
  const staff: [Role, Visitor][] = [];
  for (const role of roles) staff.push([role, await logIn(app, role, addressOf(role), password)]);
  const owner = staff[0]![1];
  const { pages } = await collect(app, services, async path => {
    const answer = await ask(app, path.startsWith('/console') ? owner : nobody, path);
    return answer.status === 200 ? answer.text : undefined;
  });
  // Some say what they are of in the query alone, as links have it.
  const firstThere = async (paths: readonly string[]) => {
    for (const path of paths) if ((await ask(app, owner, path)).status !== 404) return path;
    return undefined;
  };
  const wrong: string[] = [];
  const unseen: string[] = [];
  for (const { act, path: route } of consoleRoutes.filter(one => one.method === 'get')) {
    const path = await firstThere(pages.find(page => page.route === `/console${route}`)?.paths ?? []);
    if (path === undefined) {
      unseen.push(route);
      continue;
    }
    for (const [role, visitor] of staff) {
      const { status } = await ask(app, visitor, path);
      if (may({ role }, act) ? status >= 400 : status !== 403) wrong.push(`${path} as ${role}: ${status}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(unseen.filter(route => !unfilled.includes(route))).toEqual([]);
});

test('each act of the console on rows that are there is refused to who may not do it', async () => {
  const app = await createApp(services);
  const routes = consoleRoutes.filter(one => one.method === 'post');
  const filled = await filledWith(
    services,
    routes.map(one => `/console${one.path}`),
  );
  const wrong: string[] = [];
  for (const role of roles) {
    const { headers } = await logIn(app, role, addressOf(role), password);
    const page = await ask(app, { name: role, headers }, '/console');
    const token = /name="token" value="([^"]+)"/.exec(page.text)![1]!;
    for (const [i, { act }] of routes.entries()) {
      if (may({ role }, act)) continue;
      for (const path of filled[i]!.paths) {
        const { status } = await app.request(home + path, {
          method: 'POST',
          headers: { ...headers, origin: home, 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ token }).toString(),
        });
        if (status !== 403) wrong.push(`${path} as ${role}: ${status}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});
