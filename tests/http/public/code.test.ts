/** The page with a reader's own discount code. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addCodes, putPool } from '../../../src/db/codes.ts';
import { forged, openStage, type Stage } from './support.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ readers: 2 });
  const { sql } = stage.services;
  const poolId = await putPool(sql, stage.sent.publicationId, 'spring', '2099-05-31');
  await addCodes(sql, poolId, ['SPRING-<1>', 'SPRING-2']);
  await sql`update issues set pool_id = ${poolId} where id = ${stage.sent.issueId}`;
  await sql`update discount_codes set subscriber_id = ${stage.sent.subscriberIds[0]!}, issue_id = ${stage.sent.issueId}, assigned_at = now() where code = 'SPRING-<1>'`;
});
afterAll(() => stage.services.close());

const page = async (path: string) => {
  const answer = await stage.app.request(path);
  return { status: answer.status, html: await answer.text() };
};

test('shows the code that was given out, escaped, with its last day', async () => {
  const { status, html } = await page(stage.link('code', 0));
  expect(status).toBe(200);
  expect(html).toContain('SPRING-&lt;1&gt;');
  expect(html).toContain('2099년 5월 31일');
});

test('a reader without one is told so, and looking gives none out', async () => {
  const { status, html } = await page(stage.link('code', 1));
  expect(status).toBe(200);
  expect(html).not.toContain('SPRING-');
  const [row] = await stage.services.sql`select count(*)::int as n from discount_codes where subscriber_id is not null`;
  expect(row!.n).toBe(1);
});

test('no other link, and no altered one, shows a code', async () => {
  expect((await page(forged(stage.link('code', 0)))).status).toBe(404);
  expect((await page(stage.link('web', 0).replace(/web$/, 'code'))).status).toBe(404);
});

test('a code whose day is over says so', async () => {
  await stage.services.sql`update code_pools set expires = '2020-01-02'`;
  expect((await page(`${stage.link('code', 0)}?lang=en`)).html).toContain('It could be used until January 2, 2020');
});
