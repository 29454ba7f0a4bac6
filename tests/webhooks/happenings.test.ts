/** What happened is told, once each, whoever writes it and whenever it commits. */
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { recordReported } from '../../src/db/bounces.ts';
import { insertClick } from '../../src/db/clicks.ts';
import { leaveByMail } from '../../src/db/intake.ts';
import { closeIssue, moveIssue } from '../../src/db/issues.ts';
import { setLike } from '../../src/db/likes.ts';
import { moveBatch } from '../../src/db/move-in.ts';
import { insertPastIssue } from '../../src/db/past-issues.ts';
import { importBatch } from '../../src/db/subscribers.ts';
import { enableWebhook, removeWebhook, rotateSecret } from '../../src/db/webhooks.ts';
import { control } from '../../src/enqueue/control.ts';
import { planAndQueue } from '../../src/enqueue/plan.ts';
import { type HappeningType, happeningTypes } from '../../src/model/happenings.ts';
import { resubscribe, suppress, unsubscribe } from '../../src/subscribers/subscriptions.ts';
import { Dispatcher } from '../../src/webhooks/dispatch.ts';
import { newSecret } from '../../src/webhooks/sign.ts';
import { audience, editionOf, emptyIssue, publicationOf, submitIssue } from '../support/fixtures.ts';
import { openServices, type Services } from '../support/services.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { addEndpoint, type Endpoint, openSender } from './support.ts';

let services: Services;
let receiver: Receiver;
let endpoint: Endpoint;
let sending: ReturnType<typeof openSender>;
let publicationId: number;
let readers: number[];

beforeAll(async () => {
  services = await openServices();
  const addresses = ['a@example.net', 'b@example.net', 'c@example.net', 'd@example.net'];
  ({ publicationId, subscriberIds: readers } = await audience(services, addresses, publicationOf({ slug: 'told' })));
});
afterAll(() => services.close());
beforeEach(async () => {
  receiver = await startReceiver();
  sending = openSender(services);
  endpoint = await addEndpoint(services, receiver.url, [...happeningTypes]);
});
afterEach(async () => {
  sending.close();
  await services.sql`delete from webhooks`;
  await receiver.close();
});

/** What the receiver took, verified by a library that is not ours, in the order of what happened. */
function told(secret = endpoint.secret) {
  const verifier = new Webhook(secret);
  return receiver.got
    .map(({ headers, body }) => verifier.verify(body, headers as Record<string, string>) as Record<string, unknown>)
    .map(({ type, data }) => ({ type, ...(data as object) }) as Record<string, unknown>);
}
const types = () =>
  told()
    .map(({ type }) => type)
    .sort();

let slugs = 0;
async function sendingIssue() {
  const issue = await submitIssue(services, publicationId, { slug: `told-${++slugs}` });
  await planAndQueue(services, issue.id);
  return issue;
}

test('an issue’s way, state by state; tests, rehearsals and past issues are nobody’s business', async () => {
  const { sql } = services;
  const issue = await sendingIssue();
  await control(services, String(issue.id), 'pause');
  await control(services, String(issue.id), 'resume');
  await moveIssue(sql, issue.id, ['sending'], 'held', '550 5.7.1 <a@example.net> blocked');
  await control(services, String(issue.id), 'resume');
  await sql`update recipients set state = 'accepted' where issue_id = ${issue.id}`;
  await closeIssue(sql, issue.id);
  const later = await submitIssue(services, publicationId, { slug: 'later', at: new Date(Date.now() + 3_600_000) });
  await control(services, String(later.id), 'cancel');
  await submitIssue(services, publicationId, { slug: 'trial', testReaders: [readers[0]!] });
  await submitIssue(services, publicationId, { slug: 'trial', rehearsalRelay: 'smtp://127.0.0.1:1' });
  await insertPastIssue(
    sql,
    {
      publicationId,
      slug: 'past',
      source: 'past',
      sourceHash: Buffer.from('past'),
      issue: emptyIssue,
      edition: editionOf(),
    },
    new Date('2024-01-01'),
  );
  await sending.run();
  const way = told().filter(({ issueId }) => issueId === issue.id);
  expect(way.map(({ type }) => type).sort()).toEqual(
    ['sending', 'paused', 'sending', 'held', 'sending', 'sent'].map(state => `issue.${state}`).sort(),
  );
  expect(way.find(({ type }) => type === 'issue.held')).toEqual({
    type: 'issue.held',
    publication: 'told',
    issue: issue.slug,
    issueId: issue.id,
    reason: '550 5.7.1 <<address>> blocked',
  });
  expect(
    told()
      .filter(({ issueId }) => issueId !== issue.id)
      .map(({ type, issue }) => `${type} ${issue}`)
      .sort(),
  ).toEqual(['issue.cancelled later', 'issue.scheduled later']);
  await sending.run();
  expect(receiver.got).toHaveLength(8);
});

