/** Invitations, forgotten passwords and the second factor: what opens a door, once, and what does not. */
import { createHash } from 'node:crypto';
import type { Hono } from 'hono';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createApp } from '../../../../src/http/server.ts';
import { broadsheet } from '../../../support/cli.ts';
import { openServices, type Services } from '../../../support/services.ts';
import { openStaff, type Role, staffPassword } from '../staff.ts';
import { Browser } from '../support.ts';

let services: Services;
let app: Hono;
let staff: Record<Role, Browser>;
beforeAll(async () => {
  services = await openServices();
  app = await createApp(services);
  staff = await openStaff(services, app);
});
afterAll(() => services.close());
beforeEach(() => services.redisFlush());

const tokenIn = (page: string) => /name="token" value="([^"]+)"/.exec(page)![1]!;
const linkIn = (page: string) =>
  /value="https:\/\/news\.example\.org(\/console\/(?:join|reset)\/[\w-]{43})"/.exec(page)?.[1];
/** Posts to `path` with the token of `page`. */
const press = async (browser: Browser, page: string, path: string, fields: Record<string, string> = {}) =>
  browser.post(path, { token: tokenIn(await browser.page(page)), ...fields });
const idOf = async (role: Role) =>
  (await services.sql<{ id: number }[]>`select id from staff where email = ${`${role}@example.org`}`)[0]!.id;

async function invite(email: string, role: string): Promise<string> {
  const answer = await press(staff.owner, '/console/staff', '/console/staff/invite', { email, role });
  expect(answer.status).toBe(200);
  const link = linkIn(await answer.text());
  expect(link).toBeDefined();
  return link!;
}

test('an invitation: shown once, stored as a digest, used once', async () => {
  const link = await invite('new@example.org', 'viewer');
  const [row] = await services.sql<{ digest: Uint8Array }[]>`select digest from staff_links`;
  const token = link.split('/').at(-1)!;
  expect(Buffer.from(row!.digest).equals(createHash('sha256').update(`staff link ${token}`).digest())).toBe(true);
  const rows = await services.sql<{ whole: string }[]>`select l::text as whole from staff_links l`;
  const audits = await services.sql<{ whole: string }[]>`select a::text as whole from audit a`;
  expect([...rows, ...audits].map(({ whole }) => whole).join()).not.toContain(token);
  const guest = new Browser(app);
  // Looking at it does not use it up.
  expect(await guest.page(link)).toContain('new@example.org');
  expect((await guest.submit(link, { password: 'short' })).status).toBe(400);
  expect((await guest.post(link, { token: 'x', password: staffPassword })).status).toBe(403);
  const answers = await Promise.all([
    guest.submit(link, { password: 'a new person’s words' }),
    new Browser(app).submit(link, { password: 'a new person’s words' }),
  ]);
  expect(answers.map(answer => answer.status).sort()).toEqual([303, 404]);
  expect((await new Browser(app).request(link)).status).toBe(404);
  const joined = await services.sql`select role from staff where email = 'new@example.org'`;
  expect(joined.map(each => each.role)).toEqual(['viewer']);
});

test('an invitation that is taken back, over, replaced, or whose giver is gone opens nothing', async () => {
  const revoked = await invite('a@example.org', 'owner');
  const [row] = await services.sql<{ id: number }[]>`select id from staff_links where email = 'a@example.org'`;
  await press(staff.owner, '/console/staff', '/console/staff/invitations/revoke', { id: String(row!.id) });
  const replaced = await invite('b@example.org', 'owner');
  const open = await invite('b@example.org', 'viewer');
  const over = await invite('c@example.org', 'owner');
  await services.sql`update staff_links set expires_at = now() where email = 'c@example.org'`;
  for (const link of [revoked, replaced, over, '/console/join/nothing']) {
    expect((await new Browser(app).request(link)).status, link).toBe(404);
    const guest = new Browser(app);
    const token = tokenIn(await guest.page('/console/login'));
    expect((await guest.post(link, { token, password: staffPassword })).status, link).toBe(404);
  }
  expect((await new Browser(app).request(open)).status).toBe(200);
  await services.sql`insert into staff (email, email_key, role, password) values ('x@example.org', 'x@example.org', 'owner', '')`;
  await services.sql`update staff_links set made_by = (select id from staff where email = 'x@example.org')`;
  await services.sql`delete from staff where email = 'x@example.org'`;
  expect((await new Browser(app).request(open)).status).toBe(404);
});

