/** From an empty database to an issue in a reader's mailbox, through the console alone: as the first person of a newsroom does it. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { heartbeat } from '../../../src/db/workers.ts';
import { deliverBatch } from '../../../src/deliver/batch.ts';
import { type Deliverer, openDeliverer } from '../../../src/deliver/delivery.ts';
import { planAndQueue } from '../../../src/enqueue/plan.ts';
import { reconcile } from '../../../src/enqueue/reconcile.ts';
import { setupCode } from '../../../src/http/console/app.tsx';
import { createApp, type Listening, listen } from '../../../src/http/server.ts';
import { hasBrowser, launchBrowser } from '../../support/browser.ts';
import { type Relay, startRelay } from '../../support/relay.ts';
import { workerId } from '../../support/sending.ts';
import { openServices, type Services } from '../../support/services.ts';

const text = `# 첫 호입니다

안녕하세요, 독자 여러분. 새 뉴스레터를 시작합니다.

## 이번 주 논문

작은 모델이 큰 모델만큼 잘하는 일이 무엇인지 살펴봤습니다. [논문 보기](https://example.org/paper)
`;

describe.skipIf(!hasBrowser)('in Chromium, on an empty database', () => {
  let services: Services;
  let server: Listening;
  let browser: Browser;
  let relay: Relay;
  let deliverer: Deliverer;
  let url: string;

  beforeAll(async () => {
    relay = await startRelay({});
    services = await openServices({ SMTP_URL: relay.url, PUBLIC_URL: 'http://127.0.0.1:1' });
    await heartbeat(services.sql, workerId, 'deliver-batch');
    deliverer = openDeliverer(services, workerId, new AbortController().signal);
    server = await listen(await createApp(services), { host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${server.port}`;
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    deliverer?.close();
    await server?.close();
    await relay?.close();
    await services?.close();
  });

  /** What the workers do. */
  async function deliver(issueId: number): Promise<void> {
    await planAndQueue(services, issueId);
    for (const { id } of await services.sql<{ id: number }[]>`select id from batches where issue_id = ${issueId}`)
      await deliverBatch(deliverer.delivery, id);
    await reconcile(services, workerId);
  }

  async function becomeOwner(page: Page): Promise<void> {
    await page.goto(`${url}/console/setup?code=${await setupCode(services)}`);
    await page.fill('input[name=email]', 'first@example.org');
    await page.fill('input[name=password]', '조용한 신문 한 부 주세요');
    await page.click('main button[type=submit]');
    await page.waitForURL(`${url}/console`);
  }

  async function makePublication(page: Page): Promise<void> {
    await page.goto(`${url}/console/settings/publications/new`);
    await page.fill('[name=slug]', 'first');
    await page.fill('[name=name]', '첫 뉴스레터');
    await page.fill('[name="from.name"]', '첫 뉴스레터');
    await page.fill('[name="from.address"]', 'news@example.org');
    await page.fill('[name=postalAddress]', '서울시 중구 세종대로 1');
    await page.click('main form button[type=submit].main');
    await page.waitForURL(/\/settings\/publications\/first/);
  }

  async function addReader(page: Page): Promise<void> {
    await page.goto(`${url}/console/readers/add`);
    await page.fill('[name=email]', 'reader@example.net');
    await page.fill('[name=name]', '민서');
    await page.check('[name=how][value=proof]');
    await page.fill('[name=source]', '창간 모임 명단');
    await page.fill('[name=at]', '2026-11-01');
    await page.fill('[name=wording]', '뉴스레터를 이메일로 받는 데 동의합니다.');
    await page.click('main form button[type=submit].main');
    await page.waitForURL(/\/readers\/\d+/);
  }

  test('owner, publication, reader, text, confirmation, mail', async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-US' });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', error => problems.push(error.message));
    page.on(
      'console',
      message => message.type() === 'error' && problems.push(`${JSON.stringify(message.location())} ${message.text()}`),
    );
    await becomeOwner(page);
    await makePublication(page);
    await addReader(page);

    await page.goto(`${url}/console/manuscripts/new`);
    await page.check('[name=start][value=empty]');
    await page.click('main form button[type=submit]');
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+a');
    // Replacing a selection at once, Chromium itself writes styles into the text, which the policy refuses and the editor drops.
    await page.keyboard.press('Delete');
    await page.keyboard.insertText(text);
    // The e-mail beside it says what was written, and the text is kept.
    await page.frameLocator('#preview iframe').getByText('작은 모델이 큰 모델만큼').last().waitFor();
    await page.keyboard.press('Control+s');
    await expect
      .poll(async () => (await services.sql`select source from manuscripts`)[0]?.source, { timeout: 10_000 })
      .toContain('새 뉴스레터를 시작합니다');

    await page.click('a[href$="/send"]');
    await page.getByText('1 reader').first().waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    const box = page.getByLabel(/I have read/);
    if (await box.isVisible()) await box.check();
    await page.getByLabel(/type the number/).fill('1');
    await page.getByRole('button', { name: /^Send to 1/ }).click();
    await page.waitForURL(/\/console\/issues\/\d+/);
    await deliver(Number(/issues\/(\d+)/.exec(page.url())![1]));
    await page.locator('#issue-live .accepted dd').getByText('1', { exact: true }).waitFor();

    expect(relay.accepted.map(mail => mail.to)).toEqual(['reader@example.net']);
    expect(problems).toEqual([]);
  });
});
