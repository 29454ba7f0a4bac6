import { createHash } from 'node:crypto';
import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOwner, setupCode } from '../../../src/http/console/app.tsx';
import { createApp } from '../../../src/http/server.ts';
import { openServices, type Services } from '../../support/services.ts';
import { Browser, origin } from './support.ts';

const email = 'owner@example.org';
const password = '조용한 신문 한 부 주세요';
let services: Services;
let app: Hono;
beforeAll(async () => {
  services = await openServices();
  app = await createApp(services);
});
afterAll(() => services.close());

const sessions = async () =>
  await services.sql<{ id: Uint8Array; hours: number }[]>`
  select id, extract(epoch from expires_at - now())::float8 / 3600 as hours from sessions`;

test('the first run: only the printed link creates the owner, once', async () => {
  const code = (await setupCode(services))!;
  expect(await setupCode(services)).toBe(code);
  expect(code).toMatch(/^[\w-]{22}$/);
  const browser = new Browser(app);
  expect(await browser.page('/console/login')).toContain('Nobody has an account yet');
  expect((await browser.request('/console/setup')).status).toBe(403);
  expect((await browser.request(`/console/setup?code=${'A'.repeat(22)}`)).status).toBe(403);
  const path = `/console/setup?code=${code}`;
  expect((await browser.submit(path, { email: 'no address', password })).status).toBe(400);
  expect((await browser.submit(path, { email, password: 'short' })).status).toBe(400);
  expect((await browser.submit(path, { email, password }, { origin: 'https://evil.example' })).status).toBe(403);
  expect(await setupCode(services)).toBe(code);
  const answers = await Promise.all([
    new Browser(app).submit(path, { email, password }),
    new Browser(app).submit(path, { email: 'other@example.org', password }),
  ]);
  expect(answers.map(answer => answer.status).sort()).toEqual([303, 400]);
  expect(await setupCode(services)).toBeUndefined();
  expect((await browser.request(path)).status).toBe(404);
  await expect(createOwner(services.sql, { email: 'third@example.org', password })).rejects.toMatchObject({
    code: 'USAGE',
  });
  await services.sql`delete from staff`;
  await expect(createOwner(services.sql, { email, password: 'short' })).rejects.toMatchObject({ code: 'USAGE' });
  await createOwner(services.sql, { email, password });
  const [row] = await services.sql<{ password: string; role: string }[]>`select password, role from staff`;
  expect(row!.role).toBe('owner');
  expect(row!.password).toMatch(/^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
});

test('everything is behind the login, which leads back to where one wanted to go', async () => {
  const browser = new Browser(app);
  for (const path of [
    '/console',
    '/console/queues',
    '/console/queues/queue/plan-issue',
    '/console/queues/static/favicon.ico',
    '/console/nothing',
  ]) {
    const answer = await browser.request(path);
    expect(answer.status, path).toBe(303);
    expect(answer.headers.get('location')).toMatch(/^\/console\/login/);
  }
  expect((await browser.request('/console/queues/api/queues')).status).toBe(401);
  expect(
    (await browser.request('/console/queues/api/queues/pause', { method: 'PUT', headers: { origin } })).status,
  ).toBe(401);
  const asked = await browser.request('/console/queues/queue/plan-issue?page=2');
  const login = asked.headers.get('location')!;
  const answer = await browser.login(email, password, login);
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toBe('/console/queues/queue/plan-issue?page=2');
  for (const next of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/console/../evil',
    '/p/x',
    '/console/logout',
    'javascript:alert(1)',
  ]) {
    const led = await new Browser(app).login(email, password, `/console/login?next=${encodeURIComponent(next)}`);
    expect(led.headers.get('location'), next).toBe('/console');
  }
});

