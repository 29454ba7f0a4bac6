/** Signing up in a browser: by keyboard and without scripts, with a proof, and from another site. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Listening, listen } from '../../../../src/http/server.ts';
import { hasBrowser, launchBrowser } from '../../../support/browser.ts';
import { expectNarrow, inLanguage, looks, openNarrow } from '../look-over.ts';
import { openSignUpStage, type SignUpStage } from './support.ts';

/** A port nothing listens on just now: links into the site must be right before it listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

describe.skipIf(!hasBrowser)('in Chromium', () => {
  let stage: SignUpStage;
  let server: Listening;
  let foreign: Server;
  let browser: Browser;
  let url: string;
  let foreignUrl: string;
  beforeAll(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    stage = await openSignUpStage({ brand: { accent: '#ffcc33' } }, { PUBLIC_URL: url });
    server = await listen(stage.app, { host: '127.0.0.1', port });
    // As strict as sites are: no inline style, no script but from here and the newsletter's site.
    foreign = createServer((request, response) => {
      const lang = request.url?.includes('en') ? 'en' : 'ko';
      const csp = `default-src 'none'; script-src ${url}; connect-src ${url}; style-src 'none'`;
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': csp });
      response.end(`<!doctype html><html lang="${lang}"><head><title>Blog</title></head><body><main><h1>Blog</h1><div id="place">
        <script async src="${url}/p/weekly/embed.js?lang=${lang}"></script></div></main></body></html>`);
    });
    await new Promise<void>(resolve => foreign.listen(0, 'localhost', resolve));
    foreignUrl = `http://localhost:${(foreign.address() as AddressInfo).port}`;
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await new Promise(resolve => foreign.close(resolve));
    await stage?.services.close();
  });
  beforeEach(async () => {
    await stage.services.sql`delete from signups`;
    await stage.services.sql`delete from subscribers`;
    await stage.services.redisFlush();
  });
  afterEach(() => stage.change({ brand: { accent: '#ffcc33' } }));

  /** The form's moment, set back: nobody waits two seconds in a test. */
  const age = (page: Page) =>
    page
      .locator('input[name=ticket]')
      .first()
      .evaluate((input, ticket) => input.setAttribute('value', ticket), stage.fields('').ticket!);

  test('by keyboard: address, button, letter, button', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${url}/p/weekly`);
    await age(page);
    await page.locator('input[type=email]').focus();
    await page.keyboard.type('kim@example.net');
    // The unseen field is no stop on the way: address, box, button.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '메일함을 확인해 주세요' }).waitFor();
    const path = await stage.confirmPath('kim@example.net');
    await page.goto(url + path, { waitUntil: 'networkidle' });
    expect(await stage.stateOf('kim@example.net')).toBe('pending');
    await page.getByRole('button', { name: '동의하고 구독 확인' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '구독을 시작했어요' }).waitFor();
    expect(await stage.stateOf('kim@example.net')).toBe('active');
    const [subscriber] = await stage.services.sql<{ id: number }[]>`select id from subscribers`;
    const token = stage.services.tokens.sign({
      purpose: 'consent',
      issueId: stage.publicationId,
      subscriberId: subscriber!.id,
      ref: 0,
    });
    await page.goto(`${url}/r/${token}/consent`, { waitUntil: 'networkidle' });
    expect(await stage.services.sql`select advertising from subscriptions`).toEqual([{ advertising: true }]);
    await page.getByRole('button', { name: '동의 철회' }).click();
    await page.getByRole('heading', { name: '동의를 철회했어요' }).waitFor();
    expect(await stage.services.sql`select advertising from subscriptions`).toEqual([{ advertising: false }]);
    expect(await context.cookies()).toEqual([]);
    await context.close();
  });

  test('under attack the browser computes, under the page’s own policy, and the button works', async () => {
    await stage.change({ signup: { attack: { unconfirmed: 1, minutes: 10 } } });
    await stage.ask('first@example.net');
    const context = await browser.newContext();
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('console', message => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', error => problems.push(error.message));
    const requests: string[] = [];
    page.on('request', request => requests.push(request.url()));
    await page.goto(`${url}/p/weekly/subscribe`);
    await age(page);
    await page.fill('input[type=email]', 'second@example.net');
    await page.click('button');
    await page.getByRole('heading', { name: '사람이 신청했는지' }).waitFor();
    await expect.poll(() => page.locator('input[name=proof]').inputValue(), { timeout: 30_000 }).not.toBe('');
    await page.getByRole('button', { name: '신청 이어서 하기' }).click();
    await page.getByRole('heading', { name: '메일함을 확인해 주세요' }).waitFor();
    expect(await stage.stateOf('second@example.net')).toBe('pending');
    expect(problems).toEqual([]);
    expect(requests.filter(request => !request.startsWith(url) && !request.startsWith('data:'))).toEqual([]);
    await context.close();
  });

  test('without scripts the proof’s page says what to do instead', async () => {
    await stage.change({ signup: { attack: { unconfirmed: 1, minutes: 10 } } });
    await stage.ask('first@example.net');
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.setContent(await (await stage.ask('second@example.net')).text());
    expect(await page.getByRole('link', { name: '메일로 신청하기' }).getAttribute('href')).toMatch(
      /^mailto:news@example\.org\?subject=/,
    );
    await context.close();
  });

  test('on another site, under its strict policy: hint, press, done; nothing of the page is touched', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('console', message => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', error => problems.push(error.message));
    await page.goto(foreignUrl);
    const globals = await page.evaluate('Object.keys(globalThis).length');
    const form = page.locator('form');
    await form.waitFor();
    await page.locator('input[type=email]').fill('lee@gmial.com');
    await page.locator('input[type=checkbox]').check();
    // The ticket came when the form was turned to; it is good after two seconds, and until then one more press is asked for.
    const hint = page.getByRole('button', { name: 'lee@gmail.com' });
    const press = async () => {
      if (!(await hint.isVisible())) await page.getByRole('button', { name: '구독하기', exact: true }).click();
      return hint.isVisible();
    };
    await expect.poll(press, { timeout: 15_000, interval: 700 }).toBe(true);
    await hint.click();
    await page.getByText('메일함을 확인해 주세요').waitFor();
    expect(await stage.services.sql`select source, advertising from signups`).toEqual([
      { source: 'embed', advertising: true },
    ]);
    expect(await stage.stateOf('lee@gmail.com')).toBe('pending');
    expect(problems).toEqual([]);
    expect(await page.evaluate('Object.keys(globalThis).length')).toBe(globals);
    expect(await context.cookies()).toEqual([]);
    await context.close();
  });

  test.each(looks)('pages in %s, %s: nothing wider than a small phone, axe finds nothing', async (...look) => {
    await stage.ask('axe@example.net', { advertising: 'yes' });
    const confirm = await stage.confirmPath('axe@example.net');
    const pages = ['/p/weekly', '/p/weekly/subscribe', '/p/weekly/subscribe?done=sent', '/p/weekly/embed', confirm];
    const page = await openNarrow(browser, look);
    for (const path of pages) {
      await page.goto(inLanguage(url + path, look));
      await expectNarrow(page, path);
    }
    for (const [name, fields] of Object.entries({
      wrong: stage.fields('nobody@'),
      hint: stage.fields('kim@naver.con', { wording: await wordingOf(look[0]) }),
    })) {
      await page.goto(inLanguage(`${url}/p/weekly/subscribe`, look));
      // As the form posts it, past the browser's own check of the address.
      await page.evaluate(entries => {
        // biome-ignore lint/suspicious/noExplicitAny: runs in the page.
        const form = (globalThis as any).document.querySelector('form');
        form.noValidate = true;
        for (const [key, value] of entries) form.elements[key].value = value;
        form.submit();
      }, Object.entries(fields));
      await page.waitForLoadState('networkidle');
      await expectNarrow(page, name);
    }
    await page.goto(`${foreignUrl}/${look[0]}`);
    await page.locator('form').waitFor();
    await expectNarrow(page, 'embedded');
    await page.context().close();
  });

  async function wordingOf(lang: 'ko' | 'en'): Promise<string> {
    const page = await (await stage.app.request(`/p/weekly?lang=${lang}`)).text();
    return /name="wording" value="([^"]*)"/.exec(page)![1]!;
  }
});
