import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findPublication } from '../../../../src/db/publications.ts';
import { createApp } from '../../../../src/http/server.ts';
import { themeOf } from '../../../../src/render/theme.ts';
import { englishIn } from '../../../support/korean.ts';
import { openServices, type Services } from '../../../support/services.ts';
import { openStaff, type Role, tokenOf } from '../staff.ts';
import type { Browser } from '../support.ts';

const secret = 'hunter2-of-the-relay';
let services: Services;
let app: Hono;
let staff: Record<Role, Browser>;
let owner: Browser;
beforeAll(async () => {
  services = await openServices({
    // Nobody answers there.
    SMTP_URL: `smtp://mailer:${secret}@127.0.0.1:1?name=main`,
    PUBLIC_URL: 'https://news.example.org',
    DNS_SERVERS: '127.0.0.1:1',
  });
  app = await createApp(services);
  staff = await openStaff(services, app);
  owner = staff.owner;
});
afterAll(() => services.close());

const root = '/console/settings/publications';
/** What the form of a page would send: its inputs as they are, with changes. */
async function filled(path: string, changes: Record<string, string> = {}): Promise<Record<string, string>> {
  const page = await owner.page(path);
  const form = /<form method="post" action="[^"]*" id="publication">([\s\S]*?)<\/form>/.exec(page)![1]!;
  const plain = (text: string) =>
    text
      .replaceAll('&quot;', '"')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&');
  const fields: Record<string, string> = {};
  for (const [tag] of form.matchAll(/<input [^>]*>/g)) {
    const name = / name="([^"]*)"/.exec(tag)?.[1];
    if (!name || (tag.includes('type="checkbox"') && !/ checked/.test(tag))) continue;
    fields[name] = plain(/ value="([^"]*)"/.exec(tag)?.[1] ?? '');
  }
  for (const [, name, text] of form.matchAll(/<textarea[^>]* name="([^"]*)"[^>]*>([\s\S]*?)<\/textarea>/g))
    fields[name!] = plain(text!);
  for (const [, name, options] of form.matchAll(/<select[^>]* name="([^"]*)"[^>]*>([\s\S]*?)<\/select>/g))
    fields[name!] = /<option value="([^"]*)" selected/.exec(options!)?.[1] ?? '';
  return { ...fields, ...changes };
}
const stored = async (slug: string) => (await findPublication(services.sql, slug))!.publication;
const first = {
  slug: 'weekly',
  name: 'The Weekly',
  language: 'en',
  timeZone: 'Europe/Berlin',
  'from.name': 'The Weekly',
  'from.address': 'weekly@example.org',
  postalAddress: '1 Street\nTown',
  'brand.accent': '#336699',
};

test('a publication is made, with what is wrong said at its field', async () => {
  const token = await tokenOf(owner);
  const wrong = await owner.post(`${root}/new`, {
    token,
    ...first,
    'from.address': 'someone@gmail.com',
    timeZone: 'Mars',
  });
  expect(wrong.status).toBe(400);
  const page = await wrong.text();
  expect(page).toMatch(/id="from\.address-problem">[^<]*free mail domain/);
  expect(page).toMatch(/id="timeZone-problem">/);
  expect(page).toContain('value="someone@gmail.com"');
  expect(await findPublication(services.sql, 'weekly')).toBeUndefined();
  const made = await owner.post(`${root}/new`, { token, ...first });
  expect(made.headers.get('location')).toBe(`${root}/weekly?said=created`);
  expect((await owner.post(`${root}/new`, { token, ...first })).status).toBe(409);
  expect(await stored('weekly')).toMatchObject({
    name: 'The Weekly',
    timeZone: 'Europe/Berlin',
    law: [],
    comments: 'trusted',
  });
});

test('a save keeps every field, writes down what changed, and can be taken back', async () => {
  const before = await stored('weekly');
  // Nothing changed: nothing is written.
  expect((await owner.post(`${root}/weekly`, await filled(`${root}/weekly`))).status).toBe(303);
  expect(await stored('weekly')).toEqual(before);
  expect((await services.sql`select from audit where act = 'publication.change'`).length).toBe(0);
  const changes = {
    'brand.accent': '#aa3322',
    'law.kr': 'on',
    'signup.origins': 'https://a.example\nhttps://b.example',
    fields: 'city = Seoul\nteam =',
    'delivery.breaker.blocks': '',
    'texts.why': 'Because you asked {name} for it.',
    'tracking.opens': 'on',
  };
  expect((await owner.post(`${root}/weekly`, await filled(`${root}/weekly`, changes))).status).toBe(303);
  const now = await stored('weekly');
  expect(now).toEqual({
    ...before,
    brand: { accent: '#aa3322' },
    law: ['kr'],
    signup: { ...before.signup, origins: ['https://a.example', 'https://b.example'] },
    fields: { city: 'Seoul', team: '' },
    delivery: { ...before.delivery, breaker: { ...before.delivery.breaker, blocks: null } },
    texts: { why: 'Because you asked {name} for it.' },
    tracking: { ...before.tracking, opens: true },
  });
  const [entry] = await services.sql<{ id: number; detail: { changed: Record<string, unknown> } }[]>`
    select id, detail from audit where act = 'publication.change'`;
  expect(entry!.detail.changed['brand.accent']).toEqual({ before: '#336699', now: '#aa3322' });
  const token = await tokenOf(owner);
  const restored = await owner.post(`${root}/weekly/restore`, { token, entry: String(entry!.id) });
  expect(restored.status).toBe(303);
  expect(await stored('weekly')).toEqual(before);
});