test('a session: a Host cookie, its hash on the server, new at login, gone at logout', async () => {
  await services.sql`delete from sessions`;
  const browser = new Browser(app);
  await browser.page('/console/login');
  const before = browser.cookie;
  expect(browser.setCookie).toMatch(/^__Host-broadsheet=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  // Right password, any spelling of the address, and Hangul as a Mac types it.
  expect((await browser.login('Owner@Example.org', password.normalize('NFD'))).status).toBe(303);
  expect(browser.cookie).not.toBe(before);
  expect(browser.setCookie).toMatch(/^__Host-broadsheet=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  const [session, ...others] = await sessions();
  expect(others).toEqual([]);
  expect(Buffer.from(session!.id).equals(createHash('sha256').update(browser.cookie.split('=')[1]!).digest())).toBe(
    true,
  );
  expect(session!.hours).toBeCloseTo(12, 1);
  expect((await browser.request('/console')).status).toBe(200);
  await services.sql`update sessions set expires_at = now() + interval '1 hour'`;
  expect((await browser.request('/console')).status).toBe(200);
  expect((await sessions())[0]!.hours).toBeCloseTo(12, 1);
  const other = new Browser(app);
  other.cookie = before;
  expect((await other.request('/console')).status).toBe(303);
  const stolen = browser.cookie;
  expect((await browser.post('/console/logout', { token: 'x' })).status).toBe(403);
  expect((await browser.submit('/console', {})).status).toBe(303);
  expect(await sessions()).toEqual([]);
  other.cookie = stolen;
  expect((await other.request('/console')).status).toBe(303);
});

test('a session ends after 12 hours unused, and after a week in any case', async () => {
  const browser = new Browser(app);
  await browser.login(email, password);
  await services.sql`update sessions set created_at = now() - interval '8 days'`;
  expect((await browser.request('/console')).status).toBe(303);
  await services.sql`update sessions set created_at = now(), expires_at = now() - interval '1 second'`;
  expect((await browser.request('/console')).status).toBe(303);
});

test('changes from elsewhere are refused, whatever the cookie', async () => {
  const browser = new Browser(app);
  const fields = { email, password };
  expect((await browser.submit('/console/login', fields, {})).status).toBe(403);
  expect((await browser.submit('/console/login', fields, { origin: 'null' })).status).toBe(403);
  expect((await browser.submit('/console/login', fields, { origin, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await browser.submit('/console/login', fields, { 'sec-fetch-site': 'same-site' })).status).toBe(403);
  const noToken = await browser.post('/console/login', fields);
  expect(noToken.status).toBe(403);
  expect(await noToken.text()).toContain('too old');
  const foreign = new Browser(app);
  await foreign.page('/console/login');
  expect(
    (
      await foreign.post('/console/login', {
        ...fields,
        token: /value="([\w-]{43})"/.exec(await browser.page('/console/login'))![1]!,
      })
    ).status,
  ).toBe(403);
  expect((await browser.submit('/console/login', fields, { 'sec-fetch-site': 'same-origin' })).status).toBe(303);
  const pages = await browser.request('/console');
  expect(pages.headers.get('referrer-policy')).toBe('same-origin');
  expect(pages.headers.get('x-frame-options')).toBe('DENY');
  expect(pages.headers.get('cache-control')).toBe('no-store');
  expect(pages.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; script-src 'self'; style-src 'self'; /,
  );
});

test('unknown addresses get the same answer in the same time; tries are limited for both', async () => {
  const judge = async (who: string, ip: string) => {
    const browser = new Browser(app, { 'x-forwarded-for': `1.2.3.4, ${ip}` });
    await browser.page('/console/login');
    const started = performance.now();
    const answer = await browser.login(who, 'wrong password');
    return {
      ms: performance.now() - started,
      status: answer.status,
      text: (await answer.text()).replace(/(?:value|content)="[^"]*"/g, ''),
    };
  };
  const [known, unknown] = [await judge(email, '192.0.2.1'), await judge('nobody@example.org', '192.0.2.2')];
  expect(unknown.text).toBe(known.text);
  expect(unknown.status).toBe(403);
  // Without the password's work an answer takes a few milliseconds; load only makes both slower.
  expect(Math.min(known.ms, unknown.ms)).toBeGreaterThan(10);
  for (const who of [email, 'nobody@example.org']) {
    // All at once: a try counts before it is judged.
    const answers = await Promise.all(Array.from({ length: 12 }, () => judge(who, '192.0.2.77')));
    const statuses = answers.map(answer => answer.status).sort();
    expect(statuses).toEqual([...Array(10).fill(403), 429, 429]);
  }
  // The owner elsewhere still gets in.
  expect((await new Browser(app, { 'x-forwarded-for': '192.0.2.78' }).login(email, password)).status).toBe(303);
  const keys = await services.queues.redis.keys(`${services.config.queuePrefix}:login:*`);
  expect(keys.length).toBeGreaterThan(3);
  expect(keys.join()).not.toContain('@');
  for (const key of keys) expect(await services.queues.redis.pttl(key)).toBeGreaterThan(0);
});

test('pages come in Korean and English, and the choice is kept', async () => {
  const korean = new Browser(app, { 'accept-language': 'ko-KR,ko;q=0.9,en-US;q=0.8' });
  const page = await korean.page('/console/login');
  expect(page).toContain('<html lang="ko">');
  expect(page).toContain('비밀번호');
  expect(await new Browser(app).page('/console/login?lang=ko')).toContain('비밀번호');
  expect(await new Browser(app, { 'accept-language': 'de,en;q=0.5,ko;q=0.6' }).page('/console/login')).toContain(
    '비밀번호',
  );
});

test('a first visit of the login gets one cookie, and every token of the page is its', async () => {
  const answer = await app.request(`${origin}/console/login`);
  expect(answer.headers.getSetCookie().filter(line => /^(__Host-)?broadsheet=/.test(line))).toHaveLength(1);
  const tokens = [...(await answer.text()).matchAll(/(?:name="token" value|name="form-token" content)="([^"]+)"/g)];
  expect(tokens.length).toBeGreaterThan(0);
  expect(new Set(tokens.map(([, token]) => token)).size).toBe(1);
});
