/** Figures: kept reports, growth, an issue's report with its clicks drawn on it, files. */
import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findGrowth, listReports } from '../../../../src/db/figures.ts';
import { planAndQueue } from '../../../../src/enqueue/plan.ts';
import { createApp, listen } from '../../../../src/http/server.ts';
import { keepFigures } from '../../../../src/track/figures.ts';
import { axeSource, hasBrowser, launchBrowser } from '../../../support/browser.ts';
import { audience, editionOf, publicationOf, submitIssue } from '../../../support/fixtures.ts';
import { openServices, type Services } from '../../../support/services.ts';
import { logIn, openStaff, type Role } from '../staff.ts';
import type { Browser } from '../support.ts';

const addresses = Array.from({ length: 6 }, (_, i) => `r${i}@example.net`);

let services: Services;
let app: Hono;
let staff: Record<Role, Browser>;
let issueId: number;
let publicationId: number;

beforeAll(async () => {
  services = await openServices();
  const { sql } = services;
  app = await createApp(services);
  staff = await openStaff(services, app);
  const put = await audience(services, addresses, publicationOf({ name: '<b>주간</b>', timeZone: 'Asia/Seoul' }));
  publicationId = put.publicationId;
  const issue = await submitIssue(services, publicationId, {
    edition: editionOf({
      html: [
        '<html><body><a class="x" href="',
        { kind: 'link', link: { to: 'click', ref: 1 } },
        '"><b>논문</b></a> <a href="',
        { kind: 'link', link: { to: 'unsubscribe' } },
        '">끊기</a></body></html>',
      ],
      links: [{ ref: 1, url: 'https://example.org/paper', section: 's', label: '논문' }],
    }),
  });
  issueId = issue.id;
  await planAndQueue(services, issueId);
  await sql`update recipients set state = 'accepted', updated_at = now() - interval '1 day' where issue_id = ${issueId}`;
  const readers = (await sql`select subscriber_id from recipients where issue_id = ${issueId} order by 1`).map(
    row => row.subscriberId as number,
  );
  for (const reader of readers.slice(0, 3)) {
    await sql`insert into events (issue_id, subscriber_id, kind, ref, at) values (${issueId}, ${reader}, 'click', 1, now() - interval '1 hour')`;
  }
  await sql`insert into events (issue_id, subscriber_id, kind, ref, machine, at) values (${issueId}, ${readers[4]!}, 'click', 1, 'agent', now() - interval '1 hour')`;
  await sql`insert into likes (issue_id, subscriber_id, summary) values (${issueId}, ${readers[0]!}, 0)`;
  await sql`
    update subscriptions set state = 'unsubscribed', since = now(), left_issue_id = ${issueId}, left_reason = 'too-often'
    where subscriber_id = ${readers[5]!}`;
  // 00:30 in Seoul on 1 March is still February in UTC.
  await sql`update subscribers set created_at = '2026-02-28T15:30:00Z'`;
});
afterAll(() => services.close());

test('the background counts what is stale, and then nothing is', async () => {
  expect(await staff.viewer.page('/console/figures')).toContain('Not counted yet');
  expect(await keepFigures(services.sql)).toBe(true);
  expect(await keepFigures(services.sql)).toBe(false);
  const [kept] = await listReports(services.sql, publicationId, 10);
  expect(kept).toMatchObject({
    id: issueId,
    report: { accepted: 6, likes: 1, clicks: { people: 3, all: 4 }, unsubscribed: 1 },
  });
  const growth = (await findGrowth(services.sql, publicationId))!;
  expect(growth.states).toEqual({ active: 5, unsubscribed: 1 });
  expect(growth.days[0]).toEqual(['2026-03-01', 6, 0]);
  expect(growth.days.at(-1)!.slice(1)).toEqual([0, 1]);
  expect(growth.cohorts).toHaveLength(1);
  expect(growth.cohorts[0]).toMatchObject({ month: '2026-03-01', joined: 6, lively: 3 });
  expect(Object.values(growth.cohorts[0]!.left)).toEqual([1]);
});

