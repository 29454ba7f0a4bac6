/** Rule 4.1 in a browser that runs scripts, and what only a browser can tell of our own pages. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Listening, listen } from '../../../src/http/server.ts';
import type { Purpose } from '../../../src/track/tokens.ts';
import { axeSource, hasBrowser, launchBrowser } from '../../support/browser.ts';
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

  describe.each(['light', 'dark'] as const)('%s', colorScheme => {
    test.each(['ko', 'en'])(
      'pages in %s: nothing wider than a small phone, one request, axe finds nothing',
      async lang => {
        await press(stage.app, stage.link('like', 2, 1), { action: 'like' });
        await press(stage.app, stage.link('unsubscribe', 3), { action: 'unsubscribe' });
        const paths = ['/', '/p/watch', '/r/x', stage.link('preferences', 3)];
        paths.push(
          stage.link('like', 4),
          stage.link('like', 2, 1),
          stage.link('unsubscribe', 4),
          stage.link('unsubscribe', 3),
        );
        // Only so that axe can be put into the page; the page's own policy was in force in the tests above.
        const context = await browser.newContext({
          colorScheme,
          viewport: { width: 320, height: 700 },
          bypassCSP: true,
        });
        const page = await context.newPage();
        for (const path of paths) {
          const requests: string[] = [];
          page.on('request', request => requests.push(request.url()));
          await page.goto(`${url}${path}?lang=${lang}`);
          expect([path, requests.length]).toEqual([path, 1]);
          page.removeAllListeners('request');
          expect([path, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([path, 320]);
          await page.evaluate(axeSource);
          const { violations } = (await page.evaluate('axe.run()')) as {
            violations: { id: string; nodes: { html: string }[] }[];
          };
          expect([path, violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)])]).toEqual([path, []]);
        }
        await context.close();
      },
    );
  });
});
