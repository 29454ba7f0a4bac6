/** Readers of the monthly digest: left out of regular issues, sent one mail on the first of the month, and free to leave by it. */
import PostalMime from 'postal-mime';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { listPublished } from '../../src/db/readers.ts';
import { writeDigests } from '../../src/enqueue/digests.ts';
import { planAndQueue } from '../../src/enqueue/plan.ts';
import { reconcile } from '../../src/enqueue/reconcile.ts';
import { createApp } from '../../src/http/server.ts';
import { render } from '../../src/render/render.ts';
import { emptyIssue, submitIssue } from '../support/fixtures.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { type Sending, startSending } from '../support/sending.ts';
import { openServices, type Services } from '../support/services.ts';

const addresses = ['every1@example.net', 'every2@example.net', 'monthly1@example.net', 'monthly2@example.net'];
const tickId = '00000000-0000-4000-8000-00000000abcf';
/** Nine o'clock in Seoul on the first of November, and a minute before. */
const nine = new Date('2026-11-01T00:00:00Z');
const before = new Date('2026-10-31T23:59:00Z');

let services: Services;
let relay: Relay;
let sending: Sending;
beforeAll(async () => {
  relay = await startRelay();
  services = await openServices({ SMTP_URL: relay.url });
});
afterAll(async () => {
  await services.close();
  await relay.close();
});
beforeEach(async () => {
  relay.accepted.length = 0;
  sending = await startSending(services, relay, addresses);
  await services.sql`
    update subscriptions set frequency = 'monthly'
    where publication_id = ${sending.publicationId} and subscriber_id = any(${sending.subscriberIds.slice(2)}::bigint[])`;
});
afterEach(async () => {
  sending.close();
  // The next test's digests are those of its own publication.
  await services.sql`update subscriptions set frequency = 'every'`;
});

const write = (now: Date) => writeDigests({ ...services, publicUrl: services.config.publicUrl, render }, now);
const dated = (issueId: number, at: string) => services.sql`update issues set started_at = ${at} where id = ${issueId}`;

test('who chose the digest after an issue was planned is left out with that reason; later issues are not planned for them', async () => {
  expect(await sending.deliver()).toMatchObject({ audience: 4, accepted: 2, excluded: { digest: 2 } });
  const next = await submitIssue(services, sending.publicationId);
  await planAndQueue(services, next.id);
  expect(await sending.deliver(next.id)).toMatchObject({ audience: 2, accepted: 2 });
  expect(relay.accepted.map(mail => mail.to).filter(to => to.startsWith('monthly'))).toEqual([]);
});

test('the digest is stored once, on the first at nine, and goes to its readers alone', async () => {
  const { sql } = services;
  const title = '둘째 <호> & "끝"';
  const second = await submitIssue(services, sending.publicationId, {
    issue: { ...emptyIssue, title, number: '2', preheader: '{{name|독자}}님께 드리는 한 줄' },
    slug: 'issue-2',
  });
  await sending.deliver();
  await dated(sending.issueId, '2026-10-05T00:00:00Z');
  // Already November in Seoul: it is listed a month later.
  await dated(second.id, '2026-10-31T15:30:00Z');
  relay.accepted.length = 0;
  expect(await write(before)).toEqual([]);
  const stored = (await Promise.all([write(nine), write(nine), write(nine)])).flat();
  expect(stored).toHaveLength(1);
  expect(await write(nine)).toEqual([]);
  await reconcile(services, tickId);
  await planAndQueue(services, stored[0]!);
  expect(await sending.deliver(stored[0]!)).toMatchObject({ audience: 2, accepted: 2, excluded: {} });
  expect(relay.accepted.map(mail => mail.to).sort()).toEqual(addresses.slice(2));
  await reconcile(services, tickId);
  const [row] = await sql`select kind, state, slug from issues where id = ${stored[0]!}`;
  expect(row).toEqual({ kind: 'digest', state: 'sent', slug: 'digest-2026-10' });
  expect((await listPublished(sql, sending.publicationId, 10)).map(issue => issue.slug)).not.toContain(
    'digest-2026-10',
  );
  // A month later the other one, its title and line as they are.
  relay.accepted.length = 0;
  await sql`update issues set state = 'sent' where id = ${second.id}`;
  const [november] = await write(new Date('2026-12-01T01:00:00Z'));
  await reconcile(services, tickId);
  await planAndQueue(services, november!);
  await sending.deliver(november!);
  const mail = await PostalMime.parse(relay.accepted[0]!.raw);
  expect(mail.subject).toBe('주간 시험 2026년 11월 모아보기');
  expect(mail.text).toContain(title);
  for (const words of ['제2호 · 11월 1일', '독자님께 드리는 한 줄']) expect(mail.text).toContain(words);
  expect(mail.html).toContain('둘째 &lt;호&gt; &amp; ');
  expect(`${mail.subject}${mail.html}${mail.text}`).not.toMatch(/\{\{|undefined|\[object/);
});

test('its way out is one click, as of any issue', async () => {
  await sending.deliver();
  await dated(sending.issueId, '2026-10-05T00:00:00Z');
  relay.accepted.length = 0;
  const [id] = await write(nine);
  await reconcile(services, tickId);
  await planAndQueue(services, id!);
  await sending.deliver(id!);
  const { raw, to } = relay.accepted[0]!;
  expect(raw).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
  const url = /List-Unsubscribe: <([^>]+)>/.exec(raw)![1]!;
  const app = await createApp(services);
  const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
  expect((await app.request(new URL(url).pathname, { method: 'POST', body })).status).toBe(200);
  const [row] = await services.sql`
    select n.state, n.left_issue_id from subscriptions n join subscribers s on s.id = n.subscriber_id
    where s.email = ${to} and n.publication_id = ${sending.publicationId}`;
  expect(row).toEqual({ state: 'unsubscribed', leftIssueId: id });
});

test('no digest without an issue, without a reader, or long after its day; an editor’s slug is not taken', async () => {
  const { sql } = services;
  expect(await write(nine)).toEqual([]);
  await dated(sending.issueId, '2026-10-05T00:00:00Z');
  expect(await write(new Date('2026-11-07T15:00:01Z'))).toEqual([]);
  await sql`update subscriptions set frequency = 'every'`;
  expect(await write(nine)).toEqual([]);
  await sql`update subscriptions set frequency = 'monthly' where subscriber_id = ${sending.subscriberIds[0]!} and publication_id = ${sending.publicationId}`;
  await sql`update issues set slug = 'digest-2026-10' where id = ${sending.issueId}`;
  const [id] = await write(nine);
  const [row] = await sql`select slug from issues where id = ${id!}`;
  expect(row).toEqual({ slug: `digest-2026-10-${id}` });
});

test('a publication whose digest cannot be written does not stop the others', async () => {
  await dated(sending.issueId, '2026-10-05T00:00:00Z');
  const failing = { ...services, publicUrl: services.config.publicUrl, render: () => Promise.reject(new Error('no')) };
  const silent = { ...services.log, error: () => {} } as unknown as Services['log'];
  expect(await writeDigests({ ...failing, log: silent }, nine)).toEqual([]);
  expect(await write(nine)).toHaveLength(1);
});
