/** `webhook` as a person uses it: what it prints, and what it says when something does not fit. */
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { broadsheet } from '../support/cli.ts';
import { openServices, type Services } from '../support/services.ts';
import { type Receiver, startReceiver } from '../webhooks/receiver.ts';

let services: Services;
let receiver: Receiver;
beforeAll(async () => {
  services = await openServices({ PUBLIC_URL: 'http://localhost:3000' });
  receiver = await startReceiver();
});
afterAll(async () => {
  await receiver.close();
  await services.close();
});

const run = (...args: string[]) => broadsheet(['webhook', ...args, '--json'], services.env);

test('add, test, rotate, list, deliveries, remove', async () => {
  const added = await run('add', receiver.url, '--events', 'issue.*,subscriber.bounced');
  expect(added.json, added.stderr).toMatchObject({
    id: 1,
    addresses: false,
    secret: expect.stringMatching(/^whsec_.{44}$/),
  });
  expect(added.json.events).toEqual([
    'issue.scheduled',
    'issue.sending',
    'issue.paused',
    'issue.held',
    'issue.cancelled',
    'issue.sent',
    'issue.liked',
    'subscriber.bounced',
  ]);
  // Sealed: the key itself is nowhere in the row.
  const [row] = await services.sql<{ secret: Uint8Array }[]>`select secret from webhooks`;
  const key = Buffer.from(added.json.secret.slice(6), 'base64');
  expect(Buffer.from(row!.secret).includes(key)).toBe(false);
  expect(Buffer.from(row!.secret).toString('latin1')).not.toContain(added.json.secret.slice(6));

  const rotated = await run('rotate', '1');
  expect((await run('test', '1')).json).toMatchObject({ ok: true, outcome: 'HTTP 204' });
  const { headers, body } = receiver.got[0]!;
  for (const secret of [added.json.secret, rotated.json.secret])
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({ type: 'webhook.test' });
  receiver.answer = response => void response.writeHead(404).end();
  expect(await run('test', '1')).toMatchObject({ code: 1, json: { ok: false, outcome: 'HTTP 404' } });

  const list = await run('list');
  expect(list.json.webhooks).toMatchObject([{ id: 1, url: receiver.url, enabled: true }]);
  expect(list.stdout).not.toContain('whsec_');
  expect((await run('deliveries', '1')).json).toEqual({ id: 1, deliveries: [] });
  expect((await run('remove', '1')).json).toEqual({ id: 1, removed: true });
  expect(await run('remove', '1')).toMatchObject({ code: 1, json: { error: { code: 'WEBHOOK_UNKNOWN' } } });
}, 240_000);

test('what cannot be is refused, with what to do', async () => {
  const add = (url: string, events: string) => run('add', url, '--events', events);
  expect(await add('http://hooks.example/x', 'issue.sent')).toMatchObject({
    code: 1,
    json: { error: { code: 'WEBHOOK_URL', message: 'it is not https' } },
  });
  expect((await add('https://169.254.169.254/latest', 'issue.sent')).json.error.code).toBe('WEBHOOK_URL');
  const event = await add('https://hooks.example/x', 'issue.read');
  expect([event.code, event.json.error.message]).toEqual([2, 'issue.read is not an event']);
  expect(event.json.error.help).toContain('issue.sent');
  expect((await run('test', 'one')).json.error.code).toBe('USAGE');
  const env = { ...services.env, ALERT_WEBHOOK_SECRET: 'whsec_short' };
  const wrong = await broadsheet(['webhook', 'list', '--json'], env);
  expect([wrong.code, wrong.json.error.message]).toEqual([
    2,
    'ALERT_WEBHOOK_SECRET: is not whsec_ and the base64 of 24 to 64 bytes',
  ]);
}, 240_000);
