import net from 'node:net';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDatabase } from '../../../src/db/client.ts';
import { createApp, listen } from '../../../src/http/server.ts';
import { Queues } from '../../../src/queue/queues.ts';
import { openStage, type Stage } from './support.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ readers: 2 }, { PUBLIC_URL: 'https://example.org/news', LOG_LEVEL: 'silent' });
});
afterAll(() => stage.services.close());

test('health, readiness, metrics', async () => {
  expect((await stage.app.request('/healthz')).status).toBe(200);
  expect(await (await stage.app.request('/readyz')).json()).toEqual({ ready: true, missing: [] });
  await stage.app.request(stage.link('like', 0));
  const answer = await stage.app.request('/metrics');
  const text = await answer.text();
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
  expect(text).toContain('broadsheet_http_requests_total{route="/r/:token/like",method="GET",status="200"} 1');
  expect(text).toContain('broadsheet_queue_jobs{queue="deliver-batch",state="waiting"} 0');
  expect(text).toContain('broadsheet_workers{role="tick"} 0');
  expect(text).toContain('process_cpu_seconds_total');
  expect(text).not.toMatch(/@|\/r\/[A-Za-z0-9_-]{20}/);
});

test('links of the site keep the path of PUBLIC_URL; transport security is asked for', async () => {
  const answer = await stage.app.request(stage.link('unsubscribe', 0));
  expect(await answer.text()).toMatch(/href="\/news\/r\/[A-Za-z0-9_-]{43}\/preferences"/);
  expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000');
});

test('a database that is away: /readyz names it, pages hide why, a link followed lately still leads on', async () => {
  const sql = connectDatabase(stage.services.env.DATABASE_URL!, 2);
  const app = await createApp({ ...stage.services, sql });
  const follow = async () => {
    const answer = await app.request(stage.link('click', 0, 1));
    return [answer.status, answer.headers.get('location')];
  };
  expect(await follow()).toEqual([302, 'https://arxiv.org/abs/2406.00001']);
  await sql.end();
  expect(await follow()).toEqual([302, 'https://arxiv.org/abs/2406.00001']);
  const ready = await app.request('/readyz');
  expect([ready.status, await ready.json()]).toEqual([503, { ready: false, missing: ['postgres'] }]);
  const page = await app.request(stage.link('unsubscribe', 0));
  expect(page.status).toBe(500);
  expect(await page.text()).not.toMatch(/CONNECTION|localhost|\.ts/);
  expect(await (await app.request('/metrics')).text()).toContain('broadsheet_figures_missing{figures="recipients"} 1');
});

test('a Redis that is away holds up no reader', async () => {
  const queues = new Queues('redis://127.0.0.1:1', '{none}');
  const app = await createApp({ ...stage.services, queues });
  const started = Date.now();
  expect((await app.request(stage.link('click', 1, 1))).status).toBe(302);
  expect(Date.now() - started).toBeLessThan(500);
  expect(await (await app.request('/readyz')).json()).toEqual({ ready: false, missing: ['redis'] });
  // Until the request for a judgement has been made, and has failed quietly.
  await new Promise(resolve => setTimeout(resolve, 1500));
  queues.redis.disconnect();
});

test('listens on a free port, serves HEAD without a body, closes in bounded time', async () => {
  const server = await listen(stage.app, { host: '127.0.0.1', port: 0 });
  expect(server.port).toBeGreaterThan(0);
  const url = `http://127.0.0.1:${server.port}`;
  const get = await fetch(`${url}/p/watch`);
  const head = await fetch(`${url}/p/watch`, { method: 'HEAD' });
  expect([get.status, head.status, await head.text()]).toEqual([200, 200, '']);
  expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
  const form = new FormData();
  form.append('List-Unsubscribe', 'One-Click');
  expect(
    (await fetch(url + stage.link('unsubscribe', 1), { method: 'POST', body: form, redirect: 'manual' })).status,
  ).toBe(200);
  await expect(listen(stage.app, { host: '127.0.0.1', port: server.port })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
  });
  const idle = net.connect(server.port, '127.0.0.1');
  idle.on('error', () => {});
  await new Promise(resolve => idle.once('connect', resolve));
  const started = Date.now();
  await server.close();
  expect(Date.now() - started).toBeLessThan(8000);
  idle.destroy();
});

test('a request under way finishes before the server is gone', async () => {
  const slow = new Hono().get('/', async c => {
    await new Promise(resolve => setTimeout(resolve, 300));
    return c.text('done');
  });
  const server = await listen(slow, { host: '127.0.0.1', port: 0 });
  const answer = fetch(`http://127.0.0.1:${server.port}/`).then(response => response.text());
  await new Promise(resolve => setTimeout(resolve, 100));
  const started = Date.now();
  await server.close();
  expect(await answer).toBe('done');
  expect(Date.now() - started).toBeLessThan(2000);
});
