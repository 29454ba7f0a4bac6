/** From a manuscript to a closed ledger in a real browser, with a real relay: by mouse, and by keyboard alone. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertManuscript } from '../../../../src/db/manuscripts.ts';
import { heartbeat } from '../../../../src/db/workers.ts';
import { deliverBatch } from '../../../../src/deliver/batch.ts';
import { type Deliverer, openDeliverer } from '../../../../src/deliver/delivery.ts';
import { planAndQueue } from '../../../../src/enqueue/plan.ts';
import { reconcile } from '../../../../src/enqueue/reconcile.ts';
import { createApp, type Listening, listen } from '../../../../src/http/server.ts';
import { axeSource, hasBrowser, launchBrowser } from '../../../support/browser.ts';
import { audience, publicationOf } from '../../../support/fixtures.ts';
import { type Relay, startRelay } from '../../../support/relay.ts';
import { planAndDeliver, workerId } from '../../../support/sending.ts';
import { openServices, type Services } from '../../../support/services.ts';
import { logIn, openStaff } from '../staff.ts';

const source = (title: string) => `---
title: ${title}
subject: ${title}
---

안녕하세요, 독자 여러분.

## 이번 호의 글

본문 한 단락입니다.
`;

describe.skipIf(!hasBrowser)('in Chromium', () => {
  let services: Services;
  let server: Listening;
  let browser: Browser;
  let relay: Relay;
  let deliverer: Deliverer;
  let publicationId: number;
  let url: string;
  /** Messages wait at the relay until it is opened. */
  let open = () => {};
  let gate: Promise<void> = Promise.resolve();

  beforeAll(async () => {
    relay = await startRelay({
      rcpt: to => (to.startsWith('gone') ? '550 5.1.1 <b>no such user</b>' : '250 ok'),
      done: async ({ to }) => {
        if (to.includes('slow')) await gate;
        return '250 ok';
      },
    });
    services = await openServices({ SMTP_URL: relay.url, PUBLIC_URL: 'http://127.0.0.1:1' });
    const app = await createApp(services);
    await openStaff(services, app);
    const readers = ['one', 'two', 'slow-three', 'slow-four', 'gone-five'].map(name => `${name}@example.net`);
    ({ publicationId } = await audience(services, readers, publicationOf({ slug: 'live', name: '라이브 주간' })));
    await services.sql`update subscribers set attributes = '{"tags": "vip"}' where email like 'one%'`;
    await heartbeat(services.sql, workerId, 'deliver-batch');
    deliverer = openDeliverer(services, workerId, new AbortController().signal);
    server = await listen(app, { host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${server.port}`;
    browser = await launchBrowser();
  });
  afterAll(async () => {
    open();
    await browser?.close();
    deliverer?.close();
    await server?.close();
    await relay?.close();
    await services?.close();
  });

  const write = (title: string) =>
    insertManuscript(services.sql, { publicationId, title, source: source(title), by: 1 });
  const issueOf = async (page: Page) => Number(/issues\/(\d+)/.exec(page.url())![1]);
  /** What the workers do. */
  async function deliver(issueId: number): Promise<void> {
    await planAndDeliver(services, deliverer, issueId);
    await reconcile(services, workerId);
  }
  /** A page whose console must stay silent. */
  async function openPage(context: BrowserContext): Promise<{ page: Page; errors: string[] }> {
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', error => errors.push(error.message));
    page.on('console', message => message.type() === 'error' && errors.push(message.text()));
    return { page, errors };
  }
  async function axe(page: Page): Promise<string[]> {
    await page.evaluate(axeSource);
    const found = await page.evaluate(() =>
      (
        globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        }
      ).axe.run(),
    );
    return found.violations.map(one => `${one.id}: ${one.nodes.map(node => node.html).join(' ')}`);
  }

  test('by mouse: a rule counted as it is made, a confirmation, live progress, pause, who did not get it', async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-US' });
    await logIn(context, url, 'editor');
    const { page, errors } = await openPage(context);
    const manuscript = await write('마우스로 <img src=x onerror=alert(1)>');
    await page.goto(`${url}/console`);
    await page.click(`a[href="/console/manuscripts/${manuscript}/send"]`);
    await page.getByText('5 readers').waitFor();
    expect(await axe(page)).toEqual([]);

    await page.getByLabel('Those who fit a rule').check();
    await page.getByRole('button', { name: 'Add a condition' }).click();
    await page.getByLabel('Value 1').fill('vip');
    await page.locator('#send-count').getByText('1 reader', { exact: true }).waitFor();
    await page.getByText('have the tag “vip”').waitFor();
    expect(page.url()).toContain('value=vip');
    await page.getByLabel('Everybody of the publication').check();
    await page.locator('#send-count').getByText('5 readers').waitFor();

    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('5 readers get this mail').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByLabel(/I have read/).check();
    await page.getByLabel(/type the number/).fill('5');
    gate = new Promise(resolve => {
      open = resolve;
    });
    await page.getByRole('button', { name: 'Send to 5 readers' }).click();
    await page.waitForURL(/\/console\/issues\/\d+\?said=sent/);
    const issueId = await issueOf(page);
    const delivered = deliver(issueId);
    // By itself, without loading the page again.
    await page.locator('#issue-live .accepted dd').getByText('2', { exact: true }).waitFor();
    await page.locator('#issue-live .open dd').getByText('2', { exact: true }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Nothing leaves until').waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    open();
    await delivered;
    // Rows that the pause left unclaimed, and those that it met in the middle.
    const ended = async () => {
      await deliver(issueId);
      return (await services.sql`select state from issues where id = ${issueId}`)[0]!.state;
    };
    await expect.poll(ended, { timeout: 20_000 }).toBe('sent');
    await page.locator('.head .state.sent').waitFor();
    expect(relay.accepted.map(one => one.to).sort()).toEqual(
      ['one', 'slow-four', 'slow-three', 'two'].map(name => `${name}@example.net`),
    );

    await page.getByRole('link', { name: 'Who did not get it' }).click();
    await page.getByRole('cell', { name: 'the address does not exist', exact: true }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('link', { name: /See them.*refused/ }).click();
    await page.getByText('gone-five@example.net').waitFor();
    await page.getByText('<b>no such user</b>').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download as CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/-missing\.csv$/);
    expect(errors).toEqual([]);
    await context.close();
  });

  test('by keyboard alone', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-US' });
    await logIn(context, url, 'editor');
    const { page, errors } = await openPage(context);
    const manuscript = await write('글쇠로만');
    await page.goto(`${url}/console/manuscripts/${manuscript}/send`);
    const tabTo = async (selector: string) => {
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press('Tab');
        if ((await page.locator(`${selector}:focus`).count()) > 0) return;
      }
      throw new Error(`${selector} is out of reach`);
    };
    await tabTo('input[name=when]');
    await page.keyboard.press('ArrowDown');
    await page.getByText('It starts:').waitFor();
    await page.keyboard.press('ArrowUp');
    await tabTo('button[form=send-form]');
    await page.keyboard.press('Enter');
    await page.waitForURL(/confirm/);
    await tabTo('input[name=seen]');
    await page.keyboard.press('Space');
    await tabTo('input[name=typed]');
    await page.keyboard.type(await page.locator('input[name=number]').inputValue());
    await tabTo('.send-act button');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/console\/issues\/\d+\?said=sent/);
    const issueId = await issueOf(page);
    await deliver(issueId);
    await page.locator('.head .state.sent').waitFor();
    await tabTo('#issue a[href$="/ledger"]');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Who did not get it, and why' }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    expect(errors).toEqual([]);
    await context.close();
  });

  test('a trial is told as it is typed, followed by itself, and chosen', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-US' });
    await logIn(context, url, 'editor');
    const { page, errors } = await openPage(context);
    const manuscript = await write('첫 제목');
    await page.goto(`${url}/console/manuscripts/${manuscript}/send`);
    await page.getByLabel('At each reader’s own morning').check();
    await page.getByText('by each reader’s own clock').waitFor();
    await page.getByLabel('Try several subjects').check();
    await page.getByText('cannot be had together').waitFor();
    await page.getByLabel('Now').check();
    await page.getByLabel('Subject 2').fill('둘째 제목');
    await page.getByLabel('Share of readers').fill('50');
    // The address that does not exist is suppressed by now.
    await page.getByText('2 of 4 readers get one of two subjects.').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByLabel(/I have read/).check();
    await page.getByLabel(/type the number/).fill('4');
    await page.getByRole('button', { name: 'Send to 4 readers' }).click();
    await page.waitForURL(/said=sent/);
    const issueId = await issueOf(page);
    // The page was there before the trial had begun.
    await planAndQueue(services, issueId);
    await page.getByText('2 readers wait for the subject').waitFor();
    await page.getByRole('button', { name: 'Choose this now: 2. 둘째 제목' }).waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.getByRole('button', { name: 'Choose this now: 2. 둘째 제목' }).click();
    await page.waitForURL(/said=chosen/);
    await page.getByText('a person chose it').waitFor();
    await page.getByRole('button', { name: /Choose this now/ }).waitFor({ state: 'detached' });
    await reconcile(services, workerId);
    await deliver(issueId);
    await page.locator('.head .state.sent').waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test('without a script the same form sends, and a test mail arrives', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, locale: 'en-US' });
    await logIn(context, url, 'editor');
    const page = await context.newPage();
    const manuscript = await write('스크립트 없이');
    await page.goto(`${url}/console/manuscripts/${manuscript}/send`);
    await page.getByLabel('Those who fit a rule').check();
    await page.getByRole('button', { name: 'Add a condition' }).click();
    await page.getByLabel('Value 1').fill('vip');
    await page.getByRole('button', { name: 'Count again' }).click();
    await page.getByText('1 reader', { exact: true }).waitFor();
    await page.getByLabel(/To, at most/).fill('editor-self@example.org');
    await page.getByRole('button', { name: 'Send the test' }).click();
    await page.getByText('editor-self@example.org: waiting').waitFor();
    const [test] = await services.sql<
      { id: number }[]
    >`select id from issues where kind = 'test' order by id desc limit 1`;
    const batches = await services.sql<{ id: number }[]>`select id from batches where issue_id = ${test!.id}`;
    await Promise.all(batches.map(batch => deliverBatch(deliverer.delivery, batch.id)));
    expect(relay.accepted.at(-1)!.to).toBe('editor-self@example.org');
    await page.reload();
    await page.getByText('editor-self@example.org: accepted').waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('1 reader gets this mail').waitFor();
    await context.close();
  });

  test('a rehearsal is followed to its report', async () => {
    const context = await browser.newContext({ locale: 'en-US' });
    await logIn(context, url, 'editor');
    const { page, errors } = await openPage(context);
    const manuscript = await write('예행');
    const before = relay.arrived.length;
    await page.goto(`${url}/console/manuscripts/${manuscript}/send`);
    await page.getByRole('button', { name: 'Rehearse it' }).click();
    await page.locator('#send-rehearsal .send-result').waitFor();
    const [issue] = await services.sql<
      { id: number }[]
    >`select id from issues where kind = 'rehearsal' order by id desc limit 1`;
    await deliver(issue!.id);
    await page.getByText(/^\d messages in/).waitFor();
    await page.getByText('The real send takes about').waitFor();
    expect(relay.arrived.length).toBe(before);
    expect(errors).toEqual([]);
    await context.close();
  });
});
