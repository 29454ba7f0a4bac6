/** In Chromium: passkeys with its virtual authenticator, two-step login, and every page of staff and settings under axe. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { TOTP } from 'otpauth';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { putPublication } from '../../../../src/db/publications.ts';
import { createApp } from '../../../../src/http/server.ts';
import { samplePublication } from '../../../../src/model/publication.ts';
import { axeSource, hasBrowser, launchBrowser } from '../../../support/browser.ts';
import { freePort } from '../../../support/servers.ts';
import { openServices, type Services } from '../../../support/services.ts';
import { logIn, openStaff, staffPassword } from '../staff.ts';

describe.skipIf(!hasBrowser)('in a browser', () => {
  let services: Services;
  let server: Server;
  let browser: Browser;
  let url: string;
  beforeAll(async () => {
    const port = await freePort();
    // WebAuthn takes plain http from this name only.
    url = `http://localhost:${port}`;
    services = await openServices({ PUBLIC_URL: url, PORT: String(port), SMTP_URL: 'smtp://127.0.0.1:1?name=main' });
    await putPublication(services.sql, samplePublication('ko'));
    const app = await createApp(services);
    await openStaff(services, app);
    server = createAdaptorServer({ fetch: app.fetch }) as Server;
    await new Promise<void>(resolve => server.listen(port, 'localhost', resolve));
    expect((server.address() as AddressInfo).port).toBe(port);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    await new Promise(resolve => server?.close(resolve));
    await services?.close();
  });

  const open = async (lang: 'ko' | 'en', width = 1280): Promise<{ context: BrowserContext; errors: string[] }> => {
    const context = await browser.newContext({
      locale: lang === 'ko' ? 'ko-KR' : 'en-US',
      viewport: { width, height: 900 },
    });
    const errors: string[] = [];
    context.on('console', message => {
      if (message.type() === 'error') errors.push(message.text());
    });
    context.on('weberror', error => errors.push(error.error().message));
    return { context, errors };
  };
  const axe = async (page: Page): Promise<string[]> => {
    // By the debugger: our policy lets no script into the page.
    await page.evaluate(axeSource);
    return page.evaluate(async () => {
      const runner = (
        globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        }
      ).axe;
      return (await runner.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`);
    });
  };

  test('a passkey is added with the password, logs in, and does not when it is removed', async () => {
    const { context, errors } = await open('en');
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
      },
    });
    await logIn(context, url, 'editor');
    await page.goto(`${url}/console/account/passkeys`);
    await page.fill('#own', 'wrong');
    await page.click('#passkey-add button');
    await page.waitForSelector('#passkey-trouble:not([hidden])');
    expect(await services.sql`select from passkeys`).toHaveLength(0);
    await page.fill('#own', staffPassword);
    await page.fill('#name', '<b>Laptop</b>');
    await page.click('#passkey-add button');
    await page.waitForURL(/said=passkey/);
    expect(await page.textContent('table')).toContain('<b>Laptop</b>');
    await page.click('.me form button');
    await page.waitForURL(/\/console\/login/);
    await page.click('#passkey-login');
    await page.waitForURL(`${url}/console`);
    const [used] = await services.sql<{ by: string }[]>`select detail->>'by' as by from audit order by id desc limit 1`;
    expect(used!.by).toBe('passkey');
    const left = await services.sql`select from passkey_challenges`;
    expect(left).toHaveLength(0);
    await page.goto(`${url}/console/account/passkeys`);
    await page.click('.staff-do button');
    await page.waitForURL(/said=passkeyGone/);
    await page.click('.me form button');
    await page.waitForURL(/\/console\/login/);
    await page.click('#passkey-login');
    await page.waitForSelector('#passkey-trouble:not([hidden])');
    expect(await page.textContent('#passkey-trouble')).toContain('not known here');
    // The refusals themselves are what the browser logs.
    expect(errors.filter(text => !/status of (403|422)/.test(text))).toEqual([]);
    await context.close();
  });

  test('two-step login by hand: set up from the page, asked for at the next login', async () => {
    const { context, errors } = await open('ko');
    await logIn(context, url, 'operator');
    const page = await context.newPage();
    await page.goto(`${url}/console/account/second`);
    await page.fill('#own', staffPassword);
    await page.click('main form button');
    await page.click('summary');
    const secret = (await page.textContent('.staff-key code'))!.replaceAll(' ', '');
    const totp = new TOTP({ secret });
    await page.fill('#code', totp.generate());
    await page.click('.staff-prove form button');
    expect(await page.locator('.staff-codes li').count()).toBe(10);
    expect(await axe(page)).toEqual([]);
    await page.click('.me form button');
    await page.fill('#email', 'operator@example.org');
    await page.fill('#password', staffPassword);
    await page.click('main button[type=submit]');
    await page.waitForURL(/login\/second/);
    expect(await axe(page)).toEqual([]);
    await page.fill('#code', totp.generate({ timestamp: Date.now() + 30_000 }));
    await page.click('main button[type=submit]');
    await page.waitForURL(`${url}/console`);
    expect(errors).toEqual([]);
    await context.close();
  });

  const pages = [
    '/account',
    '/account/second',
    '/account/passkeys',
    '/account/sessions',
    '/staff',
    '/staff/1',
    '/staff/1/remove',
    '/staff/audit',
    '/settings/tokens',
    '/settings/publications',
    '/settings/publications/new',
    '/settings/publications/sample',
    '/settings/publications/sample/history',
    '/settings/publications/sample/yaml',
    '/settings/publications/sample/share',
    '/settings/domains',
    '/settings/relays',
    '/settings/webhooks',
    '/settings/backups',
    '/comments',
    '/forgot',
  ];
  test.each(['ko', 'en'] as const)(
    'every page in %s: axe finds nothing, no error, nothing wider than the screen',
    async lang => {
      const { context, errors } = await open(lang);
      await logIn(context, url, 'owner');
      const page = await context.newPage();
      const wrong: string[] = [];
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 900 });
        for (const path of pages) {
          await page.goto(`${url}/console${path}`);
          if (width === 1280) wrong.push(...(await axe(page)).map(text => `${path}: ${text}`));
          const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
          if (wide > 0) wrong.push(`${path} at ${width}: ${wide} px too wide`);
          if (process.env.SHOTS) {
            for (const scheme of ['light', 'dark'] as const) {
              await page.emulateMedia({ colorScheme: scheme });
              const name = `${path.replaceAll('/', '_').slice(1)}-${lang}-${width}-${scheme}.png`;
              await page.screenshot({ path: `${process.env.SHOTS}/${name}`, fullPage: true });
            }
          }
        }
      }
      expect(wrong).toEqual([]);
      expect(errors).toEqual([]);
      await context.close();
    },
    240_000,
  );
});
