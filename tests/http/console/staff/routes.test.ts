/**
 * Each route of the console × each role: made from `consoleRoutes`, so that a route that is added is held too. Who may not is refused, and a
 * POST without the token, with another session's, or from another site's page changes nothing, whoever sends it.
 */
import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { putPublication } from '../../../../src/db/publications.ts';
import { consoleRoutes } from '../../../../src/http/console/app.tsx';
import { acts, may } from '../../../../src/http/console/may.ts';
import { createApp } from '../../../../src/http/server.ts';
import { samplePublication } from '../../../../src/model/publication.ts';
import { openServices, type Services } from '../../../support/services.ts';
import { openStaff, type Role, roles, tokenOf } from '../staff.ts';
import { Browser, origin } from '../support.ts';

let services: Services;
let app: Hono;
let staff: Record<Role, Browser>;
beforeAll(async () => {
  services = await openServices();
  app = await createApp(services);
  staff = await openStaff(services, app);
  await putPublication(services.sql, samplePublication('en'));
});
afterAll(() => services.close());

/** What stands for a route's parameter, by its name; a route that needs another is answered with 404 at worst, never with 200. */
const fixtures: Record<string, string> = { slug: 'sample' };
const pathOf = (path: string) =>
  `/console${path.replace(/\/:(\w+)(?:\{[^/]*\})?\??/g, (_, name: string) => `/${fixtures[name] ?? '1'}`)}`;

const json = { 'content-type': 'application/json' };

/** Everything that is stored, but for what a session's mere use writes. */
async function stored(): Promise<string> {
  const tables = await services.sql<{ name: string }[]>`
    select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename not in ('sessions') order by 1`;
  const sums: string[] = [];
  for (const { name } of tables) {
    const [row] = await services.sql.unsafe(
      `select count(*)::text || ' ' || coalesce(sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint), 0)::text as sum from ${name} t`,
    );
    sums.push(`${name} ${row!.sum}`);
  }
  return sums.join('\n');
}

test('there are routes of every act, and each names one', () => {
  expect(consoleRoutes.length).toBeGreaterThan(20);
  for (const { act, path, method } of consoleRoutes) expect(acts, `${method} ${path}`).toHaveProperty(act);
  const names = consoleRoutes.map(({ method, path }) => `${method} ${path}`);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

test('who is not logged in reaches none of them', async () => {
  for (const { method, path } of consoleRoutes) {
    const guest = new Browser(app);
    const answer = await guest.request(pathOf(path), {
      method: method.toUpperCase(),
      ...(method === 'post' ? { headers: { origin, ...json }, body: '{}' } : {}),
    });
    expect([301, 303, 401], `${method} ${path}`).toContain(answer.status);
    if (answer.status === 303) expect(answer.headers.get('location'), path).toMatch(/^\/console\/login/);
    await answer.body?.cancel();
  }
});

test.each(roles)('%s is refused what their role may not, and nothing is written', async role => {
  const before = await stored();
  const token = await tokenOf(staff[role]);
  const wrong: string[] = [];
  for (const { method, path, act } of consoleRoutes) {
    if (may({ role }, act)) continue;
    const answer =
      method === 'get'
        ? await staff[role].request(pathOf(path))
        : await staff[role].request(pathOf(path), {
            method: 'POST',
            headers: { origin, 'x-form-token': token, 'content-type': 'application/x-www-form-urlencoded' },
            body: new URLSearchParams({ token }).toString(),
          });
    if (answer.status !== 403) wrong.push(`${method} ${path}: ${answer.status}`);
    await answer.body?.cancel();
  }
  expect(wrong).toEqual([]);
  expect(await stored()).toBe(before);
});

test('what a role may read it can: no page fails, and reading writes nothing', async () => {
  const before = await stored();
  const wrong: string[] = [];
  for (const { method, path, act } of consoleRoutes.filter(route => route.method === 'get')) {
    const role = roles.findLast(each => may({ role: each }, act))!;
    const answer = await staff[role].request(pathOf(path));
    if (answer.status >= 500 || answer.status === 403) wrong.push(`${method} ${path} as ${role}: ${answer.status}`);
    await answer.body?.cancel();
  }
  expect(wrong).toEqual([]);
  expect(await stored()).toBe(before);
});

test('a POST without its token, with another session’s, or from another site’s page is refused and writes nothing', async () => {
  const before = await stored();
  const own = await tokenOf(staff.owner);
  const others = await tokenOf(staff.editor);
  expect(own).not.toBe(others);
  const wrong: string[] = [];
  for (const { path } of consoleRoutes.filter(route => route.method === 'post')) {
    const attempts: [name: string, headers: Record<string, string>, token: string][] = [
      ['without a token', { origin }, ''],
      ['with another session’s token', { origin }, others],
      ['from another origin', { origin: 'https://evil.example' }, own],
      ['without an origin', {}, own],
      ['from another site', { origin, 'sec-fetch-site': 'cross-site' }, own],
      ['from a sister host', { 'sec-fetch-site': 'same-site' }, own],
    ];
    for (const [name, headers, token] of attempts) {
      const forms = [
        { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
        { ...headers, ...json, ...(token ? { 'x-form-token': token } : {}) },
      ];
      for (const each of forms) {
        const body = each['content-type'] === json['content-type'] ? '{}' : new URLSearchParams({ token }).toString();
        const answer = await staff.owner.request(pathOf(path), { method: 'POST', headers: each, body });
        if (answer.status !== 403) wrong.push(`${path} ${name} (${each['content-type']}): ${answer.status}`);
        await answer.body?.cancel();
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(await stored()).toBe(before);
}, 300_000);

test('a login ends the session that the browser came with, and no session can be planted', async () => {
  const planted = 'A'.repeat(43);
  const browser = new Browser(app);
  browser.cookie = `__Host-broadsheet=${planted}`;
  expect((await browser.login('viewer@example.org', '조용한 신문 한 부 주세요')).status).toBe(303);
  expect(browser.cookie).not.toContain(planted);
  expect(browser.setCookie).toMatch(/; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  const thief = new Browser(app);
  thief.cookie = `__Host-broadsheet=${planted}`;
  expect((await thief.request('/console')).status).toBe(303);
});
