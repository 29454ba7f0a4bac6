/** Letters to one person: the bytes that leave, the rows that stay, and what becomes of both when something goes wrong. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { abandonLetters, type NewLetter } from '../../src/db/letters.ts';
import { heartbeat } from '../../src/db/workers.ts';
import { type Deliverer, openDeliverer } from '../../src/deliver/delivery.ts';
import { LetterCarrier } from '../../src/deliver/letters.ts';
import { postLetter, queueLetters } from '../../src/enqueue/letters.ts';
import { letterKinds } from '../../src/model/letter.ts';
import { dkimRecord, loadDkim } from '../../src/personalise/dkim.ts';
import { renderLetter } from '../../src/render/letter.ts';
import { isSuppressed } from '../../src/subscribers/subscriptions.ts';
import { applyVerdict } from '../../src/track/bounces/apply.ts';
import { parseReturnPath } from '../../src/track/tokens.ts';
import { rsaPem } from '../personalise/samples.ts';
import { audience, publicationOf } from '../support/fixtures.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { openServices, type Services } from '../support/services.ts';

const workerId = '00000000-0000-4000-8000-000000000002';
const address = 'reader@gmail.com';

let services: Services;
let relay: Relay;
let deliverer: Deliverer;
let carrier: LetterCarrier;
let publicationId: number;
let subscriberId: number;
let dkim: { domain: string; selector: string; privateKeyFile: string };
let occasions = 0;

beforeAll(async () => {
  relay = await startRelay();
  services = await openServices({ SMTP_URL: relay.url });
  dkim = { domain: 'example.org', selector: 's1', privateKeyFile: join(services.config.dataDir, 'dkim.pem') };
  writeFileSync(dkim.privateKeyFile, rsaPem(2048));
  const made = await audience(services, [address]);
  publicationId = made.publicationId;
  subscriberId = made.subscriberIds[0]!;
  await heartbeat(services.sql, workerId, 'test');
  deliverer = openDeliverer(services, workerId, new AbortController().signal);
  const { routes, ending } = deliverer.delivery;
  const config = { ...services.config, dkim };
  carrier = new LetterCarrier({ ...services, config, routes, render: renderLetter, ending }, workerId);
});
afterAll(async () => {
  deliverer.close();
  await services.close();
  await relay.close();
});
beforeEach(async () => {
  relay.script = {};
  relay.accepted.length = 0;
  relay.arrived.length = 0;
  await services.sql`delete from suppressions`;
});

/** Posts a letter and tells its id. */
async function post(more: Partial<NewLetter> = {}): Promise<number> {
  const key = `occasion ${++occasions}`;
  expect(await postLetter(services, { key, kind: 'confirm', publicationId, subscriberId, ...more })).toBe(true);
  const [row] = await services.sql<{ id: number }[]>`select id from letters where key = ${more.key ?? key}`;
  return row!.id;
}

async function rowOf(id: number) {
  const [row] =
    await services.sql`select state, attempts, reply, address, claim, next_attempt_at > now() as waits from letters where id = ${id}`;
  return row!;
}

test('a letter leaves signed, whole in both parts, its link for this reader alone, with nothing of a list', async () => {
  await carrier.deliver(await post());
  const [{ raw, to, from }] = relay.accepted as [Relay['accepted'][number]];
  expect(to).toBe(address);
  const verified = await dkimVerify(Buffer.from(raw, 'latin1'), {
    resolver: async () => [dkimRecord(loadDkim(dkim, readFileSync).keys[0]!).match(/.{1,255}/g)!],
  });
  expect(verified.results.map(result => result.status.result)).toEqual(['pass']);
  const mail = await PostalMime.parse(raw);
  expect(mail.subject).toBe('주간 시험 구독을 확인해 주세요');
  const names = mail.headers.map(header => header.key);
  expect(names).toContain('auto-submitted');
  for (const absent of ['list-unsubscribe', 'list-unsubscribe-post', 'list-id', 'feedback-id'])
    expect(names).not.toContain(absent);
  const links = [...`${mail.html} ${mail.text}`.matchAll(/https:\/\/news\.example\.org\/r\/([\w-]+)\/confirm/g)];
  expect(links.length).toBeGreaterThanOrEqual(3);
  expect(new Set(links.map(([, token]) => token)).size).toBe(1);
  expect(services.tokens.verify(links[0]![1]!)).toEqual({
    purpose: 'confirm',
    issueId: publicationId,
    subscriberId,
    ref: 0,
  });
  expect(services.tokens.verifyBytes(parseReturnPath(from.split('@')[0]!)!)).toMatchObject({
    purpose: 'bounce',
    issueId: 0,
    subscriberId,
  });
});

