/** The operations page: says what is stuck, where everything is, and lets operators act. */
import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { heartbeat } from '../../../../src/db/workers.ts';
import { readMinutes, Tally } from '../../../../src/deliver/tally.ts';
import { planAndQueue } from '../../../../src/enqueue/plan.ts';
import { createApp, listen } from '../../../../src/http/server.ts';
import { axeSource, hasBrowser, launchBrowser } from '../../../support/browser.ts';
import { audience, publicationOf, submitIssue } from '../../../support/fixtures.ts';
import { englishIn } from '../../../support/korean.ts';
import { openServices, type Services } from '../../../support/services.ts';
import { logIn, openStaff, type Role, tokenOf } from '../staff.ts';
import { type Browser, origin } from '../support.ts';

const base = '/console/operate';

let services: Services;
let app: Hono;
let staff: Record<Role, Browser>;
let alertId: number;
let issueId: number;

beforeAll(async () => {
  services = await openServices();
  const { sql, queues, config } = services;
  app = await createApp(services);
  staff = await openStaff(services, app);
  const { publicationId } = await audience(
    services,
    ['one@gmail.com', 'two@naver.com'],
    publicationOf({ name: '<b>주간</b>' }),
  );
  const issue = await submitIssue(services, publicationId, {});
  issueId = issue.id;
  await planAndQueue(services, issue.id);
  const tally = new Tally();
  for (let i = 0; i < 5; i++) tally.outcome('naver', { state: 'accepted' });
  tally.outcome('naver', { state: 'rejected', reason: 'refused' });
  tally.outcome('<i>odd|lane</i>', { state: 'deferred', scope: 'lane', reason: null } as never);
  await tally.flush(queues.redis, config.queuePrefix);
  await heartbeat(sql, '00000000-0000-4000-8000-000000000001', 'deliver-batch', {
    perSecond: 12.5,
    connections: 4,
    lanes: [{ lane: 'naver', relay: 'relay.example.org', perSecond: 12.5, connections: 4, waiting: 0 }],
  });
  const [alert] = await sql`
    insert into alerts (kind, subject, detail, opened_at) values
      ('issue-held', ${String(issueId)}, ${sql.json({ issue: 'one', reason: '<script>alert(1)</script>' })}, now()) returning id`;
  alertId = alert!.id;
});
afterAll(() => services.close());

test('the tally is kept by the minute, for each lane', async () => {
  const minutes = await readMinutes(services.queues.redis, services.config.queuePrefix, 2);
  const naver = minutes.map(({ lanes }) => lanes.get('naver')).find(Boolean);
  expect(naver).toEqual({ accepted: 5, deferred: 0, refused: 1 });
  expect(minutes.some(({ lanes }) => lanes.get('<i>odd|lane</i>')?.deferred === 1)).toBe(true);
});

test('what is wrong comes first, then issues, lanes, queues and processes; everything escaped', async () => {
  const html = await staff.viewer.page(base);
  expect(html).toContain('One thing needs a look.');
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(html).toContain('&lt;i&gt;odd|lane&lt;/i&gt;');
  expect(html).not.toMatch(/<script>alert|<i>odd/);
  expect(html).toContain(`/console/issues/${issueId}`);
  expect(html).toMatch(/naver: up to 6 messages a minute/);
  expect(html).toContain('12.5');
  expect(html).toMatch(/Sending batches<\/th><td class="number">2<\/td>/);
  // Nothing of one person.
  expect(html).not.toMatch(/one@gmail|two@naver/);
});

test('part of it comes anew by itself; the whole is asked for once however many watch', async () => {
  const answers = await Promise.all(Array.from({ length: 5 }, () => staff.viewer.page(`${base}/live`)));
  for (const part of answers) expect(part).toMatch(/^<div id="live"/);
});

