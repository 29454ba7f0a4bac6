/** An issue's page in the console: what it shows, what it does, for whom, and what is written down of it. */
import type { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { moveIssue } from '../../../src/db/issues.ts';
import { planAndQueue } from '../../../src/enqueue/plan.ts';
import { issuePages } from '../../../src/http/console/issues/page.tsx';
import { acts, may } from '../../../src/http/console/may.ts';
import { createApp } from '../../../src/http/server.ts';
import { audience, publicationOf, submitIssue } from '../../support/fixtures.ts';
import { openServices, type Services } from '../../support/services.ts';
import { openStaff, type Role, roles, tokenOf } from './staff.ts';
import type { Browser } from './support.ts';

let services: Services;
let app: Hono;
let publicationId: number;
let issueId: number;
let staff: Record<Role, Browser>;

beforeAll(async () => {
  services = await openServices();
  app = await createApp(services);
  staff = await openStaff(services, app);
  publicationId = (
    await audience(services, ['one@example.net', 'two@example.net'], publicationOf({ name: '<b>주간</b>' }))
  ).publicationId;
});
afterAll(() => services.close());
beforeEach(async () => {
  const issue = await submitIssue(services, publicationId, { again: true });
  await planAndQueue(services, issue.id);
  issueId = issue.id;
});

const state = async () => (await services.sql`select state from issues where id = ${issueId}`)[0]!.state;
const path = (act = '') => `/console/issues/${issueId}${act && `/${act}`}`;

/** Presses a form on one page as this role's browser would, whether that page shows the form or not. */
async function press(role: Role, act: string, token?: string): Promise<Response> {
  const browser = staff[role];
  const own = await tokenOf(browser);
  return browser.post(path(act), { token: token ?? own });
}

test('shows where the audience is, escaped, and leads there from the list', async () => {
  const browser = staff.viewer;
  expect(await browser.page('/console')).toContain(`href="${path()}"`);
  const html = await browser.page(path());
  expect(html).toContain('&lt;b&gt;주간&lt;/b&gt;');
  expect(html).toMatch(/<dt>Audience<\/dt><dd>2<\/dd>/);
  expect((await browser.request('/console/issues/999999')).status).toBe(404);
  expect((await browser.request('/console/issues/1%20or%201')).status).toBe(404);
});

test('pause, go on, cancel: done, said, and written down with who did it', async () => {
  expect((await press('operator', 'pause')).headers.get('location')).toBe(`${path()}?said=pause`);
  expect(await state()).toBe('paused');
  await press('editor', 'resume');
  expect(await state()).toBe('sending');
  const asked = await staff.owner.page(path('cancel'));
  expect(asked).toContain('2 readers');
  expect(await state()).toBe('sending');
  await press('owner', 'cancel');
  expect(await state()).toBe('cancelled');
  const rows =
    await services.sql`select act, email, subject from audit where subject = ${`issue ${issueId}`} order by id`;
  expect(rows.map(row => [row.act, row.email])).toEqual([
    ['issue.pause', 'operator@example.org'],
    ['issue.resume', 'editor@example.org'],
    ['issue.cancel', 'owner@example.org'],
  ]);
  expect(await staff.viewer.page(`${path()}?said=cancel`)).toMatch(/Cancelled\. Nobody else.*owner@example\.org/s);
});

test('what cannot be done says why, and nothing is written down', async () => {
  await moveIssue(services.sql, issueId, ['sending'], 'paused');
  const answer = await press('owner', 'pause');
  expect(answer.status).toBe(409);
  expect(await answer.text()).toContain('is paused');
  expect(await services.sql`select from audit where subject = ${`issue ${issueId}`}`).toHaveLength(0);
});

test('a form without this browser’s token changes nothing', async () => {
  for (const token of ['', 'A'.repeat(43)]) expect((await press('owner', 'pause', token)).status).toBe(403);
  expect(await state()).toBe('sending');
});

test.each(issuePages.map(route => [route.method, route.path, route.act] as const))(
  '%s %s is for those who may %s, and for nobody else',
  async (method, route, act) => {
    const at = `/console${route.replace(':id', String(issueId))}`;
    for (const role of roles) {
      await services.sql`update issues set state = ${route.endsWith('/resume') ? 'paused' : 'sending'} where id = ${issueId}`;
      const name = route.split('/').at(-1)!;
      const answer = method === 'get' ? await staff[role].request(at) : await press(role, name);
      const isAllowed = (acts[act] as readonly string[]).includes(role);
      if (!isAllowed) expect(answer.status, role).toBe(403);
      else if (method === 'get') expect(answer.status, role).toBe(200);
      else expect(answer.status, role).not.toBe(403);
      await answer.body?.cancel();
      if (method === 'post' && !isAllowed) expect(await state()).not.toBe('cancelled');
    }
    const stranger = await app.request(`https://news.example.org${at}`, {
      method: method.toUpperCase(),
      headers: { origin: 'https://news.example.org' },
    });
    expect([303, 401]).toContain(stranger.status);
  },
);

test('a viewer may only look', () => {
  expect(Object.keys(acts).filter(act => may({ role: 'viewer' }, act as keyof typeof acts))).toEqual(['look']);
});
