/** Answers to comments become letters: gathered, once, with a way to stop of their own that mail clients know. */
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { addComment, decideComments } from '../../src/db/comments.ts';
import { heartbeat } from '../../src/db/workers.ts';
import { type Deliverer, openDeliverer } from '../../src/deliver/delivery.ts';
import { LetterCarrier } from '../../src/deliver/letters.ts';
import { tellOfAnswers } from '../../src/enqueue/comment-replies.ts';
import { createApp } from '../../src/http/server.ts';
import { renderLetter } from '../../src/render/letter.ts';
import { press } from '../http/public/support.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { openServices, type Services } from '../support/services.ts';
import { type SentIssue, sendIssue } from '../track/support.ts';

const workerId = '00000000-0000-4000-8000-000000000003';
let services: Services;
let relay: Relay;
let sent: SentIssue;
let deliverer: Deliverer;
let carrier: LetterCarrier;
let texts = 0;

beforeAll(async () => {
  relay = await startRelay();
  services = await openServices({ SMTP_URL: relay.url });
  sent = await sendIssue(services, { readers: 6 });
  await heartbeat(services.sql, workerId, 'test');
  deliverer = openDeliverer(services, workerId, new AbortController().signal);
  const { routes, ending } = deliverer.delivery;
  carrier = new LetterCarrier({ ...services, routes, render: renderLetter, ending }, workerId);
});
afterAll(async () => {
  deliverer.close();
  await services.close();
  await relay.close();
});
beforeEach(async () => {
  relay.accepted.length = 0;
  const { sql } = services;
  await sql`delete from comments where parent_id is not null`;
  await sql`delete from comments`;
  await sql`delete from letters`;
  await sql`update subscriptions set quiet = false, state = 'active'`;
});

/** A public comment, or an answer. */
async function say(reader: number, parentId?: number, body = `말 ${++texts}`): Promise<number> {
  const comment = await addComment(services.sql, {
    publicationId: sent.publicationId,
    issueId: sent.issueId,
    summary: 0,
    subscriberId: sent.subscriberIds[reader]!,
    parentId,
    author: `이름 ${reader}`,
    body,
    held: false,
  });
  if (typeof comment === 'string') throw new Error(comment);
  await decideComments(services.sql, [comment.id], 'published');
  return comment.id;
}

const letters = () => services.sql<{ id: number; subscriberId: number; data: Record<string, string> }[]>`
  select id, subscriber_id, data from letters order by id`;
const laterOn = (minutes: number) =>
  services.sql`update comments set published_at = published_at - ${minutes}::int * interval '1 minute'`;

test('ten answers within an hour are one letter, an hour after the first; told once', async () => {
  const id = await say(0);
  for (let at = 0; at < 10; at++) {
    await say(1 + (at % 5), id);
    await laterOn(5);
    await tellOfAnswers(services);
    expect(await letters()).toEqual([]);
  }
  await laterOn(11);
  await Promise.all([tellOfAnswers(services), tellOfAnswers(services)]);
  await tellOfAnswers(services);
  const [letter, ...others] = await letters();
  expect(others).toEqual([]);
  expect(letter).toMatchObject({
    subscriberId: sent.subscriberIds[0],
    data: { count: '10', author: '이름 5', title: '첫 호' },
  });
  await say(1, id);
  await laterOn(61);
  await tellOfAnswers(services);
  expect((await letters()).map(one => one.data.count)).toEqual(['10', '1']);
});

test('a process that died between letter and note writes no second letter', async () => {
  const id = await say(0);
  await say(1, id);
  await laterOn(61);
  await tellOfAnswers(services);
  await services.sql`update comments set told_at = null`;
  await tellOfAnswers(services);
  expect(await letters()).toHaveLength(1);
});

test('nobody is told of their own answers, nor who is quiet, left or is gone; and it is not asked again', async () => {
  const { sql } = services;
  const own = await say(0);
  await say(0, own);
  const quiet = await say(1);
  await say(2, quiet);
  await sql`update subscriptions set quiet = true where subscriber_id = ${sent.subscriberIds[1]!}`;
  const left = await say(3);
  await say(2, left);
  await sql`update subscriptions set state = 'unsubscribed' where subscriber_id = ${sent.subscriberIds[3]!}`;
  const pending = await say(4);
  const waits = await say(2, pending);
  await sql`update comments set state = 'hidden' where id = ${waits}`;
  await laterOn(61);
  await tellOfAnswers(services);
  expect(await letters()).toEqual([]);
  await sql`update subscriptions set quiet = false, state = 'active'`;
  await tellOfAnswers(services);
  expect(await letters()).toEqual([]);
});

test('the letter leads to the thread, holds no markup of the answer, and stops by one press without touching the newsletter', async () => {
  const { sql } = services;
  const id = await say(0);
  const answer = await say(1, id, '<b>굵게</b> {{email}} [x](javascript:alert(1))');
  await laterOn(61);
  await tellOfAnswers(services);
  const [letter] = await letters();
  await carrier.deliver(letter!.id);
  const mail = await PostalMime.parse(relay.accepted[0]!.raw);
  expect(relay.accepted[0]!.to).toBe('reader0@example.net');
  expect(mail.html).toContain('&lt;b&gt;굵게&lt;/b&gt; {{email}}');
  const header = (name: string) => mail.headers.find(one => one.key === name)?.value ?? '';
  const stop = /<https:\/\/news\.example\.org(\/r\/[\w-]+\/quiet)>/.exec(header('list-unsubscribe'))![1]!;
  expect(header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
  const app = await createApp(services);
  const thread = new RegExp(`href="https://news\\.example\\.org(/r/[\\w-]+/comment)#c${answer}"`).exec(mail.html!)![1]!;
  expect(await (await app.request(thread)).text()).toContain(`id="c${answer}"`);
  const state = async () =>
    (await sql`select quiet, state from subscriptions where subscriber_id = ${sent.subscriberIds[0]!}`)[0];
  for (const method of ['GET', 'HEAD'])
    expect((await app.request(`${stop}?List-Unsubscribe=One-Click&action=quiet`, { method })).status).toBe(200);
  expect(await state()).toEqual({ quiet: false, state: 'active' });
  // RFC 8058: both encodings, repeated, answered in place.
  for (const body of [new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }), multipart()])
    expect((await app.request(stop, { method: 'POST', body })).status).toBe(200);
  expect(await state()).toEqual({ quiet: true, state: 'active' });
  const back = await press(app, stop, { action: 'loud' });
  expect([back.status, back.headers.get('location')]).toEqual([303, 'quiet?done=loud']);
  expect(await state()).toEqual({ quiet: false, state: 'active' });
  const forged = stop.replace(/.{8}\/quiet$/, 'AAAAAAAA/quiet');
  expect((await press(app, forged, {})).status).toBe(404);
});

function multipart(): FormData {
  const form = new FormData();
  form.set('List-Unsubscribe', 'One-Click');
  return form;
}