test('a forgotten password: the link works once, and ends every session', async () => {
  const id = await idOf('viewer');
  const answer = await press(staff.owner, `/console/staff/${id}`, `/console/staff/${id}/link`);
  const link = linkIn(await answer.text())!;
  expect((await staff.viewer.request('/console')).status).toBe(200);
  const guest = new Browser(app);
  expect((await guest.submit(link, { password: 'quite another set of words' })).headers.get('location')).toBe(
    '/console/login',
  );
  expect((await new Browser(app).request(link)).status).toBe(404);
  expect((await staff.viewer.request('/console')).status).toBe(303);
  expect((await guest.request('/console')).status).toBe(303);
  expect((await guest.login('viewer@example.org', staffPassword)).status).toBe(403);
  expect((await staff.viewer.login('viewer@example.org', 'quite another set of words')).status).toBe(303);
});

test('the last owner stays one, also when two demote each other at once', async () => {
  const owner = await idOf('owner');
  const role = (id: number, to: string) =>
    press(staff.owner, `/console/staff/${id}`, `/console/staff/${id}/role`, { role: to });
  expect((await role(owner, 'editor')).status).toBe(409);
  expect((await press(staff.owner, `/console/staff/${owner}`, `/console/staff/${owner}/remove`)).status).toBe(409);
  const editor = await idOf('editor');
  expect((await role(editor, 'owner')).status).toBe(303);
  const pages = await Promise.all([staff.owner.page('/console/staff'), staff.editor.page('/console/staff')]);
  const answers = await Promise.all([
    staff.owner.post(`/console/staff/${editor}/role`, { token: tokenIn(pages[0]), role: 'viewer' }),
    staff.editor.post(`/console/staff/${owner}/role`, { token: tokenIn(pages[1]), role: 'viewer' }),
  ]);
  const owners = await services.sql`select id from staff where role = 'owner'`;
  expect(owners.length).toBe(1);
  // The one who was too late is told so, as the last owner or as nobody who may.
  expect(answers.map(each => each.status).sort()[0]).toBe(303);
  await services.sql`update staff set role = 'owner' where email = 'owner@example.org'`;
  await services.sql`update staff set role = 'editor' where email = 'editor@example.org'`;
});

test('a change of the password asks for the old one and logs out everywhere else', async () => {
  const other = new Browser(app);
  await other.login('operator@example.org', staffPassword);
  const change = (own: string, password: string) =>
    press(staff.operator, '/console/account', '/console/account/password', { own, password });
  expect((await change('wrong', 'the words of an operator')).status).toBe(403);
  expect((await change(staffPassword, 'short')).status).toBe(400);
  const before = staff.operator.cookie;
  expect((await change(staffPassword, 'the words of an operator')).status).toBe(303);
  expect(staff.operator.cookie).not.toBe(before);
  expect((await staff.operator.request('/console')).status).toBe(200);
  expect((await other.request('/console')).status).toBe(303);
});

test('sessions are listed with browser and network, and ended one by one', async () => {
  const agent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0 <script>';
  const phone = new Browser(app, { 'user-agent': agent, 'x-forwarded-for': '203.0.113.77' });
  await phone.login('editor@example.org', staffPassword);
  const page = await staff.editor.page('/console/account/sessions');
  expect(page).toContain('Firefox · Windows');
  expect(page).toContain('203.0.113.0/24');
  expect(page).not.toContain('203.0.113.77');
  const id = createHash('sha256').update(phone.cookie.split('=')[1]!).digest('hex');
  expect((await press(staff.owner, '/console/account/sessions', '/console/account/sessions/end', { id })).status).toBe(
    303,
  );
  expect((await phone.request('/console')).status).toBe(200);
  await press(staff.editor, '/console/account/sessions', '/console/account/sessions/end', { id });
  expect((await phone.request('/console')).status).toBe(303);
  expect((await staff.editor.request('/console')).status).toBe(200);
});

async function setUp(browser: Browser): Promise<{ totp: TOTP; codes: string[]; used: string }> {
  const second = '/console/account/second';
  expect((await press(browser, second, `${second}/begin`, { own: 'wrong' })).status).toBe(403);
  expect((await press(browser, second, `${second}/begin`, { own: staffPassword })).status).toBe(303);
  const page = await browser.page(second);
  const secret = /<code>([A-Z2-7 ]+)<\/code>/.exec(page)![1]!.replaceAll(' ', '');
  expect(page).toContain('otpauth://totp/');
  const totp = new TOTP({ secret });
  expect((await press(browser, second, `${second}/prove`, { code: '000000' })).status).toBe(400);
  const used = totp.generate();
  const proved = await press(browser, second, `${second}/prove`, { code: used });
  const codes = [...(await proved.text()).matchAll(/<code>([A-Z0-9]{4}(?:-[A-Z0-9]{4}){3})<\/code>/g)].map(m => m[1]!);
  expect(codes.length).toBe(10);
  return { totp, codes, used };
}