test('what readers do and what comes back of them, each once, without any address', async () => {
  const { sql, hasher } = services;
  const issue = await sendingIssue();
  const [a, b, c, d] = readers as [number, number, number, number];
  await sql`update recipients set state = 'accepted', updated_at = now() - interval '1 hour' where issue_id = ${issue.id}`;
  await unsubscribe(sql, { publicationId, subscriberId: a, issueId: issue.id });
  await unsubscribe(sql, { publicationId, subscriberId: a, issueId: issue.id });
  await resubscribe(sql, { publicationId, subscriberId: a });
  await leaveByMail(sql, issue.id, b);
  await recordReported(sql, { issueId: issue.id, subscriberId: c }, 'bounce-hard', 'hard-bounce');
  await recordReported(sql, { issueId: issue.id, subscriberId: c }, 'bounce-hard', 'hard-bounce');
  await recordReported(sql, { issueId: issue.id, subscriberId: d }, 'bounce-soft', undefined);
  await recordReported(sql, { issueId: issue.id, subscriberId: d }, 'complaint', 'complaint');
  await suppress(sql, hasher.hash('nobody@example.net'), 'manual');
  await setLike(sql, { issueId: issue.id, subscriberId: a, summary: 0 }, true);
  await setLike(sql, { issueId: issue.id, subscriberId: a, summary: 3 }, true);
  await setLike(sql, { issueId: issue.id, subscriberId: a, summary: 3 }, false);
  await insertClick(sql, { issueId: issue.id, subscriberId: a, ref: 2, machine: undefined }, 0);
  await insertClick(sql, { issueId: issue.id, subscriberId: a, ref: 2, machine: 'program' }, 0);
  await sending.run();
  const of = (subscriber: number) =>
    told()
      .filter(({ subscriberId }) => subscriberId === subscriber)
      .map(({ publication, issue, issueId, subscriberId, ...rest }) => rest)
      .sort((x, y) => (`${x.type} ${JSON.stringify(x)}` < `${y.type} ${JSON.stringify(y)}` ? -1 : 1));
  expect(of(a)).toEqual([
    { summary: 3, type: 'issue.liked' },
    { type: 'issue.liked' },
    { type: 'link.clicked', link: 2 },
    { type: 'subscriber.subscribed' },
    { type: 'subscriber.unsubscribed' },
  ]);
  expect(of(b)).toEqual([{ type: 'subscriber.unsubscribed' }]);
  expect(of(c)).toEqual([
    { bounce: 'hard', type: 'subscriber.bounced' },
    { reason: 'hard-bounce', type: 'subscriber.suppressed' },
  ]);
  expect(of(d)).toEqual([
    { bounce: 'soft', type: 'subscriber.bounced' },
    { type: 'subscriber.complained' },
    { reason: 'complaint', type: 'subscriber.suppressed' },
  ]);
  expect(told().find(({ type }) => type === 'link.clicked')).toMatchObject({ publication: 'told', issue: issue.slug });
  expect(receiver.got.map(({ body }) => body).join('')).not.toContain('@');
  expect(new Set(receiver.got.map(({ headers }) => headers['webhook-id'])).size).toBe(receiver.got.length);
});

test('files of subscribers tell nobody; who signs up does', async () => {
  const row = (name: string) => ({
    email: `${name}@example.com`,
    emailKey: `${name}@example.com`,
    domain: 'example.com',
    name,
    attributes: {},
    addressHash: services.hasher.hash(`${name}@example.com`),
  });
  await importBatch(services.sql, publicationId, [row('imported')]);
  await moveBatch(services.sql, publicationId, 'active', [{ ...row('moved'), since: null, evidence: {} }]);
  await importBatch(services.sql, publicationId, [row('form')]);
  await services.sql`update subscriptions set state = 'pending', source = 'form' where subscriber_id = (
    select id from subscribers where email_key = 'form@example.com')`;
  await services.sql`update subscriptions set state = 'active' where source = 'form'`;
  await sending.run();
  expect(types()).toEqual(['subscriber.subscribed']);
});