test('of two who save, the later one is told and loses nothing that was typed', async () => {
  const mine = await filled(`${root}/weekly`, { description: 'mine' });
  const theirs = await filled(`${root}/weekly`, { description: 'theirs' });
  expect((await owner.post(`${root}/weekly`, theirs)).status).toBe(303);
  const late = await owner.post(`${root}/weekly`, mine);
  expect(late.status).toBe(409);
  expect(await late.text()).toContain('>mine</textarea>');
  expect((await stored('weekly')).description).toBe('theirs');
});

test('what is typed is stored as typed and shown as text: in the form, the lists, the preview, the audit log', async () => {
  const evil = `"><script>alert(1)</script><img src=x onerror=alert(2)>'`;
  const changes = {
    name: evil,
    description: evil,
    'from.name': evil,
    postalAddress: evil,
    phone: '<b>',
    'texts.like': evil,
    'texts.why': evil,
  };
  const changed = await owner.post(`${root}/weekly`, await filled(`${root}/weekly`, changes));
  expect(changed.status).toBe(303);
  expect((await stored('weekly')).name).toBe(evil);
  const pages = ['', '/weekly', '/weekly/preview', '/weekly/yaml', '/weekly/history', '/weekly/share'].map(
    each => root + each,
  );
  for (const path of [...pages, '/console/staff/audit']) {
    const page = await owner.page(path);
    expect(page, path).toContain('&lt;script');
    expect(page, path).not.toContain('<script>alert');
    expect(page, path).not.toMatch(/<img src=x/);
  }
  const token = await tokenOf(owner);
  const invited = await owner.post('/console/staff/invite', { token, email: evil, role: 'editor' });
  expect(await invited.text()).not.toContain('<script>alert');
  const made = await owner.post('/console/settings/tokens/create', {
    token,
    name: evil,
    days: '30',
    'issues:read': 'on',
  });
  expect(made.status).toBe(200);
  expect(await owner.page('/console/settings/tokens')).not.toContain('<script>alert');
  // Keys of no table of ours say nothing.
  for (const said of ['constructor', '__proto__', '<script>alert(1)</script>'])
    expect(await owner.page(`${root}?said=${encodeURIComponent(said)}`)).not.toMatch(/class="said|<script>alert/);
});

test('the preview is framed without scripts and shows what is typed, or the stored where that cannot be used', async () => {
  const preview = await owner.request(`${root}/weekly/preview?brand.accent=%23118833&name=Typed`);
  expect(preview.headers.get('content-security-policy')).toContain('sandbox');
  const page = await preview.text();
  expect(page).toContain('Typed');
  expect(page).toContain(themeOf('#118833').day.accent);
  expect(await owner.page(`${root}/weekly/preview`)).not.toContain(themeOf('#118833').day.accent);
  expect((await owner.request(`${root}/weekly/preview?brand.accent=red&name=`)).status).toBe(200);
});

test('relays are shown and tested without their secrets', async () => {
  const page = await owner.page('/console/settings/relays');
  expect(page).toContain('127.0.0.1:1');
  expect(page).toContain('main');
  const tested = await owner.post('/console/settings/relays/test', { token: await tokenOf(owner) });
  const result = await tested.text();
  expect(result).toContain('To mend');
  for (const text of [page, result]) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain('mailer');
  }
  const [entry] = await services.sql<
    { detail: { failed: number } }[]
  >`select detail from audit where act = 'relay.test'`;
  expect(entry!.detail.failed).toBeGreaterThan(0);
});

