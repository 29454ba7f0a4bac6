/** Discount codes of one's own: one for each reader who is sent the promo, whatever is sent again. */
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { addCodes, findPool, offerOf, putPool, redeemCodes } from '../../src/db/codes.ts';
import { findIssue } from '../../src/db/issues.ts';
import { putPublication } from '../../src/db/publications.ts';
import { heartbeat } from '../../src/db/workers.ts';
import { deliverBatch } from '../../src/deliver/batch.ts';
import { type Deliverer, openDeliverer } from '../../src/deliver/delivery.ts';
import { checkCodes, codeWarningText } from '../../src/enqueue/codes.ts';
import { control } from '../../src/enqueue/control.ts';
import { planAndQueue } from '../../src/enqueue/plan.ts';
import { resend } from '../../src/enqueue/resend.ts';
import type { Issue } from '../../src/model/issue.ts';
import { type Publication, publicationSchema } from '../../src/model/publication.ts';
import { render } from '../../src/render/render.ts';
import { status } from '../../src/track/status.ts';
import { audience, emptyIssue, publicationOf, submitIssue } from '../support/fixtures.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { openServices, type Services } from '../support/services.ts';

const workerId = '00000000-0000-4000-8000-000000000003';
const readers = 12;

let services: Services;
let relay: Relay;
let deliverer: Deliverer;
let publicationId: number;
let publication: Publication;
let people: number[];
let poolId: number;
let turn = 0;

beforeAll(async () => {
  relay = await startRelay();
  services = await openServices({ SMTP_URL: relay.url });
  await heartbeat(services.sql, workerId, 'test');
  deliverer = openDeliverer(services, workerId, new AbortController().signal);
});
afterAll(async () => {
  deliverer.close();
  await services.close();
  await relay.close();
});
beforeEach(async () => {
  relay.script = {};
  relay.accepted.length = 0;
  turn++;
  publication = publicationOf({ slug: `codes-${turn}`, law: ['kr'] });
  const made = await audience(
    services,
    Array.from({ length: readers }, (_, i) => `c${turn}-${i}@example.net`),
    publication,
  );
  publicationId = made.publicationId;
  people = made.subscriberIds;
  // Every third reader agreed to advertising.
  await services.sql`update subscriptions set advertising = true where publication_id = ${publicationId} and subscriber_id % 3 = 0`;
  poolId = await putPool(services.sql, publicationId, 'spring', null);
});

const agreed = () => people.filter(id => id % 3 === 0);
const codes = (n: number, from = 0) => Array.from({ length: n }, (_, i) => `SPRING-${turn}-${from + i}`);

const issueWithPool: Issue = {
  ...emptyIssue,
  subject: '(광고) 봄 할인',
  sections: [
    {
      type: 'greeting',
      id: 'greeting',
      body: [{ type: 'paragraph', children: [{ type: 'text', value: '안녕하세요.' }] }],
    },
    {
      type: 'promo',
      id: 'promo',
      heading: '봄 할인',
      body: [{ type: 'paragraph', children: [{ type: 'text', value: '책값을 깎아 드려요.' }] }],
      pool: 'spring',
      url: 'https://shop.example/',
    },
    { type: 'closing', id: 'closing', body: [], actions: ['like'], labels: {} },
  ],
};

async function submitted(): Promise<{ id: number; slug: string }> {
  const edition = await render(issueWithPool, { publication });
  return submitIssue(services, publicationId, { issue: issueWithPool, edition, slug: `codes-issue-${turn}` });
}

async function sendAll(issueId: number): Promise<void> {
  const batches = await services.sql<{ id: number }[]>`select id from batches where issue_id = ${issueId} order by id`;
  await Promise.all(batches.map(batch => deliverBatch(deliverer.delivery, batch.id)));
}

const given = () =>
  services.sql<{ subscriberId: number; code: string }[]>`
    select subscriber_id, code from discount_codes where pool_id = ${poolId} and subscriber_id is not null order by subscriber_id`;

test('each reader who agreed to advertising has a code of their own in both parts; the others have no promo and no label', async () => {
  await addCodes(services.sql, poolId, codes(6));
  const issue = await submitted();
  await planAndQueue(services, issue.id);
  await sendAll(issue.id);
  expect(relay.accepted).toHaveLength(readers);
  const own = new Map((await given()).map(row => [row.subscriberId, row.code]));
  expect([...own.keys()]).toEqual(agreed());
  expect(new Set(own.values()).size).toBe(agreed().length);
  for (const message of relay.accepted) {
    const mail = await PostalMime.parse(message.raw);
    const [person] = await services.sql<{ id: number }[]>`select id from subscribers where email_key = ${message.to}`;
    const code = own.get(person!.id);
    for (const part of [mail.html!, mail.text!]) {
      expect(part.match(/SPRING-\d+-\d+/g) ?? []).toEqual(code ? [code] : []);
      expect(part.includes('봄 할인')).toBe(code !== undefined);
    }
    expect(mail.text).not.toMatch(/\n{3,}/);
    expect(mail.subject).toBe(code ? '(광고) 봄 할인' : '봄 할인');
  }
});