test('only what was chosen, with the address only where it was asked for', async () => {
  const other = await startReceiver();
  const withAddresses = await addEndpoint(services, other.url, ['subscriber.unsubscribed'], true);
  const issue = await sendingIssue();
  await unsubscribe(services.sql, { publicationId, subscriberId: readers[0]!, issueId: issue.id });
  await sending.run();
  expect(other.got).toHaveLength(1);
  const { headers, body } = other.got[0]!;
  expect(new Webhook(withAddresses.secret).verify(body, headers as Record<string, string>)).toMatchObject({
    type: 'subscriber.unsubscribed',
    data: { address: 'a@example.net', subscriberId: readers[0], issue: issue.slug },
  });
  expect(types()).toEqual(['issue.sending', 'subscriber.unsubscribed']);
  expect(() => new Webhook(endpoint.secret).verify(body, headers as Record<string, string>)).toThrow();
  await other.close();
});

test('while a secret is rotated both verify', async () => {
  const secret = newSecret();
  await rotateSecret(services.sql, endpoint.id, services.vault.seal(secret));
  await sendingIssue();
  await sending.run();
  expect(told()).toHaveLength(1);
  expect(told(secret)).toHaveLength(1);
  await services.sql`update webhooks set previous_until = now()`;
  await sendingIssue();
  await sending.run();
  expect(() => told()).toThrow('No matching signature');
  expect(told(secret)).toHaveLength(2);
});

test('a row that commits late, below one that is known, is not passed over', async () => {
  const { sql } = services;
  const issue = await sendingIssue();
  await sending.run();
  receiver.got.length = 0;
  const like = (db: Pick<typeof sql, 'unsafe'>, reader: number) =>
    db.unsafe(`insert into events (issue_id, subscriber_id, kind) values (${issue.id}, ${reader}, 'like')`);
  await sql.begin(async tx => {
    await like(tx, readers[0]!);
    // The other has a higher id, and commits first.
    await like(sql, readers[1]!);
    await sending.run();
  });
  expect(receiver.got.map(({ body }) => JSON.parse(body).data.subscriberId)).toEqual([]);
  await sending.run();
  expect(receiver.got.map(({ body }) => JSON.parse(body).data.subscriberId).sort()).toEqual(
    [readers[0], readers[1]].sort(),
  );
});

test('many at once become one delivery each, whoever else makes them', async () => {
  const { sql } = services;
  const issue = await sendingIssue();
  await sending.run();
  await sql`insert into events (issue_id, subscriber_id, kind, ref) select ${issue.id}, 1, 'click', n from generate_series(1, 9000) n`;
  const passes = [1, 2, 3].map(() => new Dispatcher(sql, { settleMs: 0 }).pass());
  await Promise.all(passes);
  await sending.dispatcher.pass();
  const [row] = await sql`
    select count(*) as n, count(distinct data->>'link') as links from webhook_deliveries where type = 'link.clicked'`;
  expect(row).toEqual({ n: 9000, links: 9000 });
});

test('a click that is not told yet holds nothing else up', async () => {
  const { sql } = services;
  const issue = await sendingIssue();
  await sending.run();
  await insertClick(sql, { issueId: issue.id, subscriberId: readers[1]!, ref: 1 } as never, 0);
  await setLike(sql, { issueId: issue.id, subscriberId: readers[1]!, summary: 0 }, true);
  const slow = new Dispatcher(sql, { settleMs: 600_000 });
  await slow.pass();
  const made = () => sql`select type from webhook_deliveries where type in ('link.clicked', 'issue.liked') order by id`;
  expect(await made()).toEqual([{ type: 'issue.liked' }]);
  await sending.run();
  expect(await made()).toEqual([{ type: 'issue.liked' }, { type: 'link.clicked' }]);
});

test('nobody listens: nothing is noted, and who comes later hears of nothing before', async () => {
  const { sql } = services;
  await removeWebhook(sql, endpoint.id);
  const issue = await sendingIssue();
  await setLike(sql, { issueId: issue.id, subscriberId: readers[1]!, summary: 0 }, true);
  expect(await sql`select from changes`).toHaveLength(0);
  expect(await sending.dispatcher.pass()).toBe(0);
  const late = await addEndpoint(services, receiver.url, [...happeningTypes] as HappeningType[]);
  await sending.run();
  expect(receiver.got).toHaveLength(0);
  await control(services, String(issue.id), 'pause');
  await sql`update webhooks set enabled = false, disabled_reason = 'failing'`;
  await sending.run();
  await enableWebhook(sql, late.id);
  await sending.run();
  expect(receiver.got).toHaveLength(0);
  await control(services, String(issue.id), 'resume');
  await sending.run();
  expect(told(late.secret).map(({ type }) => type)).toEqual(['issue.sending']);
});
