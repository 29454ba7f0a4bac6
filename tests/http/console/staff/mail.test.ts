/** Mail to staff, by a real relay: what it says, to whom, and that its answer tells nothing of who has an account. */
import type { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createApp } from '../../../../src/http/server.ts';
import { type Relay, startRelay } from '../../../support/relay.ts';
import { openServices, type Services } from '../../../support/services.ts';
import { openStaff, type Role, staffPassword, tokenOf } from '../staff.ts';
import { Browser } from '../support.ts';

let services: Services;
let relay: Relay;
let app: Hono;
let staff: Record<Role, Browser>;
beforeAll(async () => {
  relay = await startRelay();
  services = await openServices({ SMTP_URL: relay.url });
  app = await createApp(services);
  staff = await openStaff(services, app);
});
afterAll(async () => {
  await services.close();
  await relay.close();
});
beforeEach(() => services.redisFlush());

const textOf = (raw: string) => Buffer.from(raw.split('\r\n\r\n')[1]!, 'base64').toString('utf8');
const linkOf = (raw: string) => new URL(/https:\S+/.exec(textOf(raw))![0]).pathname;

async function forgot(email: string): Promise<{ status: number; text: string }> {
  const answer = await new Browser(app).submit('/console/forgot', { email });
  return { status: answer.status, text: await answer.text() };
}

test('a forgotten password is answered alike for all, and mailed to who has an account', async () => {
  const unknown = await forgot('nobody@example.org');
  const known = await forgot('Editor@Example.org');
  expect(unknown).toEqual(known);
  expect(known.status).toBe(200);
  await vi.waitFor(() => expect(relay.accepted).toHaveLength(1), 10_000);
  const [mail] = relay.accepted;
  expect(mail!.to).toBe('editor@example.org');
  expect(mail!.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
  // Nothing that was typed by who asked.
  expect(textOf(mail!.raw)).not.toContain('@');
  const link = linkOf(mail!.raw);
  const rows = await services.sql<{ whole: string }[]>`select l::text as whole from staff_links l`;
  expect(rows).toHaveLength(1);
  expect(rows[0]!.whole).not.toContain(link.split('/').at(-1)!);
  expect((await new Browser(app).submit(link, { password: 'words that are new here' })).status).toBe(303);
  expect((await new Browser(app).login('editor@example.org', 'words that are new here')).status).toBe(303);
});

test('one address gets three mails a quarter of an hour, and the answer stays the same', async () => {
  const before = relay.accepted.length;
  const answers = [];
  for (let i = 0; i < 5; i++) {
    answers.push(await forgot('viewer@example.org'));
    const due = before + Math.min(i + 1, 3);
    await vi.waitFor(() => expect(relay.accepted).toHaveLength(due), 10_000);
  }
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  // Each new link takes the place of the one before.
  const links = relay.accepted.slice(before).map(({ raw }) => linkOf(raw));
  const statuses = await Promise.all(links.map(async link => (await new Browser(app).request(link)).status));
  expect(statuses).toEqual([404, 404, 200]);
});

test('an invitation is mailed; where the relay refuses, its link is handed over', async () => {
  const token = await tokenOf(staff.owner);
  const invite = (email: string) => staff.owner.post('/console/staff/invite', { token, email, role: 'viewer' });
  const before = relay.accepted.length;
  expect(await (await invite('guest@example.org')).text()).toContain('on its way');
  expect(relay.accepted).toHaveLength(before + 1);
  const link = linkOf(relay.accepted.at(-1)!.raw);
  expect((await new Browser(app).submit(link, { password: staffPassword })).status).toBe(303);
  relay.script.rcpt = () => '550 5.1.1 no';
  const page = await (await invite('other@example.org')).text();
  delete relay.script.rcpt;
  expect(page).toContain('No mail was sent');
  expect(page).toMatch(/\/console\/join\/[\w-]{43}/);
});