test('without a law that asks for consent everyone is sent the promo and a code', async () => {
  publication = publicationSchema.parse({ ...publication, law: [] });
  await putPublication(services.sql, publication);
  await addCodes(services.sql, poolId, codes(readers));
  const issue = await submitted();
  await planAndQueue(services, issue.id);
  await sendAll(issue.id);
  expect((await given()).map(row => row.subscriberId)).toEqual(people);
  for (const { raw } of relay.accepted) expect((await PostalMime.parse(raw)).text).toContain('SPRING-');
});

test('a retry, a resend and a later issue with the same pool bring the same code', async () => {
  await addCodes(services.sql, poolId, codes(10));
  const first = await submitted();
  await planAndQueue(services, first.id);
  const before = await given();
  relay.script.done = () => '550 5.6.0 not this one';
  await sendAll(first.id);
  relay.script = {};
  await resend(services, await issueRow(first.id), ['rejected'], false);
  await sendAll(first.id);
  expect((await status(services.sql, first)).accepted).toBe(readers);
  const second = await submitted();
  await planAndQueue(services, second.id);
  expect(await given()).toEqual(before);
});

async function issueRow(id: number) {
  return (await findIssue(services.sql, String(id)))!;
}

test('codes are counted before anything is stored: too few, an unknown pool and one whose time is over are refused', async () => {
  await addCodes(services.sql, poolId, codes(2));
  await expect(submitted()).rejects.toMatchObject({ code: 'CODES_SHORT' });
  await addCodes(services.sql, poolId, codes(3, 2));
  expect(await checkCodes(services.sql, publicationId, issueWithPool)).toEqual([]);
  await putPool(services.sql, publicationId, 'spring', '2020-01-31');
  await expect(submitted()).rejects.toMatchObject({ code: 'POOL_EXPIRED' });
  const other = structuredClone(issueWithPool);
  Object.assign(other.sections[1]!, { pool: 'autumn' });
  await expect(checkCodes(services.sql, publicationId, other)).rejects.toMatchObject({ code: 'POOL_UNKNOWN' });
  expect(await services.sql`select from issues where publication_id = ${publicationId}`).toHaveLength(0);
});

test('few codes left and a near end are worth a word', async () => {
  await addCodes(services.sql, poolId, codes(agreed().length));
  const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
  await putPool(services.sql, publicationId, 'spring', tomorrow);
  const warnings = await checkCodes(services.sql, publicationId, issueWithPool);
  expect(warnings.map(codeWarningText).join()).toMatch(/0 of \d+ codes left.*until/s);
});

test('an audience that outgrew its codes is held before anyone is mailed; more codes let it go on', async () => {
  await addCodes(services.sql, poolId, codes(agreed().length));
  const issue = await submitted();
  // Somebody used two of them meanwhile, as far as the shop says.
  await redeemCodes(services.sql, poolId, codes(2));
  await planAndQueue(services, issue.id);
  await sendAll(issue.id);
  expect(relay.accepted).toHaveLength(0);
  expect(await status(services.sql, issue)).toMatchObject({
    state: 'held',
    reason: expect.stringContaining('CODES_SHORT'),
  });
  await expect(control(services, issue.slug, 'resume')).rejects.toMatchObject({ code: 'CODES_SHORT' });
  await addCodes(services.sql, poolId, codes(5, 100));
  await control(services, issue.slug, 'resume');
  await sendAll(issue.id);
  expect(relay.accepted).toHaveLength(readers);
  expect((await given()).map(row => row.subscriberId)).toEqual(agreed());
});

test('two issues that are planned at once give no code twice', async () => {
  await addCodes(services.sql, poolId, codes(3 * readers));
  const issues = [await submitted(), await submitted()];
  await Promise.all(issues.map(issue => planAndQueue(services, issue.id)));
  const rows = await given();
  expect(new Set(rows.map(row => row.code)).size).toBe(rows.length);
  expect(rows.map(row => row.subscriberId)).toEqual(agreed());
});

test('a test mail and a look at the page spend nothing', async () => {
  await addCodes(services.sql, poolId, codes(agreed().length));
  const edition = await render(issueWithPool, { publication });
  const issue = await submitIssue(services, publicationId, {
    issue: issueWithPool,
    edition,
    testReaders: [people[0]!],
  });
  await sendAll(issue.id);
  expect((await PostalMime.parse(relay.accepted[0]!.raw)).text).toContain('SAMPLE-CODE');
  expect(await offerOf(services.sql, issue.id, people[0]!)).toBeUndefined();
  expect(await findPool(services.sql, publicationId, 'spring')).toMatchObject({ assigned: 0, free: agreed().length });
});
