/** What only a browser can tell of the archive's pages: that they read, stand still, ask nobody, print, and work without scripts. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Listening, listen } from '../../../../src/http/server.ts';
import { hasBrowser, launchBrowser } from '../../../support/browser.ts';
import { type ArchiveStage, openArchive, sampleSource } from './support.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const picture =
  '![그림](https://pictures.example/one.png){width=560 height=315} ![크기 모를 그림](https://pictures.example/two.png)';
const english = `---
title: What we stopped computing
number: 7
lang: en
---

Hello {{name|reader}}.

- Attention without recurrence

## Glossary

**Low-Rank Adaptation (LoRA):** The change as a product of two thin matrices.

---

**Nothing but attention**

Paper: [Attention Is All You Need](https://arxiv.org/abs/1706.03762)

**How?**
With LoRA. ${'`code`'} https://example.org/${'long'.repeat(40)}

| Model | A | B | C | D |
| --- | ---: | --- | --- | --- |
| Incomprehensibilities | 27.3 | Counterrevolutionaries | Electroencephalograph | Uncharacteristically |

${'```'}
print("${'a long line '.repeat(20)}")
${'```'}

${picture}

---

**Two thin matrices**

Paper: [LoRA](https://arxiv.org/abs/2106.09685)

**How?**
Thin.
`;

describe.skipIf(!hasBrowser)('in Chromium', () => {
  let stage: ArchiveStage;
  let server: Listening;
  let browser: Browser;
  let url: string;
  beforeAll(async () => {
    stage = await openArchive({ PUBLIC_URL: 'http://127.0.0.1:1' });
    // An accent that reads on nothing by itself.
    const more = { law: ['kr'], brand: { accent: '#ffcc33' } };
    await stage.publish(sampleSource, 'issue-1', '2026-03-04T00:00:00Z', more);
    await stage.publish(english, 'issue-7', '2026-03-11T00:00:00Z', { slug: 'reader', language: 'en', ...more });
    server = await listen(stage.app, { host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${server.port}`;
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await stage?.services.close();
  });

  const paths = [
    '/p/weekly',
    '/p/weekly/issue-1',
    '/p/weekly/issue-1/3',
    `/p/weekly/search?q=${encodeURIComponent('모델')}`,
    '/p/weekly/glossary',
    `/p/weekly/glossary/${encodeURIComponent('자기-어텐션')}`,
    '/p/reader/issue-7',
    '/p/reader/issue-7/1',
  ];

  test.each([
    ['light', 320, 'ko'],
    ['dark', 1280, 'en'],
  ] as const)(
    '%s at %i, %s: nothing too wide, nobody else asked but for pictures, axe finds nothing',
    async (colorScheme, width, lang) => {
      // Only so that axe can be put into the page.
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
      const page = await context.newPage();
      const asked: string[] = [];
      page.on('request', request => asked.push(new URL(request.url()).host));
      await page.route('https://**', route => route.fulfill({ status: 404 }));
      for (const path of paths) {
        await page.goto(`${url}${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
        expect([path, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([path, width]);
        await page.evaluate(axeSource);
        const { violations } = (await page.evaluate('axe.run()')) as {
          violations: { id: string; nodes: { html: string }[] }[];
        };
        expect([path, violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)])]).toEqual([path, []]);
      }
      expect(new Set(asked)).toEqual(
        new Set([new URL(url).host, ...(asked.includes('pictures.example') ? ['pictures.example'] : [])]),
      );
      await context.close();
    },
    60_000,
  );

  test('nothing jumps: layout shift is 0 while it loads, scrolls and its pictures come', async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    // The one of unknown size is of an unusual shape.
    const svg = (size: string) => `<svg xmlns="http://www.w3.org/2000/svg" ${size}/>`;
    const sizes = { one: 'width="560" height="315"', two: 'width="800" height="300"' };
    for (const [name, size] of Object.entries(sizes))
      await page.route(`https://pictures.example/${name}.png`, route =>
        route.fulfill({ contentType: 'image/svg+xml', body: svg(size) }),
      );
    await page.addInitScript(
      'window.shift=0;new PerformanceObserver(list=>{for(const one of list.getEntries())window.shift+=one.value}).observe({type:"layout-shift",buffered:true})',
    );
    for (const path of ['/p/weekly/issue-1', '/p/reader/issue-7']) {
      await page.goto(url + path);
      for (let at = 0; at < 12_000; at += 600) await page.mouse.wheel(0, 600);
      await page.evaluate('scrollTo(0, document.body.scrollHeight)');
      await page.waitForLoadState('networkidle');
      expect([path, await page.evaluate('window.shift')]).toEqual([path, 0]);
    }
    await page.close();
  });

  const isShown = (page: Page) => page.locator('.tip').first().isVisible();

  test('without scripts a term explains itself by keyboard, by tap and by hover', async () => {
    const context = await browser.newContext({
      javaScriptEnabled: false,
      hasTouch: true,
      viewport: { width: 390, height: 800 },
    });
    const page = await context.newPage();
    await page.goto(`${url}/p/weekly/issue-1/1`);
    const term = page.locator('button.term').first();
    expect(await isShown(page)).toBe(false);
    await term.focus();
    await page.keyboard.press('Enter');
    expect(await isShown(page)).toBe(true);
    await page.keyboard.press('Escape');
    expect(await isShown(page)).toBe(false);
    await term.tap();
    expect(await isShown(page)).toBe(true);
    const box = (await page.locator('.tip').first().boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(390);
    await page.locator('.tip a').first().click();
    await page.waitForURL(/\/glossary\//);
    await context.close();

    const wide = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 800 } });
    const desk = await wide.newPage();
    await desk.goto(`${url}/p/weekly/issue-1/1`);
    await desk.locator('button.term').first().hover();
    await expect.poll(() => isShown(desk)).toBe(true);
    const [word, tip] = await Promise.all([
      desk.locator('button.term').first().boundingBox(),
      desk.locator('.tip').first().boundingBox(),
    ]);
    // Beside its word, under it or over it.
    const gaps = [tip!.y - word!.y - word!.height, word!.y - tip!.y - tip!.height];
    expect(Math.min(...gaps.map(Math.abs))).toBeLessThan(20);
    await desk.mouse.move(5, 5);
    await expect.poll(() => isShown(desk)).toBe(false);
    await wide.close();
  });

  test('the contents say what is being read, and can be closed on a phone', async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`${url}/p/weekly/issue-1`);
    await page.evaluate("document.getElementById('paper-3').scrollIntoView()");
    await expect.poll(() => page.locator('.contents [aria-current]').getAttribute('href')).toBe('#paper-3');
    const [side, text] = await Promise.all([
      page.locator('.contents').boundingBox(),
      page.locator('#paper-3').boundingBox(),
    ]);
    expect(side!.x + side!.width).toBeLessThan(text!.x);
    await page.setViewportSize({ width: 390, height: 800 });
    await page.goto(`${url}/p/weekly/issue-1`);
    expect(await page.locator('.contents li').first().isVisible()).toBe(true);
    await page.locator('.contents summary').click();
    expect(await page.locator('.contents li').first().isVisible()).toBe(false);
    await page.close();
  });

  test('it prints: the text without what a sheet of paper cannot do', async () => {
    const page = await browser.newPage();
    await page.goto(`${url}/p/weekly/issue-1`);
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)!.length).toBeLessThan(12);
    await page.emulateMedia({ media: 'print' });
    for (const gone of ['.contents', '.share', '.ways', '.after'])
      expect([gone, await page.locator(gone).first().isVisible()]).toEqual([gone, false]);
    expect(await page.locator('#paper-4 h2').isVisible()).toBe(true);
    await page.close();
  });

  test('the skip link leads past the masthead', async () => {
    const page = await browser.newPage();
    await page.goto(`${url}/p/weekly/issue-1`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip');
    await page.keyboard.press('Enter');
    expect(page.url()).toContain('#page-main');
    await page.close();
  });
});