test('a publication over time: numbers, tables, and data for the curves that ends no element', async () => {
  await services.sql`update issues set title = '</script><img src=x onerror=alert(1)>' where id = ${issueId}`;
  const html = await staff.viewer.page('/console/figures');
  expect(html).toMatch(/<dt>Active readers<\/dt><dd>5<\/dd>/);
  expect(html).toContain(`/console/figures/issues/${issueId}`);
  expect(html).toContain('50 %');
  expect(html).not.toContain('<img src=x');
  expect(html.split('</script>').length).toBe(html.split('<script').length);
});

test('an issue: people beside all, what is not measured, why readers left', async () => {
  const html = await staff.viewer.page(`/console/figures/issues/${issueId}`);
  expect(html).toMatch(/<dt>Clicked<\/dt><dd>3<small>people · all 4<\/small>/);
  expect(html).toMatch(/<dt>Opens<\/dt><dd>not measured/);
  expect(html).toContain('Too often');
  expect((await staff.viewer.request('/console/figures/issues/999999')).status).toBe(404);
  expect((await staff.viewer.request('/console/figures/issues/x')).status).toBe(404);
});

test('clicks stand on the mail itself; its links lead nowhere, and nothing of it runs', async () => {
  const answer = await staff.viewer.request(`/console/figures/issues/${issueId}/mail`);
  expect(answer.headers.get('content-security-policy')).toContain('sandbox');
  expect(answer.headers.get('x-frame-options')).toBe('SAMEORIGIN');
  const html = await answer.text();
  expect(html).toMatch(/<\/a><span style="[^"]*">3<\/span>/);
  expect(html).not.toMatch(/href="https?:|href="#clicks-on|\/r\//);
});

test('files: CSV that runs nothing, JSON', async () => {
  await services.sql`update issues set title = '=1+1' where id = ${issueId}`;
  const csv = await staff.viewer.request('/console/figures/issues.csv');
  expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename="/);
  const text = await csv.text();
  expect(text).toContain("'=1+1");
  expect(text.split('\n')[0]).toContain('clicked_people');
  const json = (await (await staff.viewer.request('/console/figures/issues.json')).json()) as Record<string, unknown>[];
  expect(json[0]).toMatchObject({ title: '=1+1', accepted: 6, clicked_people: 3, clicks_all: 4 });
  expect(await (await staff.viewer.request('/console/figures/growth.csv')).text()).toContain('2026-02-23,6,0,6');
  expect(await (await staff.viewer.request(`/console/figures/issues/${issueId}/links.csv`)).text()).toMatch(/,3,4\n/);
  expect(await (await staff.viewer.request(`/console/figures/issues/${issueId}/report.json`)).json()).toMatchObject({
    opens: null,
    accepted: 6,
  });
});

test.skipIf(!hasBrowser)('in a browser: curves are drawn, axe finds nothing, nothing goes wrong', async () => {
  await submitIssue(services, publicationId, { again: true });
  await services.sql`insert into issue_figures (issue_id, report) select id, '{"accepted": 4, "clicks": {"people": 1, "all": 1, "links": []}}' from issues where id <> ${issueId}`;
  await services.sql`update issues set started_at = coalesce(started_at, now() - interval '7 days')`;
  const served = await listen(app, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${served.port}`;
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    await logIn(context, url, 'viewer');
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('console', message => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', error => problems.push(error.message));
    for (const path of ['/console/figures', `/console/figures/issues/${issueId}`]) {
      await page.goto(url + path);
      if (path === '/console/figures') await page.locator('[data-plot=readers] canvas').waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
      await page.evaluate(axeSource);
      const { violations } = (await page.evaluate('axe.run()')) as { violations: { id: string }[] };
      expect([path, violations.map(one => one.id)]).toEqual([path, []]);
    }
    expect(problems).toEqual([]);
  } finally {
    await browser.close();
    await served.close();
  }
});