test('a Korean page says in Korean what doctor finds and what is wrong with a field', async () => {
  const korean = { origin: 'https://news.example.org', 'accept-language': 'ko' };
  const token = await tokenOf(owner);
  const textIn = (html: string) => html.replace(/<(head|script|code)[\s\S]*?<\/\1>|<[^>]+>/g, ' ');
  const tested = await (await owner.post('/console/settings/relays/test', { token }, korean)).text();
  expect(tested).toContain('연결하지 못했어요: 127.0.0.1:1: connect ECONNREFUSED');
  expect(tested).toContain('SMTP_URL의 호스트, 포트, 사용자, 비밀번호');
  expect(/class="settings-findings[\s\S]*?<\/ul>/.exec(tested)![0]).not.toContain('lang="en"');
  const looked = await (await owner.post('/console/settings/domains/look', { token }, korean)).text();
  expect(looked).toMatch(/<h2>발송 도메인 example\.org<\/h2>/);
  expect(looked).toContain('키가 없어 메일에 서명하지 못해요');
  // Kept for minutes: who reads English sees the same findings in English.
  const english = await owner.page('/console/settings/domains');
  expect(english).toMatch(/<h2>Sending domain example\.org<\/h2>/);
  expect(english).toContain('none: mail leaves unsigned');
  for (const html of [tested, looked])
    expect(englishIn(textIn(html), ['127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1'])).toBeUndefined();
  const wrong = { token, ...first, slug: 'other', name: '', timeZone: 'Mars', 'from.address': 'a@gmail.com' };
  const again = await (await owner.post(`${root}/new`, wrong, korean)).text();
  expect(again).toMatch(/id="name-problem">꼭 필요해요/);
  expect(again).toMatch(/id="timeZone-problem">시간대가 아니에요/);
  expect(again).toMatch(/id="from\.address-problem">무료 메일 주소예요/);
  const hook = await (
    await owner.post('/console/settings/webhooks/add', { token, url: 'http://a.example', 'issue.sent': 'on' }, korean)
  ).text();
  expect(hook).toContain('이 주소로는 보낼 수 없어요: https 주소가 아니에요.');
}, 30_000);

test('a token is shown once, stored as a digest, works within its scopes, and stops when it is revoked', async () => {
  const token = await tokenOf(owner);
  const none = await owner.post('/console/settings/tokens/create', { token, name: 'x', days: '30' });
  expect(none.status).toBe(400);
  const made = await owner.post('/console/settings/tokens/create', {
    token,
    name: 'website',
    days: '90',
    'publications:read': 'on',
  });
  const bearer = /value="(bs_[\w-]{43})"/.exec(await made.text())![1]!;
  expect(await owner.page('/console/settings/tokens')).not.toContain(bearer);
  const rows = await services.sql<
    { whole: string }[]
  >`select t::text as whole from api_tokens t union all select a::text from audit a`;
  expect(rows.map(row => row.whole).join()).not.toContain(bearer);
  const ask = (path: string) =>
    app.request(`https://news.example.org/api/v1${path}`, { headers: { authorization: `Bearer ${bearer}` } });
  expect((await ask('/publications')).status).toBe(200);
  expect((await ask('/publications/weekly/issues')).status).toBe(403);
  const [row] = await services.sql<
    { id: number; usedAt: Date | null }[]
  >`select id, used_at from api_tokens where name = 'website'`;
  expect(row!.usedAt).not.toBeNull();
  await owner.post('/console/settings/tokens/revoke', { token, id: String(row!.id) });
  expect((await ask('/publications')).status).toBe(401);
});

test('a webhook: its secret once, what was given up is sent again, off and on', async () => {
  const token = await tokenOf(owner);
  const add = (url: string) => owner.post('/console/settings/webhooks/add', { token, url, 'issue.sent': 'on' });
  expect((await add('http://127.0.0.1/x')).status).toBe(400);
  expect((await add('https://user:pass@example.org/')).status).toBe(400);
  const made = await add('https://hooks.example.org/in');
  const shown = /value="(whsec_[^"]+)"/.exec(await made.text())![1]!;
  const [hook] = await services.sql<{ id: number; whole: string }[]>`select id, w::text as whole from webhooks w`;
  expect(hook!.whole).not.toContain(shown);
  const here = `/console/settings/webhooks/${hook!.id}`;
  expect(await owner.page(here)).not.toContain(shown);
  const [delivery] = await services.sql<{ messageId: string }[]>`
    insert into webhook_deliveries (webhook_id, type, at, data, state, outcome, attempts, next_attempt_at)
    values (${hook!.id}, 'issue.sent', now(), '{}', 'failed', '<b>500</b>', 9, now()) returning message_id`;
  expect(await owner.page(here)).toContain('&lt;b&gt;500');
  const again = () => owner.post(`${here}/again`, { token, message: delivery!.messageId });
  expect((await again()).status).toBe(303);
  expect((await again()).status).toBe(409);
  await owner.post(`${here}/disable`, { token });
  const [off] = await services.sql`select enabled, disabled_reason from webhooks`;
  expect(off).toMatchObject({ enabled: false, disabledReason: 'staff' });
  await owner.post(`${here}/enable`, { token });
  await owner.post(`${here}/remove`, { token });
  expect((await owner.request(here)).status).toBe(404);
});