test('the second factor: asked for after the password, a code counts once, so does each recovery code', async () => {
  const { totp, codes, used } = await setUp(staff.editor);
  const stored = await services.sql<
    { whole: string }[]
  >`select t::text || r::text as whole from staff t join recovery_codes r on r.staff_id = t.id`;
  for (const text of [totp.secret.base32, totp.secret.hex, ...codes, ...codes.map(code => code.replaceAll('-', ''))])
    expect(
      stored
        .map(({ whole }) => whole)
        .join()
        .toLowerCase(),
    ).not.toContain(text.toLowerCase());
  const browser = new Browser(app);
  const login = await browser.login('editor@example.org', staffPassword, '/console/login?next=/console/figures');
  expect(login.headers.get('location')).toBe('/console/login/second?next=%2Fconsole%2Ffigures');
  const half = browser.cookie;
  // Half a login opens nothing.
  for (const path of ['/console', '/console/account', '/console/queues'])
    expect((await browser.request(path)).headers.get('location'), path).toMatch(/^\/console\/login/);
  // The code that set it up was used by that.
  expect((await browser.submit('/console/login/second', { code: used })).status).toBe(403);
  const next = totp.generate({ timestamp: Date.now() + 30_000 });
  const there = await browser.submit('/console/login/second?next=/console/figures', { code: next });
  expect(there.headers.get('location')).toBe('/console/figures');
  // A new session, not the half one made whole.
  expect(browser.cookie).not.toBe(half);
  const fixed = new Browser(app);
  fixed.cookie = half;
  expect((await fixed.request('/console')).status).toBe(303);
  const replayed = new Browser(app);
  await replayed.login('editor@example.org', staffPassword);
  expect((await replayed.submit('/console/login/second', { code: next })).status).toBe(403);
  expect((await replayed.submit('/console/login/second', { code: codes[0]!.toLowerCase() })).status).toBe(303);
  const again = new Browser(app);
  await again.login('editor@example.org', staffPassword);
  expect((await again.submit('/console/login/second', { code: codes[0]! })).status).toBe(403);
  await services.sql`update staff set totp = null where email = 'editor@example.org'`;
});

test('codes cannot be guessed: tries are counted by person, whatever the browser', async () => {
  const { totp } = await setUp(staff.editor);
  await services.redisFlush();
  const statuses: number[] = [];
  for (let i = 0; i < 10; i++) {
    const browser = new Browser(app, { 'x-forwarded-for': `198.51.100.${i}` });
    await browser.login('editor@example.org', staffPassword);
    statuses.push((await browser.submit('/console/login/second', { code: '123456' })).status);
  }
  expect(statuses).toEqual([...Array(8).fill(403), 429, 429]);
  const right = new Browser(app);
  await right.login('editor@example.org', staffPassword);
  const code = totp.generate({ timestamp: Date.now() + 30_000 });
  expect((await right.submit('/console/login/second', { code })).status).toBe(429);
  await services.sql`update staff set totp = null where email = 'editor@example.org'`;
});

test('where owners must have one, an owner without sets it up before anything else', async () => {
  await press(staff.owner, '/console/staff', '/console/staff/second', { need: 'yes' });
  expect((await staff.owner.request('/console')).headers.get('location')).toBe('/console/account/second');
  const token = tokenIn(await staff.owner.page('/console/account'));
  expect((await staff.owner.post('/console/staff/second', { token, need: 'no' })).status).toBe(403);
  expect((await staff.owner.request('/console/queues/api/queues')).status).not.toBe(200);
  expect((await staff.editor.request('/console')).status).toBe(200);
  await setUp(staff.owner);
  expect((await staff.owner.request('/console')).status).toBe(200);
});

test('who is locked out gets a link from the command line, and two-step login off when it is said', async () => {
  await services.sql`update staff set totp = '\\x00' where email = 'editor@example.org'`;
  const ran = await broadsheet(['staff', 'link', 'Editor@example.org', '--without-second', '--json'], services.env);
  expect(ran.json).toMatchObject({ minutes: 60, withoutSecond: true });
  const link = new URL(ran.json.url).pathname;
  const guest = new Browser(app);
  expect((await guest.submit(link, { password: 'words for a way back' })).status).toBe(303);
  expect((await guest.login('editor@example.org', 'words for a way back')).headers.get('location')).toBe('/console');
  const unknown = await broadsheet(['staff', 'link', 'nobody@example.org', '--json'], services.env);
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toContain('STAFF_UNKNOWN');
});
