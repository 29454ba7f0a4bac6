/** What the web issue of a long number costs its reader: bytes, requests, movement; and that it is whole without scripts. */
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { benchIssue } from '../../bench/support.ts';
import { type Listening, listen } from '../../src/http/server.ts';
import { type ArchiveStage, openArchive } from '../http/public/archive/support.ts';
import { hasBrowser, launchBrowser } from '../support/browser.ts';

const most = { bytes: 150_000, requests: 1, shift: 0 } as const;

describe.skipIf(!hasBrowser)('the web issue of nine summaries, 60 KB of Markdown', () => {
  let stage: ArchiveStage;
  let server: Listening;
  let browser: Browser;
  let url: string;
  beforeAll(async () => {
    stage = await openArchive();
    await stage.publish(benchIssue(), 'issue-1', '2026-03-04T00:00:00Z', { law: ['kr'] });
    server = await listen(stage.app, { host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${server.port}/p/weekly/issue-1`;
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await stage?.services.close();
  });

  test.each([390, 1280])('at %i px: under 150 KB, one request, nothing moves', async width => {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    const requests: string[] = [];
    page.on('request', request => requests.push(request.url()));
    await page.addInitScript(
      'window.shift=0;new PerformanceObserver(list=>{for(const one of list.getEntries())window.shift+=one.value}).observe({type:"layout-shift",buffered:true})',
    );
    const answer = (await page.goto(url, { waitUntil: 'networkidle' }))!;
    const body = await answer.body();
    const height = (await page.evaluate('document.documentElement.scrollHeight')) as number;
    for (let at = 0; at < height; at += 700) await page.mouse.wheel(0, 700);
    await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
    await page.waitForLoadState('networkidle');
    const figures = {
      bytes: body.length,
      requests: requests.filter(one => !one.startsWith('data:')).length,
      shift: (await page.evaluate('window.shift')) as number,
    };
    const elements = await page.evaluate('document.querySelectorAll("*").length');
    console.log(JSON.stringify({ width, ...figures, gzip: gzipSync(body).length, elements }));
    expect(figures.bytes).toBeLessThan(most.bytes);
    expect(figures).toMatchObject({ requests: most.requests, shift: most.shift });
    await page.close();
  });

  test('without scripts everything is there: text, contents, likes, ways to go on', async () => {
    const read = async (javaScriptEnabled: boolean) => {
      const context = await browser.newContext({ javaScriptEnabled });
      const page = await context.newPage();
      await page.goto(url);
      // What can be seen; a button that only a script can serve is shown by that script.
      const seen = await page.locator('article :is(h1, h2, h3, p, li, td, a):visible').allTextContents();
      const forms = await page.locator('article form button:visible').count();
      await context.close();
      return { characters: seen.join('').length, parts: seen.length, forms };
    };
    const plain = await read(false);
    expect(plain).toEqual(await read(true));
    // Four parts in each of nine summaries; a heart for each and one for the issue.
    expect(plain.parts).toBeGreaterThan(150);
    expect(plain.characters).toBeGreaterThan(20_000);
    expect(plain.forms).toBe(10);
  });
});
