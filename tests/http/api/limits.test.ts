import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiApp } from '../../../src/http/api/app.ts';
import { type Api, openApi } from './support.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

test('a token has so many requests a minute, whichever process it asks; costly ones count as several', async () => {
  const [first, second] = [apiApp(api.services, 25), apiApp(api.services, 25)];
  const token = await api.tokenWith(['publications:read', 'issues:read']);
  const ask = (app: typeof first, path: string) => app.request(path, { headers: { authorization: `Bearer ${token}` } });
  for (let i = 1; i <= 4; i++) {
    const reply = await ask(i % 2 ? first : second, '/publications');
    expect(reply.status).toBe(200);
    expect(reply.headers.get('ratelimit-policy')).toBe('"token";q=25;w=60');
    expect(reply.headers.get('ratelimit')).toMatch(new RegExp(`^"token";r=${25 - i};t=([1-9]|[1-5]\\d|60)$`));
  }
  // A refusal counts too, and says what is left.
  const check = await ask(first, '/issues/999/check');
  expect([check.status, check.headers.get('ratelimit')?.split(';t')[0]]).toEqual([404, '"token";r=1']);
  expect((await ask(second, '/publications')).status).toBe(200);
  const over = await ask(first, '/publications');
  expect([over.status, over.headers.get('content-type')]).toEqual([429, 'application/problem+json']);
  expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(over.headers.get('ratelimit')).toMatch(/^"token";r=0;t=/);
  expect(await over.json()).toMatchObject({ code: 'RATE_EXCEEDED', status: 429 });
  const other = await api.tokenWith(['publications:read']);
  expect((await first.request('/publications', { headers: { authorization: `Bearer ${other}` } })).status).toBe(200);
});

test('the count ends by itself', async () => {
  const { redis } = api.services.queues;
  await api.call('GET', '/publications', { isCounted: true });
  const keys = await redis.keys(`${api.services.config.queuePrefix}:api:*`);
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(0);
});