test.each(letterKinds.flatMap(kind => (['ko', 'en'] as const).map(lang => [kind, lang] as const)))(
  'kind %s in %s leaves no field unfilled, and no link in it but ours',
  async (kind, lang) => {
    const words = JSON.stringify(renderLetter(kind, publicationOf(), lang, true));
    const fields = [...words.matchAll(/"kind":"field","name":"(\w+)"/g)].map(([, name]) => name!);
    await carrier.deliver(
      await post({
        kind,
        lang,
        data: Object.fromEntries(fields.map(field => [field, `https://news.example.org/${field}`])),
      }),
    );
    const mail = await PostalMime.parse(relay.accepted[0]!.raw);
    expect(`${mail.subject}${mail.html}${mail.text}`).not.toMatch(/\{\{|undefined|\[object/);
    expect(mail.html).toContain(`lang="${lang}"`);
    for (const [, href] of mail.html!.matchAll(/href="([^"]*)"/g))
      expect(href).toMatch(/^(https:\/\/news\.example\.org\/|mailto:news@)/);
  },
);

test('values of a letter cannot become markup, a header or a second link', async () => {
  const { sql } = services;
  await sql`update subscribers set name = ${'<b>x</b>\r\nBcc: victim@example.net'} where id = ${subscriberId}`;
  await carrier.deliver(await post({ data: { link: 'https://news.example.org/"><script>' } }));
  await sql`update subscribers set name = '' where id = ${subscriberId}`;
  const mail = await PostalMime.parse(relay.accepted[0]!.raw);
  expect(mail.html).not.toContain('<script>');
  expect(mail.headers.map(header => header.key)).not.toContain('bcc');
});

test('the same occasion twice, and the same job many times at once, is one letter', async () => {
  const id = await post({ key: 'once' });
  expect(await postLetter(services, { key: 'once', kind: 'confirm', publicationId, subscriberId })).toBe(false);
  await Promise.all(Array.from({ length: 8 }, () => carrier.deliver(id)));
  expect(relay.arrived).toHaveLength(1);
  expect(await rowOf(id)).toMatchObject({ state: 'accepted', attempts: 1, claim: null });
});

test('a letter that is put off waits and goes later, to the byte the same', async () => {
  const id = await post();
  relay.script.done = () => '451 4.7.1 greylisted';
  await carrier.deliver(id);
  expect(await rowOf(id)).toMatchObject({ state: 'queued', attempts: 1, waits: true });
  await carrier.deliver(id);
  expect(relay.arrived).toHaveLength(1);
  relay.script = {};
  await services.sql`update letters set next_attempt_at = now() where id = ${id}`;
  await carrier.deliver(id);
  expect(relay.accepted[0]!.raw).toBe(relay.arrived[0]!.raw);
  expect(await rowOf(id)).toMatchObject({ state: 'accepted', attempts: 2 });
});

test('two days of being put off end it', async () => {
  const id = await post();
  await services.sql`update letters set created_at = now() - interval '49 hours' where id = ${id}`;
  relay.script.rcpt = () => '452 4.2.2 mailbox full';
  await carrier.deliver(id);
  expect(await rowOf(id)).toMatchObject({ state: 'expired' });
});

test('an address that does not exist is suppressed and gets no more letters', async () => {
  const id = await post();
  relay.script.rcpt = () => '550 5.1.1 no such user';
  await carrier.deliver(id);
  expect(await rowOf(id)).toMatchObject({ state: 'rejected' });
  expect(await isSuppressed(services.sql, services.hasher.hash(address))).toBe(true);
  relay.script = {};
  const next = await post();
  await carrier.deliver(next);
  expect(await rowOf(next)).toMatchObject({ state: 'excluded', attempts: 0 });
  expect(relay.arrived).toHaveLength(0);
});

test('a refusal of another address says nothing of the subscriber, nor does its bounce; the address is forgotten', async () => {
  const id = await post({ address: 'new-one@example.net' });
  relay.script.rcpt = () => '550 5.1.1 no such user';
  await carrier.deliver(id);
  expect(await rowOf(id)).toMatchObject({ state: 'rejected', address: null });
  expect(await isSuppressed(services.sql, services.hasher.hash(address))).toBe(false);
  relay.script = {};
  await carrier.deliver(await post({ address: 'new-two@example.net' }));
  const returned = services.tokens.verifyBytes(parseReturnPath(relay.accepted[0]!.from.split('@')[0]!)!)!;
  await applyVerdict(services, returned, 'hard');
  expect(await services.sql`select from suppressions`).toHaveLength(0);
});

test('who deleted their data is asked whether they signed up again, and sent nothing else', async () => {
  const { sql, hasher } = services;
  await sql`insert into suppressions (address_hash, reason) values (${hasher.hash(address)}, 'deleted')`;
  const welcome = await post({ kind: 'welcome' });
  const confirm = await post();
  for (const id of [welcome, confirm]) await carrier.deliver(id);
  expect([(await rowOf(welcome)).state, (await rowOf(confirm)).state]).toEqual(['excluded', 'accepted']);
});

test('a bounce of a letter suppresses its reader', async () => {
  await carrier.deliver(await post());
  const returned = services.tokens.verifyBytes(parseReturnPath(relay.accepted[0]!.from.split('@')[0]!)!)!;
  expect(await applyVerdict(services, returned, 'hard')).toEqual({ recorded: true, suppressed: true });
  expect(await isSuppressed(services.sql, services.hasher.hash(address))).toBe(true);
});

test('a connection lost after the final dot leaves the letter unknown; it is not sent again', async () => {
  const id = await post();
  relay.script.done = () => 'drop';
  await carrier.deliver(id);
  expect(await rowOf(id)).toMatchObject({ state: 'unknown' });
  relay.script = {};
  await queueLetters(services);
  await carrier.deliver(id);
  expect(relay.arrived).toHaveLength(1);
});

test('a process that dies with a letter in hand leaves it unknown; letters without a job get one', async () => {
  const { sql, queues } = services;
  const inHand = await post();
  const waiting = await post();
  await sql`update letters set state = 'sending', claim = gen_random_uuid(), worker_id = '00000000-0000-4000-8000-0000000000aa' where id = ${inHand}`;
  await services.redisFlush();
  expect(await abandonLetters(sql, 0)).toBe(1);
  expect(await rowOf(inHand)).toMatchObject({ state: 'unknown' });
  await queueLetters(services);
  const jobs = await queues
    .all()
    .find(queue => queue.name === 'deliver-letter')!
    .getJobs(['waiting']);
  expect(jobs.map(job => job.data.id)).toContain(waiting);
  expect(jobs.map(job => job.data.id)).not.toContain(inHand);
});
