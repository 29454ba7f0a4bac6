/** How messages reach endpoints that are slow, wrong, hostile or away, and what a killed process leaves behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { hostname } from 'node:os';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { claimDeliveries, listDeliveries, recordDelivered, recordFailed } from '../../src/db/webhook-deliveries.ts';
import { findWebhook } from '../../src/db/webhooks.ts';
import { guardedLookup } from '../../src/webhooks/guard.ts';
import { Poster } from '../../src/webhooks/post.ts';
import { openServices, type Services } from '../support/services.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { addEndpoint, type Endpoint, openSender } from './support.ts';

let services: Services;
let receiver: Receiver;
let endpoint: Endpoint;
let sending: ReturnType<typeof openSender>;

beforeAll(async () => {
  services = await openServices({ PUBLIC_URL: 'http://localhost:3000', LOG_LEVEL: 'silent' });
});
afterAll(() => services.close());
beforeEach(async () => {
  receiver = await startReceiver();
  sending = openSender(services, { timeoutMs: 300 });
  endpoint = await addEndpoint(services, receiver.url, ['issue.sent']);
});
afterEach(async () => {
  sending.close();
  await services.sql`delete from webhooks`;
  await receiver.close();
});

const put = (webhookId: number, count = 1) =>
  services.sql`insert into webhook_deliveries (webhook_id, type, at, data)
    select ${webhookId}, 'issue.sent', now(), jsonb_build_object('n', n) from generate_series(1, ${count}::int) n`;
const lines = () => listDeliveries(services.sql, endpoint.id, 50);
/** Seconds from now until the one message's next try, by the database's clock. */
async function wait(): Promise<number> {
  const [row] = await services.sql<{ s: number }[]>`
    select extract(epoch from next_attempt_at - updated_at)::float8 as s from webhook_deliveries where webhook_id = ${endpoint.id}`;
  return row!.s;
}
const makeDue = () => services.sql`update webhook_deliveries set next_attempt_at = now() where state = 'waiting'`;
const status = (code: number, headers: Record<string, string> = {}) => {
  receiver.answer = response => void response.writeHead(code, headers).end();
};

test('what is not taken comes again after 5 s, 5 min … with its id and body, ten times at most', async () => {
  status(503);
  await put(endpoint.id);
  const waits: number[] = [];
  for (let i = 0; i < 10; i++) {
    await sending.run();
    waits.push(await wait());
    await makeDue();
  }
  await sending.run();
  expect(receiver.got).toHaveLength(10);
  for (const [i, least] of [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400].entries()) {
    expect(waits[i]).toBeGreaterThanOrEqual(least);
    expect(waits[i]).toBeLessThanOrEqual(least * 1.2);
  }
  expect(new Set(receiver.got.map(({ headers, body }) => `${headers['webhook-id']} ${body}`)).size).toBe(1);
  expect(await lines()).toMatchObject([{ state: 'failed', attempts: 10, outcome: 'HTTP 503' }]);
  for (const { headers, body } of receiver.got)
    new Webhook(endpoint.secret).verify(body, headers as Record<string, string>);
});

test('Retry-After is kept, for all of the endpoint’s messages', async () => {
  status(429, { 'retry-after': '120' });
  await put(endpoint.id);
  await sending.run();
  expect(await wait()).toBeGreaterThanOrEqual(120);
  status(204);
  await put(endpoint.id);
  await sending.run();
  expect(receiver.got).toHaveLength(1);
  await services.sql`update webhooks set hold_until = now()`;
  await sending.run();
  expect(receiver.got).toHaveLength(2);
  // A date, and one that is absurd.
  for (const [text, least, most] of [
    [new Date(Date.now() + 600_000).toUTCString(), 590, 730],
    ['999999999', 86_400, 103_680],
    ['soon', 300, 360],
  ] as const) {
    await services.sql`update webhooks set hold_until = null`;
    await services.sql`delete from webhook_deliveries`;
    status(503, { 'retry-after': text });
    await put(endpoint.id);
    await services.sql`update webhook_deliveries set attempts = 1`;
    await sending.run();
    expect(await wait()).toBeGreaterThanOrEqual(least);
    expect(await wait()).toBeLessThanOrEqual(most);
  }
});

