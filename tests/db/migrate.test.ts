import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../src/db/migrate.ts';
import { openServices, type Services } from '../support/services.ts';

let services: Services;
beforeAll(async () => {
  services = await openServices();
});
afterAll(() => services.close());

test('migrations run once, however many processes start together', async () => {
  const applied = await Promise.all(Array.from({ length: 4 }, () => migrate(services.sql)));
  expect(applied.flat()).toEqual([]);
  const [row] = await services.sql<{ n: number }[]>`select count(*)::int as n from migrations`;
  expect(row!.n).toBeGreaterThan(0);
});

test('ids and counts arrive as numbers, columns in camelCase, documents untouched', async () => {
  const [row] = await services.sql`select 5::bigint as some_id, '{"snake_case": 1}'::jsonb as some_document`;
  expect(row).toEqual({ someId: 5, someDocument: { snake_case: 1 } });
});
