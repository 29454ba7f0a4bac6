/** Staff of each role, logged in. */
import type { Hono } from 'hono';
import type { BrowserContext } from 'playwright-core';
import { hashPassword } from '../../../src/http/console/password.ts';
import type { Services } from '../../support/services.ts';
import { Browser } from './support.ts';

export const roles = ['owner', 'editor', 'operator', 'viewer'] as const;
export type Role = (typeof roles)[number];

export const staffPassword = '조용한 신문 한 부 주세요';

/** One account of each role, `owner@example.org` and so on, with a browser that is logged in. */
export async function openStaff(services: Services, app: Hono): Promise<Record<Role, Browser>> {
  const hash = await hashPassword(staffPassword);
  const browsers: Partial<Record<Role, Browser>> = {};
  for (const role of roles) {
    const email = `${role}@example.org`;
    await services.sql`insert into staff (email, email_key, role, password) values (${email}, ${email}, ${role}, ${hash})`;
    browsers[role] = new Browser(app);
    await browsers[role].login(email, staffPassword);
  }
  return browsers as Record<Role, Browser>;
}

/** The token that a form of this browser's pages carries. */
export async function tokenOf(browser: Browser): Promise<string> {
  return /name="token" value="([^"]+)"/.exec(await browser.page('/console'))![1]!;
}

/** Logs a real browser in. @param url where the console is served, without a slash at the end */
export async function logIn(context: BrowserContext, url: string, role: Role): Promise<void> {
  const page = await context.newPage();
  await page.goto(`${url}/console/login`);
  await page.fill('input[name=email]', `${role}@example.org`);
  await page.fill('input[name=password]', staffPassword);
  await page.click('main button[type=submit]');
  await page.waitForURL(`${url}/console`);
  await page.close();
}
