/** Three ways to walk one journey: with the mouse, with the keyboard alone, and with the mouse where scripts are off. */
import assert from 'node:assert/strict';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { axeSource } from '../support/browser.ts';

export const manners = ['mouse', 'keys', 'plain'] as const;
export type Manner = (typeof manners)[number];

/** Stops on the way to a control; an issue's page has some hundred links. */
const mostTabs = 300;

/** Somebody at a browser of their own, from a network of their own. What their pages do wrong is gathered until they leave. */
export class Hand {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #manner: Manner;
  readonly #wrong: string[] = [];

  private constructor(context: BrowserContext, page: Page, manner: Manner, site: string) {
    this.#context = context;
    this.page = page;
    this.#manner = manner;
    page.on('pageerror', error => this.#wrong.push(`script: ${error.message}`));
    page.on('console', message => {
      if (message.type() === 'error') this.#wrong.push(`console: ${message.text()}`);
    });
    page.on('request', request => {
      const url = request.url();
      if (!url.startsWith(`${site}/`) && !url.startsWith('data:')) this.#wrong.push(`asked elsewhere: ${url}`);
    });
  }

  static #networks = 0;

  /**
   * @param site its address, beyond which nothing may be asked for
   * @param look what differs from a Korean reader's: on a phone but with the keyboard
   */
  static async open(
    browser: Browser,
    site: string,
    manner: Manner,
    look: { locale?: string; width?: number } = {},
  ): Promise<Hand> {
    const context = await browser.newContext({
      javaScriptEnabled: manner !== 'plain',
      viewport: { width: look.width ?? (manner === 'keys' ? 1280 : 390), height: 800 },
      locale: look.locale ?? 'ko-KR',
      acceptDownloads: true,
      extraHTTPHeaders: { 'x-forwarded-for': `198.51.100.${++Hand.#networks}` },
    });
    context.setDefaultTimeout(15_000);
    return new Hand(context, await context.newPage(), manner, site);
  }

  /** Opens an address, as from a mail. */
  async open(url: string): Promise<void> {
    const answer = await this.page.goto(url, { waitUntil: 'networkidle' });
    // 304: the browser had it.
    assert.ok(answer!.ok() || answer!.status() === 304, `${url} answers ${answer!.status()}`);
    await this.look();
  }

  /** Axe finds nothing on the page as it stands. Asked through the debugger: the page's own policy stays in force. */
  async look(): Promise<void> {
    if (this.#manner !== 'mouse') return;
    const session = await this.#context.newCDPSession(this.page);
    await session.send('Runtime.evaluate', { expression: axeSource });
    const { result } = await session.send('Runtime.evaluate', {
      expression: `axe.run().then(({violations}) => JSON.stringify(violations.map(v => [v.id, v.nodes.map(n => n.html)])))`,
      awaitPromise: true,
    });
    await session.detach();
    assert.deepEqual([this.page.url(), JSON.parse(result.value as string)], [this.page.url(), []]);
  }

  /** Waits for the page with this heading, and looks at it. */
  async see(heading: string | RegExp): Promise<void> {
    await this.page.getByRole('heading', { name: heading }).first().waitFor();
    await this.look();
  }

  /** Waits for what the page says came of a press. */
  async told(text: string | RegExp): Promise<void> {
    await this.page.getByRole('status').getByText(text).waitFor();
    await this.look();
  }

  /** Waits until the page's address fits. */
  async at(address: RegExp, not?: RegExp): Promise<void> {
    await this.page.waitForURL(url => address.test(url.href) && !not?.test(url.href));
    await this.look();
  }

  /** Presses or follows what a selector names, where words differ by language. */
  act(selector: string): Promise<void> {
    return this.#do(this.page.locator(selector).first());
  }

  /** Goes into a field that is written in by keys alone. */
  async enter(selector: string): Promise<void> {
    const target = this.page.locator(selector).first();
    if (this.#manner === 'keys') await this.#reach(target);
    else await target.click();
  }

  async press(name: string | RegExp, within = 'body'): Promise<void> {
    await this.#do(
      this.page
        .locator(within)
        .getByRole('button', { name, exact: typeof name === 'string' })
        .first(),
    );
  }

  async follow(name: string | RegExp, within = 'body'): Promise<void> {
    await this.#do(
      this.page
        .locator(within)
        .getByRole('link', { name, exact: typeof name === 'string' })
        .first(),
    );
  }

  async unfold(part: string): Promise<void> {
    const fold = this.page.locator(`${part} > summary`);
    if (!(await this.page.locator(`${part}[open]`).count())) await this.#do(fold);
  }

  async write(field: string, text: string): Promise<void> {
    const target = this.page.locator(field).first();
    if (this.#manner !== 'keys') return target.fill(text);
    await this.#reach(target);
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.type(text);
  }

  /** @param day `YYYY-MM-DD` */
  async date(field: string, day: string): Promise<void> {
    const target = this.page.locator(field).first();
    if (this.#manner !== 'keys') return target.fill(day);
    await this.#reach(target);
    const [year, month, date] = day.split('-') as [string, string, string];
    // The browser's own language has the order; a year may have six digits, so it is left by an arrow.
    for (const parts of [
      [month, date, year],
      [year, 'ArrowRight', month, date],
    ]) {
      for (let back = 0; back < 3; back++) await this.page.keyboard.press('ArrowLeft');
      for (const part of parts)
        await (part === 'ArrowRight' ? this.page.keyboard.press(part) : this.page.keyboard.type(part));
      if ((await target.inputValue()) === day) return;
    }
    assert.equal(await target.inputValue(), day);
  }

  async tick(box: string): Promise<void> {
    const target = this.page.locator(box).first();
    if (this.#manner !== 'keys') return target.check();
    await this.#reach(target);
    await this.page.keyboard.press('Space');
    assert.ok(await target.isChecked(), `${target} is not chosen`);
  }

  /** One of several radio buttons. */
  async choose(name: string, value: string): Promise<void> {
    const target = this.page.locator(`input[name="${name}"][value="${value}"]`);
    if (this.#manner !== 'keys') return target.check();
    // The keyboard stops at a group once, at its chosen one or else at its first.
    const group = this.page.locator(`input[name="${name}"]`);
    const chosen = this.page.locator(`input[name="${name}"]:checked`);
    await this.#reach((await chosen.count()) ? chosen : group.first());
    await this.page.keyboard.press('Space');
    for (let at = 0; at < (await group.count()) && !(await target.isChecked()); at++)
      await this.page.keyboard.press('ArrowDown');
    assert.ok(await target.isChecked(), `${target} is not chosen`);
  }

  /** Goes away. @throws when a page of the journey did something wrong */
  async leave(cookies: string[] = []): Promise<void> {
    const kept = (await this.#context.cookies()).map(cookie => cookie.name);
    await this.#context.close();
    assert.deepEqual(this.#wrong, []);
    assert.deepEqual(kept, cookies);
  }

  async #do(target: Locator): Promise<void> {
    if (this.#manner !== 'keys') return target.click();
    await this.#reach(target);
    await this.page.keyboard.press('Enter');
  }

  async #reach(target: Locator): Promise<void> {
    await target.waitFor();
    for (let tab = 0; tab < mostTabs; tab++) {
      await this.page.keyboard.press('Tab');
      // biome-ignore lint/suspicious/noExplicitAny: runs in the page.
      if (await target.evaluate((element: any) => element === element.ownerDocument.activeElement)) return;
    }
    throw new Error(`no key leads to ${target}`);
  }
}
