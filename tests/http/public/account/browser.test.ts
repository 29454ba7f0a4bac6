/** What only a browser can tell of readers' own pages: keys alone and no scripts, the width of a small phone, and axe. */

import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyAddressChange, askAddressChange } from '../../../../src/db/address-changes.ts';
import { today } from '../../../../src/http/public/account/data-day.ts';
import { type Listening, listen } from '../../../../src/http/server.ts';
import { hasBrowser, launchBrowser } from '../../../support/browser.ts';
import { lookOver, looks } from '../look-over.ts';
import { type AccountStage, openAccounts } from './support.ts';

describe.skipIf(!hasBrowser)('in Chromium', () => {
  let stage: AccountStage;
  let server: Listening;
  let browser: Browser;
  let url: string;
  beforeAll(async () => {
    stage = await openAccounts();
    server = await listen(stage.app, { host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${server.port}`;
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await stage?.services.close();
  });

  /** Tabs on to the thing that the selector names. */
  async function tabTo(page: Page, selector: string): Promise<void> {
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press('Tab');
      if (await page.locator(`${selector}:focus`).count()) return;
    }
    throw new Error(`no key leads to ${selector}`);
  }

  test('by keyboard alone, without scripts: frequency, a pause, leaving, a reason, the undo', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(url + stage.link('preferences', 0));
    await tabTo(page, '#frequency summary');
    await page.keyboard.press('Enter');
    await tabTo(page, '#frequency input[type=radio]');
    await page.keyboard.press('ArrowDown');
    await tabTo(page, '#frequency button');
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('받는 횟수를 저장했어요').waitFor();
    expect(await stage.subscription(0)).toMatchObject({ frequency: 'monthly' });
    await tabTo(page, '#pause summary');
    await page.keyboard.press('Enter');
    await tabTo(page, '#pause button[value="1"]');
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('쉬는 기간을 저장했어요').waitFor();
    expect(await stage.state(0)).toBe('paused');

    await page.goto(url + stage.link('unsubscribe', 0));
    await tabTo(page, 'main button');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '수신거부를 마쳤어요' }).waitFor();
    await tabTo(page, '#reason input[type=radio]');
    await page.keyboard.press('Space');
    await tabTo(page, '#reason textarea');
    await page.keyboard.type('잘 읽었어요');
    await tabTo(page, '#reason button');
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('말씀해 주셔서 고마워요').waitFor();
    expect(await stage.subscription(0)).toMatchObject({ leftReason: 'too-often', leftNote: '잘 읽었어요' });
    // Back to the top of the page, where the undo is.
    await page.goto(url + stage.link('unsubscribe', 0));
    await tabTo(page, 'main button');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '다시 구독했어요' }).waitFor();
    expect(await stage.state(0)).toBe('paused');
    await context.close();
  });

  test('the data comes as a file, and is deleted only with the box ticked', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, acceptDownloads: true });
    const page = await context.newPage();
    await page.goto(url + stage.letterLink('data', 1, today(new Date())));
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('#download button')]);
    expect(file.suggestedFilename()).toBe('watch-my-data.json');
    expect(JSON.parse(readFileSync(await file.path(), 'utf8')).person.email).toBe('reader1@example.net');
    await page.click('#remove button');
    expect(await stage.state(1)).toBe('active');
    await page.check('#remove input[type=checkbox]');
    await page.click('#remove button');
    await page.getByRole('heading', { name: '데이터를 모두 지웠어요' }).waitFor();
    await context.close();
  });

  test.each(looks)(
    'pages in %s, %s: nothing wider than a small phone, one request, axe finds nothing',
    async (...look) => {
      await lookOver(browser, url, await paths(), look);
    },
  );

  /** Each page in each of its states. */
  async function paths(): Promise<string[]> {
    const { sql, hasher } = stage.services;
    for (const [reader, email] of [
      [2, 'fresh@example.org'],
      [3, 'reader9@example.net'],
      [4, 'moved@example.org'],
    ] as const) {
      const of = { publicationId: stage.sent.publicationId, subscriberId: stage.idOf(reader), lang: 'ko' } as const;
      const address = { email, emailKey: email, domain: email.split('@')[1]!, addressHash: hasher.hash(email) };
      await askAddressChange(sql, of, address);
    }
    await applyAddressChange(sql, { subscriberId: stage.idOf(4), number: 1 });
    await stage.go(stage.link('preferences', 5), { action: 'pause', months: '3' });
    for (const reader of [5, 6])
      await stage.go(stage.link('preferences', reader), { action: 'other-on', publication: 'daily' });
    await stage.go(stage.link('unsubscribe', 7), { action: 'unsubscribe' });
    const day = today(new Date());
    return [
      stage.link('preferences', 8),
      `${stage.link('preferences', 8)}?problem=address`,
      `${stage.letterLink('manage', 5)}?done=pause`,
      stage.letterLink('manage', 7),
      stage.link('unsubscribe', 6),
      stage.link('unsubscribe', 7),
      stage.letterLink('address', 2, 1),
      stage.letterLink('address', 3, 1),
      stage.letterLink('address', 4, 1),
      stage.letterLink('address', 4, 9),
      stage.letterLink('restore', 4, 1),
      stage.letterLink('data', 8, day),
      `${stage.letterLink('data', 8, day)}?problem=sure`,
      stage.letterLink('data', 8, day - 30),
    ];
  }
});
