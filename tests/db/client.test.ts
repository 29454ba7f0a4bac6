/** The driver when Postgres cuts connections, as a restart or failover does: every query is answered, one way or the other. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDatabase } from '../../src/db/client.ts';
import { openServices, type Services } from '../support/services.ts';

let services: Services;
beforeAll(async () => {
  services = await openServices();
});
afterAll(() => services.close());

test('no query hangs, and the pool is whole again afterwards', async () => {
  const sql = connectDatabase(services.env.DATABASE_URL!, 4);
  const counts = { done: 0, failed: 0 };
  let cuts = 0;
  const ask = async () => {
    while (cuts < 60) {
      await sql`select pg_sleep(0.002), ${'x'.repeat(100)}::text`.then(
        () => counts.done++,
        () => counts.failed++,
      );
    }
  };
  const asking = Promise.all(Array.from({ length: 8 }, ask));
  // Each cut meets connections in all their phases: starting, idle, writing, waiting. One that hung would hang the test.
  for (; cuts < 60; cuts++) {
    await new Promise(resolve => setTimeout(resolve, 40));
    await services.cutConnections();
  }
  await asking;
  expect(counts.done).toBeGreaterThan(0);
  expect(counts.failed).toBeGreaterThan(0);
  for (let i = 0; i < 8; i++) await sql`select 1`.catch(() => {});
  expect(await Promise.all(Array.from({ length: 8 }, () => sql`select 1 as n`))).toHaveLength(8);
  await sql.end();
});
