/**
 * Readers' pages on the smallest phone: nothing wider than the screen, one request, nothing for axe. Colours do not depend on the language, nor
 * words on the colours, so each language goes with one of the schemes.
 */
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { axeSource } from '../../support/browser.ts';

export type Look = [language: 'ko' | 'en', scheme: 'light' | 'dark'];
export const looks: Look[] = [
  ['ko', 'light'],
  ['en', 'dark'],
];

/** A page whose policy lets axe be put into it; the policy itself is in force in other tests. */
export async function openNarrow(browser: Browser, [, colorScheme]: Look): Promise<Page> {
  const context = await browser.newContext({ colorScheme, viewport: { width: 320, height: 700 }, bypassCSP: true });
  return context.newPage();
}

export async function lookOver(browser: Browser, url: string, paths: readonly string[], look: Look): Promise<void> {
  const page = await openNarrow(browser, look);
  for (const path of paths) {
    const requests: string[] = [];
    page.on('request', request => requests.push(request.url()));
    await page.goto(inLanguage(url + path, look));
    expect([path, requests.length]).toEqual([path, 1]);
    page.removeAllListeners('request');
    await page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })");
    await expectNarrow(page, path);
  }
  await page.context().close();
}

export const inLanguage = (address: string, [lang]: Look): string =>
  `${address}${address.includes('?') ? '&' : '?'}lang=${lang}`;

/** @param name said when something is wrong */
export async function expectNarrow(page: Page, name: string): Promise<void> {
  expect([name, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([name, 320]);
  await page.evaluate(axeSource);
  const { violations } = (await page.evaluate('axe.run()')) as {
    violations: { id: string; nodes: { html: string }[] }[];
  };
  expect([name, violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)])]).toEqual([name, []]);
}
