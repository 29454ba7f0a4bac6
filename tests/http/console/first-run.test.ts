/** From an empty database to an issue in a reader's mailbox, through the console alone: as the first person of a newsroom does it. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { heartbeat } from '../../../src/db/workers.ts';
import { openDeliverer } from '../../../src/deliver/delivery.ts';
import { reconcile } from '../../../src/enqueue/reconcile.ts';
import { setupCode } from '../../../src/http/console/app.tsx';
import { createApp, listen } from '../../../src/http/server.ts';
import { addReader, becomeOwner, firstText, makePublication, sendIssue, writeIssue } from '../../journeys/console.ts';
import { Hand } from '../../journeys/hands.ts';
import { hasBrowser, launchBrowser } from '../../support/browser.ts';
import { startRelay } from '../../support/relay.ts';
import { planAndDeliver, workerId } from '../../support/sending.ts';
import { openServices } from '../../support/services.ts';

describe.skipIf(!hasBrowser)('in Chromium, on an empty database', () => {
  let browser: Browser;
  const opened: (() => unknown)[] = [];
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterEach(async () => {
    for (const close of opened.splice(0).reverse()) await close();
  });
  afterAll(() => browser?.close());

  async function start() {
    const relay = await startRelay({});
    opened.push(() => relay.close());
    const services = await openServices({ SMTP_URL: relay.url, PUBLIC_URL: 'http://127.0.0.1:1' });
    opened.push(() => services.close());
    await heartbeat(services.sql, workerId, 'deliver-batch');
    const server = await listen(await createApp(services), { host: '127.0.0.1', port: 0 });
    opened.push(() => server.close());
    const deliverer = openDeliverer(services, workerId, new AbortController().signal);
    opened.push(() => deliverer.close());
    return { relay, services, deliverer, url: `http://127.0.0.1:${server.port}` };
  }

  test.each([
    ['keys', 'ko-KR'],
    ['mouse', 'en-US'],
  ] as const)('owner, publication, reader, text, confirmation, mail: by %s, in %s', async (manner, locale) => {
    const { relay, services, deliverer, url } = await start();
    const hand = await Hand.open(browser, url, manner, { width: 1280, locale });
    const address = `${url}/console/setup?code=${await setupCode(services)}`;
    await becomeOwner(hand, address, 'first@example.org', '조용한 신문 한 부 주세요');
    await makePublication(hand, 'first', '첫 뉴스레터');
    await addReader(hand, 'reader@example.net', '창간');
    await writeIssue(hand, firstText);
    const id = await sendIssue(hand, '창간', 1);
    await planAndDeliver(services, deliverer, id);
    await reconcile(services, workerId);
    await hand.page.locator('#issue-live .accepted dd').getByText('1', { exact: true }).waitFor();
    await hand.look();
    expect(relay.accepted.map(mail => mail.to)).toEqual(['reader@example.net']);
    await hand.leave(['broadsheet']);
  });
});
