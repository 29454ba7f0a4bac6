/** Counting an audience of several parts: told as far as it has come, begun once for all who look, and stopped when nobody does. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertManuscript } from '../../../../src/db/manuscripts.ts';
import { countOn, partSize } from '../../../../src/http/console/send/count.ts';
import { createApp } from '../../../../src/http/server.ts';
import { audience } from '../../../support/fixtures.ts';
import { openServices, type Services } from '../../../support/services.ts';
import { openStaff, type Role } from '../staff.ts';
import type { Browser } from '../support.ts';

const parts = 4;
const readers = parts * partSize - 10;
let services: Services;
let staff: Record<Role, Browser>;
let publicationId: number;

beforeAll(async () => {
  services = await openServices({ SMTP_URL: 'smtp://127.0.0.1:9?tls=off' });
  staff = await openStaff(services, await createApp(services));
  const made = await audience(services, ['here@example.net']);
  publicationId = made.publicationId;
  await services.sql`
    with people as (
      insert into subscribers (email, email_key, domain, address_hash)
      select address, address, 'example.com', sha256(address::bytea)
      from (select 'reader' || n || '@example.com' as address from generate_series(1, ${readers - 1}::int) n) numbered returning id
    )
    insert into subscriptions (publication_id, subscriber_id, state, source) select ${publicationId}, id, 'active', 'import' from people`;
  await services.sql`analyze`;
});
afterAll(() => services.close());

/** Postgres answers no count while it is shut. */
async function shut(): Promise<() => Promise<void>> {
  const lock = await services.sql.reserve();
  await lock`begin`;
  await lock`lock table suppressions in access exclusive mode`;
  return async () => {
    await lock`rollback`;
    lock.release();
  };
}

test('what is known is told at once, the rest goes on by itself, and is known from then on', async () => {
  const open = await shut();
  const first = await countOn(services.sql, publicationId, null);
  expect(first).toMatchObject({ looked: 0, matching: 0, after: 0 });
  await open();
  await expect.poll(async () => (await countOn(services.sql, publicationId, null)).after).toBeNull();
  expect(await countOn(services.sql, publicationId, null)).toMatchObject({ looked: readers, matching: readers });
  // Kept: Postgres is not asked.
  const openAgain = await shut();
  expect(await countOn(services.sql, publicationId, null)).toMatchObject({ matching: readers });
  await openAgain();
});

test('the last look waits for the number, and only then asks for it', async () => {
  const manuscript = await insertManuscript(services.sql, {
    publicationId,
    title: '제목',
    source: '---\ntitle: 제목\nsubject: 제목\n---\n\n안녕하세요.\n\n## 글\n\n본문입니다.\n',
    by: 1,
  });
  const path = `/console/manuscripts/${manuscript}/send/confirm?to=rule&match=all&what=domain&value=example.com&when=now`;
  const open = await shut();
  const waiting = await staff.editor.request(path);
  expect(waiting.headers.get('refresh')).toMatch(/^1;url=\/console\/manuscripts\/\d+\/send\/confirm\?.*example\.com/);
  expect(await waiting.text()).not.toContain('name="typed"');
  await open();
  await expect
    .poll(async () => (await staff.editor.request(path)).headers.get('refresh'), { timeout: 20_000 })
    .toBeNull();
  const page = await staff.editor.page(path);
  expect(page).toContain(`${(readers - 1).toLocaleString('en')} readers get this mail`);
  expect(page).toContain('name="typed"');
});
