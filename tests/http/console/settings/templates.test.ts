/** The pages of a publication's templates: stored, refused, put back, taken back; and what a template that does not fit stops. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { findPublication, putPublication } from '../../../../src/db/publications.ts';
import { createApp, listen } from '../../../../src/http/server.ts';
import { publicationSchema } from '../../../../src/model/publication.ts';
import { type OwnTemplates, type TemplateName, templateNames } from '../../../../src/model/template-names.ts';
import { builtInTemplate } from '../../../../src/render/templates.ts';
import { readPublicationFile } from '../../../../src/subscribers/publication-file.ts';
import { axeSource, hasBrowser, launchBrowser } from '../../../support/browser.ts';
import { broadsheet } from '../../../support/cli.ts';
import { publicationOf } from '../../../support/fixtures.ts';
import { openServices, type Services } from '../../../support/services.ts';
import { type Api, openApi } from '../../api/support.ts';
import { logIn, openStaff, type Role, tokenOf } from '../staff.ts';
import { type Browser, origin } from '../support.ts';

const slug = 'weekly';
const root = `/console/settings/publications/${slug}`;
const greeting: TemplateName = 'sections/greeting';
const page = `${root}/templates/${greeting}`;
const own = '<tr><td class="r t" style="{{@s.row}}">{{{anchor}}}<p class="q">Our desk</p>{{{body}}}</td></tr>\n';
const bad = own.replace('{{{body}}}', '\n{{{bodie}}}');

let services: Services;
let app: Hono;
let staff: Record<Role, Browser>;
let owner: Browser;
beforeAll(async () => {
  services = await openServices({ PUBLIC_URL: 'http://127.0.0.1' });
  app = await createApp(services);
  staff = await openStaff(services, app);
  owner = staff.owner;
  await putPublication(services.sql, publicationOf({ slug, name: 'The Weekly', language: 'en' }));
});
afterAll(() => services.close());

const stored = async () => (await findPublication(services.sql, slug))!.publication;
const put = async (templates: OwnTemplates) =>
  putPublication(services.sql, publicationSchema.parse({ ...(await stored()), templates }));
const unescaped = (html: string) =>
  html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
const typedIn = (html: string) => unescaped(/<textarea id="source"[^>]*>([\s\S]*?)<\/textarea>/.exec(html)![1]!);
const versionIn = (html: string) => /name="version" value="([^"]+)"/.exec(html)![1]!;

async function press(fields: Record<string, string>, of = page): Promise<Response> {
  const version = versionIn(await owner.page(of));
  return owner.post(of, { token: await tokenOf(owner), version, do: 'store', ...fields });
}
async function attempt(source: string) {
  const headers = { 'content-type': 'application/json', 'x-form-token': await tokenOf(owner), origin };
  const answer = await owner.request(`${page}/try`, { method: 'POST', headers, body: JSON.stringify({ source }) });
  return {
    status: answer.status,
    json: (await answer.json()) as { html?: string; problem?: { text: string; line?: number } },
  };
}

test('every part has a page with its built-in template and what it may name', async () => {
  const list = await owner.page(`${root}/templates`);
  for (const name of templateNames) {
    expect(list).toContain(`href="${root}/templates/${name}"`);
    expect(typedIn(await owner.page(`${root}/templates/${name}`))).toBe(builtInTemplate(name));
  }
  expect(await owner.page(page)).toContain('<code>{{{body}}}</code>');
  expect(await owner.page(`${root}/templates/sections/closing`)).toContain('<code>{{&gt; frame/taps}}</code>');
  for (const path of ['frame/footer', 'layouts/issue', 'sections/..%2fgreeting', '__proto__/constructor'])
    expect((await owner.request(`${root}/templates/${path}`)).status, path).toBe(404);
});

test('a part is replaced, shown, written down, and kept when the rest of the form is saved', async () => {
  const answer = await press({ source: own.replaceAll('\n', '\r\n') });
  expect(answer.headers.get('location')).toBe(`${page}?said=saved`);
  expect((await stored()).templates).toEqual({ [greeting]: own });
  expect(await owner.page(`${page}/mail`)).toContain('Our desk');
  expect(await owner.page(`${root}/templates`)).toContain('Your own');
  const [entry] = await services.sql<{ detail: { changed: object } }[]>`
    select detail from audit where act = 'publication.change' order by id desc limit 1`;
  expect(entry!.detail.changed).toEqual({ [`templates.${greeting}`]: { before: null, now: own } });
  // The same once more changes nothing, and writes nothing down.
  await press({ source: own });
  expect((await services.sql`select from audit where act = 'publication.change'`).length).toBe(1);
  const form = await owner.page(root);
  const fields = Object.fromEntries(
    [...form.matchAll(/<input [^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)].map(found => [
      found[1]!,
      unescaped(found[2]!),
    ]),
  );
  const saved = await owner.post(root, {
    ...fields,
    language: 'en',
    comments: 'trusted',
    postalAddress: 'Seoul',
    name: 'Weekly 2',
  });
  expect(saved.status).toBe(303);
  expect(await stored()).toMatchObject({ name: 'Weekly 2', templates: { [greeting]: own } });
  expect(await owner.page(`${root}/preview?name=Typed`)).toContain('Our desk');
});

test('one that cannot be used is refused with its line, and stays in the field', async () => {
  const answer = await press({ source: bad });
  expect(answer.status).toBe(400);
  const html = await answer.text();
  expect(html).toMatch(/id="source-problem"[^>]*>Line 2: bodie is no value of this part/);
  expect(html).toContain('aria-invalid="true"');
  expect(typedIn(html)).toBe(bad);
  expect((await stored()).templates).toEqual({ [greeting]: own });
  const tooLong = await press({ source: 'x'.repeat(20_001) });
  expect(tooLong.status).toBe(400);
  // Of ours in Korean, every character nine bytes of the form: it arrives.
  const korean = own.replace('Our desk', '한'.repeat(19_800));
  expect((await press({ source: korean })).status).toBe(303);
  await put({ [greeting]: own });
});

test('what is typed is tried without being kept', async () => {
  const good = await attempt(own.replace('Our desk', 'Only typed'));
  expect(good.json.html).toContain('Only typed');
  expect((await attempt(bad)).json).toEqual({
    problem: { text: expect.stringContaining('bodie'), line: 2 },
  });
  expect((await attempt(`${own}<script>alert(1)</script>`)).json.problem!.text).toContain('<script>');
  expect((await attempt('x'.repeat(20_001))).json.html).toBeUndefined();
  expect((await stored()).templates).toEqual({ [greeting]: own });
  // The frame runs nothing, whatever is in it.
  const framed = await owner.request(`${page}/mail`);
  expect(framed.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox(?!.*allow-scripts)/);
});

test('of two who store, the later one is told and loses nothing that was typed', async () => {
  const version = versionIn(await owner.page(page));
  await press({ source: own.replace('Our desk', 'Theirs') });
  const mine = own.replace('Our desk', 'Mine');
  const late = await owner.post(page, { token: await tokenOf(owner), version, do: 'store', source: mine });
  expect(late.status).toBe(409);
  const html = await late.text();
  expect(html).toContain('Somebody else changed this publication');
  expect(typedIn(html)).toBe(mine);
  expect((await stored()).templates[greeting]).toContain('Theirs');
});

test('the history shows the lines, and takes back; a press puts the built-in one back', async () => {
  await put({ [greeting]: own });
  await press({ do: 'back', source: own });
  expect((await stored()).templates).toEqual({});
  const history = await owner.page(`${root}/history`);
  expect(history).toMatch(/Your own → Built-in/);
  expect(unescaped(history)).toContain('<p class="q">Our desk</p>');
  const [entry] = await services.sql<{ id: number }[]>`
    select id from audit where act = 'publication.change' order by id desc limit 1`;
  const back = await owner.post(`${root}/restore`, { token: await tokenOf(owner), entry: String(entry!.id) });
  expect(back.status).toBe(303);
  expect((await stored()).templates).toEqual({ [greeting]: own });
  // Word for word the built-in one is none of one's own.
  await press({ source: builtInTemplate(greeting) });
  expect((await stored()).templates).toEqual({});
});

test('a template is text wherever the console shows it', async () => {
  const evil = '</textarea><script>alert(1)</script><img src=x onerror=alert(2)>';
  await put({ [greeting]: evil });
  for (const path of [
    page,
    `${root}/templates`,
    `${root}/history`,
    `${root}/yaml`,
    root,
    `${root}/preview`,
    `${page}/mail`,
  ]) {
    const answer = await owner.request(path);
    expect(answer.status, path).toBe(200);
    expect(await answer.text(), path).not.toMatch(/<script>alert|<img src=x/);
  }
  expect(typedIn(await owner.page(page))).toBe(evil);
  const refused = await press({ source: evil });
  expect(refused.status).toBe(400);
  expect(await refused.text()).not.toContain('<script>alert');
  await put({});
});

test('one that no longer fits is marked, stops what would be stored, and can be put back', async () => {
  await put({ [greeting]: bad, 'frame/taps': 'x' });
  const list = await owner.page(`${root}/templates`);
  expect(list.match(/Does not fit/g)?.length).toBe(2);
  expect(await owner.page(page)).toMatch(/id="source-problem"[^>]*>Line 2: /);
  expect((await press({ do: 'back', source: bad })).status).toBe(303);
  expect((await stored()).templates).toEqual({ 'frame/taps': 'x' });
  await put({});
});

test('only who may change settings sees or changes a template', async () => {
  for (const role of ['editor', 'viewer'] as const) {
    const browser = staff[role];
    expect((await browser.request(page)).status, role).toBe(403);
    const token = await tokenOf(browser);
    expect((await browser.post(page, { token, version: 'x', source: own })).status, role).toBe(403);
  }
  expect((await owner.post(page, { token: 'wrong', source: own })).status).toBe(403);
  expect((await stored()).templates).toEqual({});
});

test('the YAML file prints each as a block, and reads as it was', async () => {
  const long = own.replace(
    'Our desk',
    'A line that is much longer than the eighty columns at which others would be folded. '.repeat(3),
  );
  await put({ [greeting]: long });
  const yaml = await (await owner.request(`${root}/yaml?download`)).text();
  expect(yaml).toContain(`  sections/greeting: |\n    ${long}`);
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-templates-'));
  try {
    const file = join(folder, 'weekly.yaml');
    await writeFile(file, yaml);
    expect(readPublicationFile(file)).toEqual(await stored());
  } finally {
    await rm(folder, { recursive: true, force: true });
    await put({});
  }
});

describe('a template that does not fit stops', () => {
  let api: Api;
  let folder: string;
  beforeAll(async () => {
    api = await openApi();
    folder = await mkdtemp(join(tmpdir(), 'broadsheet-templates-'));
  });
  afterAll(async () => {
    await api.close();
    await rm(folder, { recursive: true, force: true });
  });
  const document = (templates: OwnTemplates) => publicationOf({ slug: 'broken', templates });

  test('the publication, by the API', async () => {
    const refused = await api.call('PUT', '/publications/broken', { body: document({ [greeting]: bad }) });
    expect([refused.status, refused.json.code]).toEqual([422, 'TEMPLATE_INVALID']);
    expect(refused.json.detail).toContain('sections/greeting, line 2');
    expect(await findPublication(api.services.sql, 'broken')).toBeUndefined();
    const good = await api.call('PUT', '/publications/broken', { body: document({ [greeting]: own }) });
    expect([good.status, good.json.templates]).toEqual([201, { [greeting]: own }]);
  });

  test('the issue, by the API: nothing of it is stored', async () => {
    await putPublication(api.services.sql, document({ [greeting]: bad }));
    const body = { source: '# Title\n\nHello.\n' };
    const refused = await api.call('POST', '/publications/broken/issues', { body });
    expect([refused.status, refused.json.code]).toEqual([422, 'TEMPLATE_INVALID']);
    expect((await api.services.sql`select from issues`).length).toBe(0);
  });

  test('compose, by the command line', async () => {
    const file = join(folder, 'broken.yaml');
    const text = join(folder, 'issue.md');
    await writeFile(file, stringify(document({ [greeting]: bad })));
    await writeFile(text, '# Title\n\nHello.\n');
    const composed = await broadsheet(['compose', text, '--out', join(folder, 'out'), '--publication', file], {});
    expect(composed.code).toBe(1);
    expect(composed.stderr).toMatch(/TEMPLATE_INVALID[\s\S]*sections\/greeting, line 2/);
  });
});

describe.skipIf(!hasBrowser)('in Chromium', () => {
  test('what is typed shows, what is wrong is said at its line, at 390 and 1280 px, without a fault for axe', async () => {
    await put({});
    const web = await listen(app, { host: '127.0.0.1', port: 0 });
    const browser = await launchBrowser();
    const troubles: string[] = [];
    try {
      const url = `http://127.0.0.1:${web.port}`;
      const context = await browser.newContext({ locale: 'ko-KR', viewport: { width: 1280, height: 900 } });
      await logIn(context, url, 'owner');
      const tab = await context.newPage();
      tab.on('console', message => message.type() === 'error' && troubles.push(message.text()));
      tab.on('pageerror', error => troubles.push(error.message));
      await tab.goto(`${url}${page}`);
      await tab.locator('#source').fill(own);
      await tab.frameLocator('#mail').getByText('Our desk').waitFor();
      await tab.locator('#source').fill(bad);
      await tab.locator('#source-problem').getByText('2번째 줄: 이 부분에는 bodie 값이 없어요').waitFor();
      await tab.getByRole('button', { name: '2번째 줄로 가기' }).click();
      expect(await tab.evaluate<string>('getSelection().toString()')).toContain('{{{bodie}}}');
      await tab.frameLocator('#mail').getByText('Our desk').waitFor();
      for (const width of [1280, 390]) {
        await tab.setViewportSize({ width, height: 900 });
        expect(await tab.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        await tab.evaluate(axeSource);
        const faults = await tab.evaluate(
          `axe.run({ exclude: ['iframe'] }).then(result => result.violations.map(each => each.id))`,
        );
        expect(faults, `${width}`).toEqual([]);
      }
      await tab.locator('#source').fill(own);
      await tab.locator('.settings-fits').waitFor();
      await tab.getByRole('button', { name: '저장' }).click();
      await tab.getByRole('button', { name: '기본 서식으로 되돌리기' }).waitFor();
      expect((await stored()).templates).toEqual({ [greeting]: own });
      await tab.goto(`${url}${root}/history`);
      await tab.locator('.settings-history summary').first().click();
      expect(await tab.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
      expect(troubles).toEqual([]);
    } finally {
      await browser.close();
      await web.close();
    }
  });
});
