/** The command palette: what it offers whom, and that it is used by keyboard. */
import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertManuscript } from '../../../src/db/manuscripts.ts';
import { createApp, listen } from '../../../src/http/server.ts';
import { axeSource, hasBrowser, launchBrowser } from '../../support/browser.ts';
import { audience, submitIssue } from '../../support/fixtures.ts';
import { openServices, type Services } from '../../support/services.ts';
import { logIn, openStaff, type Role } from './staff.ts';
import type { Browser } from './support.ts';

let services: Services;
let app: Hono;
let staff: Record<Role, Browser>;
beforeAll(async () => {
  services = await openServices();
  app = await createApp(services);
  staff = await openStaff(services, app);
  const { publicationId } = await audience(services, ['one@example.net']);
  await submitIssue(services, publicationId, {});
  const [owner] = await services.sql`select id from staff where role = 'owner'`;
  await insertManuscript(services.sql, { publicationId, title: '봄 <호>', source: 'x', by: owner!.id });
});
afterAll(() => services.close());

test('everyone finds issues; manuscripts are for those who write', async () => {
  const offered = async (role: Role) =>
    (
      (await (await staff[role].request('/console/palette.json')).json()) as {
        entries: { title: string; to: string }[];
      }
    ).entries;
  expect((await offered('editor')).map(one => one.title)).toContain('봄 <호>');
  const viewer = await offered('viewer');
  expect(viewer.map(one => one.to)).toContain('/console/issues/1');
  expect(viewer.some(one => one.to.startsWith('/console/manuscripts'))).toBe(false);
});

test.skipIf(!hasBrowser)('by keyboard: opened, filtered, followed; letters typed in a field are letters', async () => {
  const served = await listen(app, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${served.port}`;
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext();
    await logIn(context, url, 'owner');
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('console', message => message.type() === 'error' && problems.push(message.text()));
    await page.goto(`${url}/console`);
    await page.keyboard.press('Control+k');
    const input = page.locator('dialog.palette input');
    await input.waitFor();
    await page.getByRole('option', { name: /봄 <호>/ }).waitFor();
    await page.evaluate(axeSource);
    const { violations } = (await page.evaluate('axe.run("dialog")')) as { violations: { id: string }[] };
    expect(violations.map(one => one.id)).toEqual([]);
    await input.pressSequentially('oper');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${url}/console/operate`);
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    await page.waitForURL(`${url}/console/figures`);
    expect(problems).toEqual([]);
  } finally {
    await browser.close();
    await served.close();
  }
});
