/** What an operator's Prometheus reads of a send: counts that agree with the relay, and nobody's address. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMetrics } from '../../src/http/metrics.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { type Sending, startSending } from '../support/sending.ts';
import { openServices, type Services } from '../support/services.ts';

let services: Services;
let relay: Relay;
let sending: Sending;
beforeAll(async () => {
  services = await openServices();
  relay = await startRelay();
});
afterAll(async () => {
  sending.close();
  await relay.close();
  await services.close();
});

test('a send is told by lane and meaning, with times of each phase and no address', async () => {
  const google = Array.from({ length: 12 }, (_, i) => `reader${i}@gmail.com`);
  const refused = ['gone@example.net', 'full@example.net', 'later@naver.com'];
  relay.script.rcpt = to =>
    ({
      'gone@example.net': '550 5.1.1 <gone@example.net> unknown',
      'full@example.net': '552 5.2.2 <full@example.net> mailbox full',
      'later@naver.com': '421 4.7.0 too many messages from <later@naver.com>',
    })[to] ?? '250 ok';
  sending = await startSending(services, relay, [...google, ...refused]);
  expect(await sending.deliver()).toMatchObject({ accepted: 12, rejected: 1, deferred: 2 });
  await sending.deliverer.report();
  // Counted once, however often it is reported.
  await sending.deliverer.report();
  const text = await (await createMetrics(services).app.request('/metrics')).text();
  const lines = text.split('\n').filter(line => line.startsWith('broadsheet_'));
  expect(lines).toEqual(
    expect.arrayContaining([
      'broadsheet_outcomes_total{lane="google",outcome="accepted"} 12',
      'broadsheet_outcomes_total{lane="other",outcome="hard-bounce"} 1',
      'broadsheet_outcomes_total{lane="other",outcome="deferred-reader"} 1',
      'broadsheet_outcomes_total{lane="naver",outcome="deferred-lane"} 1',
      'broadsheet_delivery_seconds_bucket{phase="smtp",le="+Inf"} 15',
      'broadsheet_delivery_seconds_count{phase="prepare"} 15',
      `broadsheet_recipients{issue="${sending.issueId}",state="accepted"} 12`,
      `broadsheet_events{issue="${sending.issueId}",kind="bounce-hard"} 1`,
      expect.stringContaining(`broadsheet_slowed_lane_rate{relay="${relay.url.slice(7)}",lane="naver"}`),
      'broadsheet_figures_missing{figures="deliveries"} 0',
    ]),
  );
  expect(text).not.toMatch(/[\w.+-]+@[\w-]+\./);
});
