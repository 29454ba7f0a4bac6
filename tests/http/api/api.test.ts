import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertApiToken, revokeApiToken } from '../../../src/db/api-tokens.ts';
import { digestOf, newToken } from '../../../src/http/api/tokens.ts';
import { openStage, type Stage } from '../public/support.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ readers: 3 });
});
afterAll(() => stage.services.close());

async function tokenWith(scopes: string[]): Promise<{ id: number; token: string }> {
  const token = newToken();
  const row = { digest: digestOf(token), name: 'test', scopes, days: 1 };
  return { id: await insertApiToken(stage.services.sql, row), token };
}
const get = (path: string, token?: string) =>
  stage.app.request(`/api/v1${path}`, token ? { headers: { authorization: `Bearer ${token}` } } : {});

test('every documented route refuses without a token, with an unknown one and with another scope', async () => {
  const { paths } = (await (await get('/openapi.json')).json()) as { paths: Record<string, unknown> };
  const { token } = await tokenWith([]);
  expect(Object.keys(paths)).toHaveLength(4);
  for (const path of Object.keys(paths).map(p => p.replace('/api/v1', '').replace(/\{\w+\}/, 'x'))) {
    expect((await get(path)).status, path).toBe(401);
    expect((await get(path, newToken())).status, path).toBe(401);
    expect((await get(path, token)).status, path).toBe(403);
  }
});

test('answers are what the database holds; what is not there is a problem with a code', async () => {
  const { token } = await tokenWith(['publications:read', 'issues:read']);
  const list = (await (await get('/publications', token)).json()) as { slug: string }[];
  expect(list).toHaveLength(1);
  expect(await (await get(`/publications/${list[0]!.slug}`, token)).json()).toEqual(list[0]);
  const issue = stage.sent.issueId;
  expect(await (await get(`/issues/${issue}/status`, token)).json()).toMatchObject({ audience: 3 });
  expect(await (await get(`/issues/${issue}/report`, token)).json()).toMatchObject({ opens: null });
  const missing = await get('/issues/none/status', token);
  expect(missing.status).toBe(404);
  expect(missing.headers.get('content-type')).toBe('application/problem+json');
  expect(await missing.json()).toMatchObject({ code: 'ISSUE_UNKNOWN', status: 404 });
});

test('a revoked or expired token opens nothing', async () => {
  const { sql } = stage.services;
  const [revoked, expired] = [await tokenWith(['issues:read']), await tokenWith(['issues:read'])];
  const path = `/issues/${stage.sent.issueId}/status`;
  expect((await get(path, revoked.token)).status).toBe(200);
  expect(await revokeApiToken(sql, revoked.id)).toBe(true);
  await sql`update api_tokens set expires_at = now() - interval '1 second' where id = ${expired.id}`;
  for (const { token } of [revoked, expired]) expect((await get(path, token)).status).toBe(401);
});
