/** When an alert opens, what is said of it how often, and when it is over. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Trouble } from '../../src/alerts/kinds.ts';
import { acknowledgeAlert } from '../../src/db/alerts.ts';
import { openServices, type Services } from '../support/services.ts';
import { alertsOf } from './support.ts';

let services: Services;
let seen: Trouble[];
let cannotLook: boolean;
let alerts: ReturnType<typeof alertsOf>;

const away: Trouble = { kind: 'relay-trouble', subject: 'relay.example:587', detail: { relay: 'relay', words: 'no' } };

beforeAll(async () => {
  services = await openServices({ LOG_LEVEL: 'silent' });
});
afterAll(() => services.close());
beforeEach(async () => {
  await services.sql`delete from alerts`;
  seen = [];
  cannotLook = false;
  alerts = alertsOf(services, {
    alerts: {
      emails: ['a@ops.example', 'b@ops.example'],
      webhookUrl: 'https://chat.example/x',
      webhookSecret: undefined,
    },
    checks: [
      {
        kinds: ['relay-trouble'],
        look: async () => {
          if (cannotLook) throw new Error('Redis is away');
          return seen;
        },
      },
    ],
  });
});

const said = async () =>
  (
    await services.sql<{ said: string }[]>`
    select what || ' ' || channel || target as said from alert_notices where next_attempt_at is not null order by id`
  ).map(row => row.said);
const three = (what: string) => [`${what} mail0`, `${what} mail1`, `${what} webhook0`];

test('a moment’s trouble is no alert; one that lasts is one alert, told once to each', async () => {
  seen = [away];
  await alerts.pass();
  expect(await alerts.open()).toEqual([]);
  seen = [];
  await alerts.later(181);
  await alerts.pass();
  expect(await services.sql`select from alerts`).toHaveLength(0);

  seen = [away];
  await alerts.pass();
  await alerts.later(59);
  await alerts.pass();
  expect(await alerts.open()).toEqual([]);
  await alerts.later(1);
  await Promise.all([alerts.pass(), alerts.pass()]);
  await alerts.pass();
  expect(await alerts.open()).toMatchObject([{ kind: 'relay-trouble', subject: 'relay.example:587' }]);
  expect(await said()).toEqual(three('opened'));
});

test('it is over only when it has been gone for a while, and that is told; again is another alert', async () => {
  seen = [away];
  await alerts.pass();
  await alerts.later(60);
  await alerts.pass();
  await services.sql`update alert_notices set next_attempt_at = null`;
  for (let i = 0; i < 3; i++) {
    seen = [];
    await alerts.later(170);
    await alerts.pass();
    seen = [away];
    await alerts.pass();
  }
  expect(await alerts.open()).toHaveLength(1);
  expect(await said()).toEqual([]);
  seen = [];
  await alerts.later(181);
  // Looked for in vain is not gone.
  cannotLook = true;
  await alerts.pass();
  expect(await alerts.open()).toHaveLength(1);
  cannotLook = false;
  await alerts.pass();
  expect(await alerts.open()).toEqual([]);
  expect(await said()).toEqual(three('closed'));
  seen = [away];
  await alerts.pass();
  await alerts.later(60);
  await alerts.pass();
  expect(await alerts.all()).toMatchObject([{ closedAt: expect.any(Date) }, { closedAt: null }]);
});

test('a message that did not leave before the end is dropped for the one about the end', async () => {
  seen = [away];
  await alerts.pass();
  await alerts.later(60);
  await alerts.pass();
  seen = [];
  await alerts.later(181);
  await alerts.pass();
  expect(await said()).toEqual(three('closed'));
});

test('reminded daily while open, not once somebody looks after it', async () => {
  seen = [away];
  await alerts.pass();
  await alerts.later(60);
  await alerts.pass();
  await services.sql`update alert_notices set next_attempt_at = null`;
  await alerts.later(86_399 - 60);
  await alerts.pass();
  expect(await said()).toEqual([]);
  await alerts.later(100);
  await alerts.pass();
  await alerts.pass();
  expect(await said()).toEqual(three('reminder'));
  const [open] = await alerts.open();
  expect(await acknowledgeAlert(services.sql, open!.id, 'hana')).toBe(true);
  expect(await acknowledgeAlert(services.sql, open!.id, 'other')).toBe(true);
  expect(await acknowledgeAlert(services.sql, open!.id + 1, 'hana')).toBe(false);
  await alerts.later(90_000);
  await alerts.pass();
  expect(await said()).toEqual(three('reminder'));
  expect((await alerts.open())[0]).toMatchObject({ acknowledgedBy: 'hana' });
});