test('who may says that they look after it; it is written down, and the page says so', async () => {
  const refused = await staff.viewer.post(`${base}/alerts/${alertId}/acknowledge`, {
    token: await tokenOf(staff.viewer),
  });
  expect(refused.status).toBe(403);
  expect(await staff.viewer.page(base)).not.toContain(`alerts/${alertId}/acknowledge`);
  const answer = await staff.operator.post(`${base}/alerts/${alertId}/acknowledge`, {
    token: await tokenOf(staff.operator),
  });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/console/operate?said=acknowledged']);
  expect(await services.sql`select acknowledged_by from alerts where id = ${alertId}`).toEqual([
    { acknowledgedBy: 'operator@example.org' },
  ]);
  expect(await services.sql`select act, subject from audit where act = 'alert.acknowledge'`).toEqual([
    { act: 'alert.acknowledge', subject: `alert ${alertId}` },
  ]);
  const html = await staff.viewer.page(`${base}?said=acknowledged`);
  expect(html).toContain('Nothing is stuck.');
  expect(html).toContain('operator@example.org looks after it');
  const gone = await staff.operator.post(`${base}/alerts/99999/acknowledge`, { token: await tokenOf(staff.operator) });
  expect(gone.status).toBe(409);
});

test('failed jobs are tried again by operators', async () => {
  const queue = services.queues.all().find(one => one.name === 'record-events')!;
  await queue.add('record-events', { v: 1, id: 7 }, { jobId: 'broken' });
  await queue.getJob('broken').then(job => job!.moveToFailed(new Error('x'), '0', true).catch(() => {}));
  const before = await queue.getJobCounts('failed', 'waiting');
  const editor = await staff.editor.post(`${base}/retry`, { token: await tokenOf(staff.editor) });
  expect(editor.status).toBe(403);
  const answer = await staff.operator.post(`${base}/retry`, { token: await tokenOf(staff.operator) });
  expect(answer.status).toBe(303);
  const after = await queue.getJobCounts('failed', 'waiting');
  expect(after.failed).toBe(0);
  expect(after.waiting! + after.failed!).toBe(before.waiting! + before.failed!);
});

test('health says what doctor finds, as a part and as a page', async () => {
  const part = await (await staff.viewer.request(`${base}/health`, { headers: { 'hx-request': 'true' } })).text();
  expect(part).toMatch(/^<div id="health"/);
  expect(part).toContain('Durability');
  expect(await staff.viewer.page(`${base}/health`)).toMatch(/<main[\s\S]*Durability/);
});

test('a Korean page says the same findings in Korean, and so what cannot be done', async () => {
  const headers = { 'accept-language': 'ko', 'hx-request': 'true' };
  const part = await (await staff.viewer.request(`${base}/health`, { headers })).text();
  expect(part).toContain('기록 보존');
  expect(part).toContain('전원이 끊기면 발송 기록을 잃고');
  expect(part).not.toContain('lang="en"');
  // What a server or Node answered stays as it is.
  const replies = [...part.matchAll(/(?:답하지 않아요|닿을 수 없어요|연결하지 못했어요|볼 수 없어요): ([^<]*)/g)].map(
    ([, reply]) => reply!,
  );
  expect(englishIn(part.replace(/<pre>[\s\S]*?<\/pre>|<[^>]+>/g, ' '), replies)).toBeUndefined();
  const token = await tokenOf(staff.operator);
  const gone = await staff.operator.post(
    `${base}/alerts/99999/acknowledge`,
    { token },
    { origin, 'accept-language': 'ko' },
  );
  expect(gone.status).toBe(409);
  expect(await gone.text()).toContain('이미 닫힌 알림이에요. 운영 페이지를 다시 불러와 주세요.');
});

test.skipIf(!hasBrowser)('in a browser: nothing for axe, no error, and it comes anew by itself', async () => {
  const served = await listen(app, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${served.port}`;
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    await logIn(context, url, 'owner');
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('console', message => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', error => problems.push(error.message));
    await page.goto(`${url}${base}`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    const anew = page.waitForResponse(answer => answer.url().endsWith('/live'));
    await anew;
    await page.locator('#live').waitFor();
    await page.getByRole('link', { name: 'Look now' }).click();
    await page.locator('#health dl').first().waitFor({ timeout: 20_000, state: 'attached' });
    await page.evaluate(axeSource);
    const { violations } = (await page.evaluate('axe.run()')) as { violations: { id: string }[] };
    expect(violations.map(one => one.id)).toEqual([]);
    expect(problems).toEqual([]);
  } finally {
    await browser.close();
    await served.close();
  }
});