test('410 disables at once, five days of failures do too, one success in between does not', async () => {
  const { sql } = services;
  status(410);
  await put(endpoint.id, 3);
  await sending.run();
  expect(await findWebhook(sql, endpoint.id)).toMatchObject({ enabled: false, disabledReason: 'gone' });
  await sql`update webhooks set enabled = true, disabled_reason = null, failing_since = null`;
  await sql`delete from webhook_deliveries`;

  status(500);
  await put(endpoint.id);
  await sending.run();
  await sql`update webhooks set failing_since = now() - interval '4 days 23 hours'`;
  await makeDue();
  await sending.run();
  expect((await findWebhook(sql, endpoint.id))!.enabled).toBe(true);
  status(204);
  await makeDue();
  await sending.run();
  expect((await findWebhook(sql, endpoint.id))!.failingSince).toBeNull();
  status(500);
  await put(endpoint.id);
  await sending.run();
  await sql`update webhooks set failing_since = now() - interval '5 days 1 minute'`;
  await makeDue();
  await sending.run();
  expect(await findWebhook(sql, endpoint.id)).toMatchObject({ enabled: false, disabledReason: 'failing' });
  await put(endpoint.id);
  const before = receiver.got.length;
  await sending.run();
  expect(receiver.got).toHaveLength(before);
});

test('redirects are not followed; a huge or endless answer is left; what hangs is given up', async () => {
  const other = await startReceiver();
  status(302, { location: other.url });
  await put(endpoint.id);
  await sending.run();
  expect(other.got).toHaveLength(0);
  expect((await lines())[0]!.outcome).toBe('HTTP 302, a redirect: give the address it leads to');
  await other.close();

  let written = 0;
  receiver.answer = response => {
    response.writeHead(200);
    const chunk = Buffer.alloc(16 * 1024);
    const pour = () => {
      if (response.destroyed) return;
      written += chunk.length;
      if (response.write(chunk)) setImmediate(pour);
      else response.once('drain', pour);
    };
    pour();
  };
  await makeDue();
  await sending.run();
  expect((await lines())[0]).toMatchObject({ state: 'delivered', outcome: 'HTTP 200' });
  // Buffers of both ends, and not more.
  expect(written).toBeLessThan(8 * 1024 * 1024);

  receiver.answer = () => {};
  await put(endpoint.id);
  await sending.run();
  expect((await lines())[0]).toMatchObject({ state: 'waiting', outcome: 'no answer in 0.3 s' });

  receiver.answer = response => void response.writeHead(200, { big: 'x'.repeat(100_000) }).end();
  await makeDue();
  await sending.run();
  expect((await lines())[0]!.outcome).toMatch(/Header overflow/i);

  receiver.answer = response => void response.socket!.destroy();
  await services.sql`update webhook_deliveries set attempts = 1`;
  await makeDue();
  await sending.run();
  expect((await lines())[0]).toMatchObject({ state: 'waiting', outcome: 'socket hang up' });
});

test('one that hangs holds up nobody else', async () => {
  const slow = await startReceiver();
  const open: ServerResponse[] = [];
  slow.answer = response => void open.push(response);
  const hanging = await addEndpoint(services, slow.url, ['issue.sent']);
  const patient = openSender(services);
  await put(hanging.id, 50);
  await put(endpoint.id, 200);
  while (receiver.got.length < 200) {
    await patient.sender.start();
    await Promise.race([receiver.arrived(200), new Promise(setImmediate)]);
  }
  // No more than its share is under way there, and none of it came to an end.
  await slow.arrived(8);
  expect(slow.got).toHaveLength(8);
  await slow.close();
  await patient.sender.settled();
  patient.close();
});

