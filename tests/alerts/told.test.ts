/** How people hear of an alert: the mail's bytes, the webhook's, and what happens when one of the two ways is broken. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { simpleParser } from 'mailparser';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { moveIssue } from '../../src/db/issues.ts';
import { control } from '../../src/enqueue/control.ts';
import { planAndQueue } from '../../src/enqueue/plan.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { newSecret } from '../../src/webhooks/sign.ts';
import { broadsheet } from '../support/cli.ts';
import { audience, publicationOf, submitIssue } from '../support/fixtures.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { openServices, type Services } from '../support/services.ts';
import { type Receiver, startReceiver } from '../webhooks/receiver.ts';
import { alertsOf } from './support.ts';

let services: Services;
let relay: Relay;
let receiver: Receiver;
let publicationId: number;
let tick: ChildProcess | undefined;
const secret = newSecret();

beforeAll(async () => {
  relay = await startRelay();
  services = await openServices({ SMTP_URL: relay.url, LOG_LEVEL: 'silent' });
  ({ publicationId } = await audience(services, ['reader@example.net'], publicationOf({ slug: 'alerts' })));
});
afterAll(async () => {
  await relay.close();
  await services.close();
});
beforeEach(async () => {
  receiver = await startReceiver();
  await services.sql`delete from alerts`;
  relay.accepted.length = 0;
  relay.script = {};
});
afterEach(async () => {
  tick?.kill('SIGKILL');
  await services.sql`update issues set state = 'cancelled' where state <> 'sent'`;
  await receiver.close();
});

const config = () => ({
  emails: ['ops@desk.example', 'hana@desk.example'],
  webhookUrl: receiver.url,
  webhookSecret: secret,
});
const open = (given: Parameters<typeof alertsOf>[1] = {}) =>
  alertsOf(services, { alerts: config(), relays: [relay.url], ...given });

let slugs = 0;
async function heldIssue() {
  const issue = await submitIssue(services, publicationId, { slug: `held-${++slugs}` });
  await planAndQueue(services, issue.id);
  await moveIssue(
    services.sql,
    issue.id,
    ['sending'],
    'held',
    '5 of 50 refused: 550 5.7.1 <reader@example.net> blocked',
  );
  return issue;
}
const verified = () =>
  receiver.got.map(
    ({ headers, body }) =>
      new Webhook(secret).verify(body, headers as Record<string, string>) as {
        type: string;
        text: string;
        data: Record<string, unknown>;
      },
  );

test('a held issue: one mail to each and one POST, in the publication’s language; the same when it is over', async () => {
  const alerts = open();
  const issue = await heldIssue();
  await alerts.pass();
  await alerts.pass();
  await alerts.tell();
  expect(relay.accepted.map(({ to, from }) => [to, from]).sort()).toEqual([
    ['hana@desk.example', 'news@example.org'],
    ['ops@desk.example', 'news@example.org'],
  ]);
  const { raw } = relay.accepted.find(({ to }) => to === 'ops@desk.example')!;
  expect(raw.split('\r\n').every(line => line.length <= 78 && !/[\x80-\xff]/.test(line))).toBe(true);
  const mail = await simpleParser(raw);
  expect(mail.subject).toBe(`[문제] ${issue.slug} 호가 보류됐어요`);
  expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
  expect(mail.messageId).toMatch(/^<alert\.[0-9a-f-]{36}@example\.org>$/);
  expect(mail.text).toContain('이유: 5 of 50 refused: 550 5.7.1 <<address>> blocked');
  expect(mail.text).toContain(`broadsheet resume ${issue.slug}\nbroadsheet cancel ${issue.slug}`);
  expect(mail.text).toMatch(/\d{4}-\d\d-\d\d \d\d:\d\d UTC부터예요\.\n/);
  const [alert] = await alerts.open();
  expect(mail.text).toContain(`broadsheet alerts ack ${alert!.id}\n`);
  expect(verified()).toMatchObject([
    {
      type: 'alert.opened',
      text: expect.stringContaining(`[문제] ${issue.slug} 호가 보류됐어요\n`),
      data: { alert: alert!.id, kind: 'issue-held', subject: String(issue.id), closedAt: null },
    },
  ]);
  expect(receiver.got[0]!.body).not.toContain('@');

  await control(services, String(issue.id), 'resume');
  await alerts.pass();
  await alerts.pass();
  await alerts.tell();
  expect(relay.accepted).toHaveLength(4);
  expect((await simpleParser(relay.accepted[3]!.raw)).subject).toBe(`[해결] ${issue.slug} 호가 보류됐어요`);
  expect(verified().map(({ type }) => type)).toEqual(['alert.opened', 'alert.closed']);
  alerts.close();
});

test('mail that is broken does not stop the webhook, and comes later under its id; the reverse too', async () => {
  const { sql } = services;
  const alerts = open();
  relay.script.greet = () => '554 5.3.2 not now';
  await heldIssue();
  await alerts.pass();
  await alerts.tell();
  expect(receiver.got).toHaveLength(1);
  expect(relay.accepted).toHaveLength(0);
  const due = () => sql`update alert_notices set next_attempt_at = now() where next_attempt_at is not null`;
  relay.script = { done: () => '451 4.3.0 try later' };
  await due();
  await alerts.tell();
  const refused = relay.arrived.slice(-2).map(({ raw }) => /^Message-ID: .*$/m.exec(raw)![0]);
  relay.script = {};
  await due();
  await alerts.tell();
  expect(relay.accepted.map(({ raw }) => /^Message-ID: .*$/m.exec(raw)![0]).sort()).toEqual(refused.sort());
  expect(receiver.got).toHaveLength(1);
  await due();
  await alerts.tell();
  expect(relay.accepted).toHaveLength(2);

  receiver.answer = response => void response.writeHead(500).end();
  await heldIssue();
  await alerts.pass();
  await alerts.tell();
  expect(relay.accepted).toHaveLength(4);
  receiver.answer = response => void response.writeHead(200).end('ok');
  await due();
  await alerts.tell();
  expect(receiver.got.slice(1).map(({ headers }) => headers['webhook-id'])).toEqual(
    Array(2).fill(receiver.got[1]!.headers['webhook-id']),
  );
  alerts.close();
});

test('of several relays the next is tried; a process that dies while telling leaves it to be told again', async () => {
  const away = await startRelay({ greet: () => '421 4.3.2 away' });
  const alerts = open({ relays: [away.url, relay.url], alerts: { ...config(), emails: ['ops@desk.example'] } });
  await heldIssue();
  await alerts.pass();
  await services.sql`update alert_notices set attempts = 1, claim = gen_random_uuid(), next_attempt_at = now() - interval '1 second'`;
  await alerts.tell();
  expect(away.connections).toBe(1);
  expect(relay.accepted).toHaveLength(1);
  expect(receiver.got).toHaveLength(1);
  await away.close();
  alerts.close();
});

test('a tick process sees it and tells it; commands and figures show it', async () => {
  const env = {
    ...services.env,
    ALERT_EMAIL: 'ops@desk.example, hana@desk.example',
    ALERT_WEBHOOK_URL: receiver.url,
    ALERT_WEBHOOK_SECRET: secret,
  };
  const issue = await heldIssue();
  const mailed = new Promise<void>(resolve => {
    relay.script.done = ({ raw }) => {
      if (raw.includes('ops@desk.example')) resolve();
      return '250 ok';
    };
  });
  tick = spawn(process.execPath, ['--import', 'tsx', 'workers/tick.ts'], {
    env: { ...process.env, ...env, NODE_ENV: '' },
    stdio: 'ignore',
  });
  await Promise.all([mailed, receiver.arrived(1)]);
  tick.kill('SIGTERM');
  expect(await once(tick, 'exit')).toEqual([0, null]);
  expect(verified()[0]).toMatchObject({ type: 'alert.opened' });

  const metrics = await (await createMetrics(services).app.request('/metrics')).text();
  expect(metrics).toContain('broadsheet_alerts_open{kind="issue-held"} 1');
  expect(metrics).toContain('broadsheet_alerts_open{kind="disk-full"} 0');
  const list = await broadsheet(['alerts', '--json'], services.env);
  const held = list.json.alerts.find((alert: { kind: string }) => alert.kind === 'issue-held');
  expect(held, list.stderr).toMatchObject({ title: `Issue ${issue.slug} is held`, subject: String(issue.id) });
  expect((await broadsheet(['status', issue.slug], services.env)).stdout).toMatch(
    /\d+ open alerts?: broadsheet alerts/,
  );
  const ack = await broadsheet(['alerts', 'ack', String(held.id), '--json'], services.env);
  expect(ack.json, ack.stderr).toEqual({ id: held.id, acknowledged: true });
  expect((await broadsheet(['alerts'], services.env)).stdout).toContain('acknowledged by ');
  const none = await broadsheet(['alerts', 'ack', '99999', '--json'], services.env);
  expect([none.code, none.json.error.code]).toEqual([1, 'ALERT_UNKNOWN']);
}, 240_000);
