/** Rule 4.1 in a browser that runs scripts, and what only a browser can tell of our own pages. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Listening, listen } from '../../../src/http/server.ts';
import type { Purpose } from '../../../src/track/tokens.ts';
import { hasBrowser, launchBrowser } from '../../support/browser.ts';
import { lookOver, looks } from './look-over.ts';
import { openStage, press, type Stage } from './support.ts';

describe.skipIf(!hasBrowser)('in Chromium', () => {
  let stage: Stage;
  let server: Listening;
  let browser: Browser;
  let url: string;
  beforeAll(async () => {
    // An accent that reads on nothing by itself.
    stage = await openStage({ readers: 12, publication: { description: '시험', brand: { accent: '#ffcc33' } } });
    server = await listen(stage.app, { host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${server.port}`;
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await stage?.services.close();
  });

  test('opening every link changes nothing and leaves no cookie', async () => {
    const { sql } = stage.services;
    const snapshot = () =>
      Promise.all([
        sql`select * from likes`,
        sql`select * from subscriptions order by 1, 2`,
        sql`select * from events where kind <> 'click'`,
      ]);
    const before = await snapshot();
    const context = await browser.newContext();
    const page = await context.newPage();
    for (const purpose of ['like', 'unsubscribe', 'preferences', 'web'] satisfies Purpose[]) {
      await page.goto(url + stage.link(purpose, 0), { waitUntil: 'networkidle' });
    }
    expect(await snapshot()).toEqual(before);
    expect(await context.cookies()).toEqual([]);
    await context.close();
  });

  test('by keyboard alone, without scripts: leaves, and undoes it', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(url + stage.link('unsubscribe', 1));
    for (const [heading, state] of [
      ['수신거부를 마쳤어요', 'unsubscribed'],
      ['다시 구독했어요', 'active'],
    ] as const) {
      for (let tab = 0; tab < 3; tab++) await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: heading }).waitFor();
      expect(await stage.state(1)).toBe(state);
    }
    await context.close();
  });

  test.each(looks)(
    'pages in %s, %s: nothing wider than a small phone, one request, axe finds nothing',
    async (...look) => {
      await press(stage.app, stage.link('like', 2, 1), { action: 'like' });
      await press(stage.app, stage.link('unsubscribe', 3), { action: 'unsubscribe' });
      const liked = [stage.link('like', 4), stage.link('like', 2, 1)];
      const left = [stage.link('unsubscribe', 4), stage.link('unsubscribe', 3)];
      await lookOver(browser, url, ['/', '/p/watch', '/r/x', stage.link('preferences', 3), ...liked, ...left], look);
    },
  );
});
