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

test('a revoked or expired token opens nothing', async () => {
  const { sql } = stage.services;
  const [revoked, expired] = [await tokenWith(['issues:read']), await tokenWith(['issues:read'])];
  const path = `/issues/${stage.sent.issueId}/status`;
  expect((await get(path, revoked.token)).status).toBe(200);
  expect(await revokeApiToken(sql, revoked.id)).toBe(true);
  await sql`update api_tokens set expires_at = now() - interval '1 second' where id = ${expired.id}`;
  for (const { token } of [revoked, expired]) expect((await get(path, token)).status).toBe(401);
});