test('a process killed between the POST and its record: the message comes again, under the same id', async () => {
  const start = (): ChildProcess =>
    spawn(process.execPath, ['--import', 'tsx', 'workers/send-webhooks.ts'], {
      env: { ...process.env, ...services.env, NODE_ENV: '' },
      stdio: 'ignore',
    });
  receiver.answer = () => {};
  await put(endpoint.id);
  const first = start();
  await receiver.arrived(1);
  first.kill('SIGKILL');
  await once(first, 'exit');
  expect(await lines()).toMatchObject([{ state: 'waiting', attempts: 1 }]);
  status(204);
  // Its claim runs out a minute later; nobody sends it before.
  await sending.run();
  expect(receiver.got).toHaveLength(1);
  await makeDue();
  const second = start();
  await receiver.arrived(2);
  second.kill('SIGTERM');
  const [code] = (await once(second, 'exit')) as [number];
  expect(code).toBe(0);
  expect(await lines()).toMatchObject([{ state: 'delivered', attempts: 2 }]);
  expect(receiver.got[0]!.headers['webhook-id']).toBe(receiver.got[1]!.headers['webhook-id']);
  expect(receiver.got[0]!.body).toBe(receiver.got[1]!.body);
}, 240_000);

test('a try that was thought lost records nothing over the one after it', async () => {
  const { sql } = services;
  await put(endpoint.id);
  const claim = async () => (await claimDeliveries(sql, [{ webhookId: endpoint.id, room: 1 }]))[0]!;
  const lost = await claim();
  await makeDue();
  const next = await claim();
  expect(next.messageId).toBe(lost.messageId);
  await recordDelivered(sql, lost, 'HTTP 200');
  await recordFailed(sql, lost, { outcome: 'late', waitMs: 0, gone: true, holdMs: null });
  expect(await lines()).toMatchObject([{ state: 'waiting', outcome: null }]);
  await recordDelivered(sql, next, 'HTTP 200');
  expect(await lines()).toMatchObject([{ state: 'delivered' }]);
});

test('a message taken from the wire and played again, altered or out of order, does not verify or has a known id', async () => {
  await put(endpoint.id, 2);
  await sending.run();
  const verifier = new Webhook(endpoint.secret);
  const [one, two] = receiver.got as [(typeof receiver.got)[0], (typeof receiver.got)[0]];
  const headers = one.headers as Record<string, string>;
  expect(one.headers['webhook-id']).not.toBe(two.headers['webhook-id']);
  expect(() => verifier.verify(two.body, headers)).toThrow();
  expect(() => verifier.verify(one.body, { ...headers, 'webhook-id': 'msg_other' })).toThrow();
  const old = String(Number(headers['webhook-timestamp']) - 301);
  expect(() => verifier.verify(one.body, { ...headers, 'webhook-timestamp': old })).toThrow();
});

test('another SECRET_KEYS: nothing leaves unsigned', async () => {
  const stranger = await openServices({ ...services.env, SECRET_KEYS: 'y'.repeat(40) });
  await put(endpoint.id);
  const other = openSender({ ...services, vault: stranger.vault });
  await other.run();
  other.close();
  await stranger.close();
  expect(receiver.got).toHaveLength(0);
  expect((await lines())[0]!.outcome).toContain('SECRET_KEYS');
});

test('a name that leads to this machine is refused when connecting, whatever the URL says', async () => {
  let connections = 0;
  const trap = createTcpServer(socket => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>(resolve => trap.listen(0, resolve));
  const { port } = trap.address() as { port: number };
  const poster = new Poster('public');
  const message = { id: 'msg_1', body: Buffer.from('{}') };
  for (const host of ['localhost', '127.0.0.1', '0x7f.1', '[::ffff:127.0.0.1]', '2130706433'])
    expect(await poster.post(`https://${host}:${port}/`, message, []), host).toMatchObject({ status: undefined });
  // A name of this machine that no URL betrays, where it has one.
  const own = await lookup(hostname()).catch(() => undefined);
  const posted = await poster.post(`https://${hostname()}:${port}/`, message, []);
  if (own) expect(posted.outcome).toBe(`${hostname()} has no public address`);
  const said = await new Promise<string>(resolve => {
    const request = httpsRequest(`https://localhost:${port}/`, { lookup: guardedLookup('public') });
    request.on('error', error => resolve(error.message)).end();
  });
  expect(said).toBe('localhost has no public address');
  expect(connections).toBe(0);
  poster.close();
  await new Promise(resolve => trap.close(resolve));
});
