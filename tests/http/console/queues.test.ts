import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { putPublication } from '../../../src/db/publications.ts';
import { createOwner } from '../../../src/http/console/app.tsx';
import { createApp } from '../../../src/http/server.ts';
import { queueNames } from '../../../src/queue/queues.ts';
import { publicationOf } from '../../support/fixtures.ts';
import { openServices, type Services } from '../../support/services.ts';
import { Browser, origin } from './support.ts';

const email = 'owner@example.org';
const password = 'a quiet newspaper';
let services: Services;
let app: Hono;
let browser: Browser;
beforeAll(async () => {
  services = await openServices();
  app = await createApp(services);
  await createOwner(services.sql, { email, password });
  browser = new Browser(app);
  await browser.login(email, password);
});
afterAll(() => services.close());

test('the board shows all queues, under our policy, without other hosts', async () => {
  const answer = await browser.request('/console/queues');
  expect(answer.status).toBe(200);
  const page = await answer.text();
  expect(page).toContain('<base href="/console/queues/" />');
  expect(page).not.toMatch(/(src|href)="https?:/);
  expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
  expect(await (await browser.request('/console/queues', { headers: { 'accept-language': 'ko' } })).text()).toContain(
    '"lng":"ko-KR"',
  );
  const queues = (await (await browser.request('/console/queues/api/queues')).json()) as { queues: { name: string }[] };
  expect(queues.queues.map(queue => queue.name).sort()).toEqual([...queueNames].sort());
  for (const [, file] of page.matchAll(/(?:src|href)="(static\/[^"]+)"/g)) {
    expect((await browser.request(`/console/queues/${file}`)).status, file).toBe(200);
  }
});

test('a slash at the end leads to the same page', async () => {
  for (const [path, to] of [
    ['/console/queues/', '/console/queues'],
    ['/console/', '/console'],
    ['/console/queues/queue/plan-issue/?x=1', '/console/queues/queue/plan-issue?x=1'],
  ] as const) {
    const answer = await browser.request(path);
    expect(answer.status).toBe(301);
    expect(answer.headers.get('location')).toBe(to);
  }
});

test('the board’s changes pass the same guard, and need a role', async () => {
  const pause = (headers: Record<string, string>, who = browser) =>
    who.request('/console/queues/api/queues/plan-issue/pause', { method: 'PUT', headers });
  const queue = services.queues.all().find(one => one.name === 'plan-issue')!;
  expect((await pause({})).status).toBe(403);
  expect((await pause({ origin: 'https://evil.example', 'content-type': 'application/json' })).status).toBe(403);
  expect((await pause({ 'sec-fetch-site': 'cross-site', origin })).status).toBe(403);
  await services.sql`update staff set role = 'viewer'`;
  expect((await pause({ origin })).status).toBe(403);
  expect((await browser.request('/console/queues')).status).toBe(200);
  expect(await queue.isPaused()).toBe(false);
  await services.sql`update staff set role = 'operator'`;
  expect((await pause({ 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  expect(await queue.isPaused()).toBe(true);
  await queue.resume();
  // Written down once: what was refused changed nothing.
  const written = await services.sql`select email, act, subject, detail from audit where act = 'queue.change'`;
  expect([...written]).toEqual([
    { email, act: 'queue.change', subject: 'queue plan-issue', detail: { method: 'PUT', what: 'pause' } },
  ]);
});

test('the home page lists issues with counts that add up', async () => {
  expect(await browser.page('/console')).toContain('No issue yet');
  const { sql } = services;
  await putPublication(sql, publicationOf({ slug: 'weekly', name: '주간 <b>', timeZone: 'Asia/Seoul' }));
  await sql`insert into issues (publication_id, slug, state, title, source_hash) select id, 'first', 'sending', 'One & <two>', '\\x00' from publications`;
  await sql`insert into subscribers (email, email_key, domain, address_hash)
    select a, a, 'example.org', a::bytea from (select n || '@example.org' as a from generate_series(1, 1234) n)`;
  await sql`insert into recipients (issue_id, subscriber_id, state)
    select i.id, s.id, case when s.id % 10 = 0 then 'deferred' when s.id % 10 = 1 then 'rejected' else 'accepted' end from issues i, subscribers s`;
  const page = await browser.page('/console');
  expect(page).toContain('One &amp; &lt;two&gt;');
  expect(page).toContain('주간 &lt;b&gt; · first');
  const counts = [...page.matchAll(/data-label="(\w+)">([\d,]+)</g)].map(match => [
    match[1],
    Number(match[2]!.replace(',', '')),
  ]);
  const of = Object.fromEntries(counts) as Record<string, number>;
  expect(of.Audience).toBe(1234);
  expect(of.Accepted! + of.Waiting! + of.Refused! + of.Unknown! + of.Excluded!).toBe(1234);
  expect(of.Waiting).toBe(123);
  expect(page).toContain('GMT+9');
});
