/** From a manuscript to an issue on its way: what is asked before, what leaves, and what two presses, a change or a wrong number do. */
import type { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { putSegment } from '../../../../src/db/api-segments.ts';
import { findManuscript, insertManuscript, saveManuscript } from '../../../../src/db/manuscripts.ts';
import { planAndQueue } from '../../../../src/enqueue/plan.ts';
import { acts } from '../../../../src/http/console/may.ts';
import { sendRoutes } from '../../../../src/http/console/send/routes.ts';
import { createApp } from '../../../../src/http/server.ts';
import { audience, publicationOf } from '../../../support/fixtures.ts';
import { openServices, type Services } from '../../../support/services.ts';
import { openStaff, type Role, roles, tokenOf } from '../staff.ts';
import type { Browser } from '../support.ts';

let services: Services;
let app: Hono;
let publicationId: number;
let manuscriptId: number;
let staff: Record<Role, Browser>;
let texts = 0;

const source = (title: string) => `---
title: ${title}
subject: ${title}
preheader: 이번 호에서는 세 편의 논문과 한 가지 할인 소식을 차분히 읽어 봅니다
---

안녕하세요, 독자 여러분. 이번 호의 인사말입니다.

## 이번 호의 글

본문 한 단락입니다. ${++texts}
`;

beforeAll(async () => {
  services = await openServices({ SMTP_URL: 'smtp://127.0.0.1:9?tls=off' });
  app = await createApp(services);
  staff = await openStaff(services, app);
  const made = await audience(
    services,
    ['one@example.net', 'two@example.net', 'three@gmail.example'],
    publicationOf({ name: '<b>주간</b>', fields: { country: '' } }),
  );
  publicationId = made.publicationId;
  await services.sql`update subscribers set attributes = '{"country": "KR", "tags": "vip, early"}' where email = 'one@example.net'`;
});
afterAll(() => services.close());
beforeEach(async () => {
  manuscriptId = await insertManuscript(services.sql, {
    publicationId,
    title: '제목',
    source: source('<script>alert(1)</script> 제목'),
    by: 1,
  });
});

const at = (more = '') => `/console/manuscripts/${manuscriptId}/send${more}`;
const fieldsOf = (html: string) => {
  const form = /<form[^>]*class="send-act"[\s\S]*?<\/form>/.exec(html)?.[0] ?? '';
  return Object.fromEntries(
    [...form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [
      name!,
      value!.replaceAll('&amp;', '&').replaceAll('&quot;', '"'),
    ]),
  );
};
/** The confirmation filled in as it asks. */
async function filled(query = 'to=all&when=now', role: Role = 'editor') {
  const html = await staff[role].page(at(`/confirm?${query}`));
  const fields = fieldsOf(html);
  return { html, fields: { ...fields, typed: fields.number ?? '', seen: '1' } as Record<string, string> };
}
const issues = () =>
  services.sql`select id, kind, state, audience, scheduled_at from issues where kind = 'regular' order by id`;
const manuscript = async () => (await findManuscript(services.sql, manuscriptId))!;

test('shows whom, when and what, escaped, and counts at once', async () => {
  const html = await staff.editor.page(at());
  expect(html).not.toContain('<script>alert(1)');
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(html).toContain('3 readers');
  expect(html).toContain('one@example.net');
  expect(html).toContain('Asia/Seoul');
  expect(await staff.editor.page(at('/count?to=rule&what=tag&value=vip'))).toContain('1 reader<');
  expect(await staff.editor.page(at('/count?to=rule&what=tag&value='))).toContain('not complete');
});

test('what was confirmed is stored, and the manuscript is closed', async () => {
  const before = (await issues()).length;
  const { html, fields } = await filled('to=rule&match=any&what=tag&value=vip&what=is:country&value=JP&when=now');
  expect(html).toContain('1 reader gets this mail');
  expect(html).toContain('have the tag “vip” or have country = “JP”');
  const answer = await staff.editor.post(at(), fields);
  expect(answer.status).toBe(303);
  const [issue] = (await issues()).slice(before);
  expect(answer.headers.get('location')).toBe(`/console/issues/${issue!.id}?said=sent`);
  expect(issue).toMatchObject({
    state: 'sending',
    audience: { any: [{ tag: 'vip' }, { attribute: 'country', is: 'equal', value: 'JP' }] },
  });
  expect((await manuscript()).issueId).toBe(issue!.id);
  await planAndQueue(services, issue!.id);
  const rows = await services.sql`
    select s.email from recipients r join subscribers s on s.id = r.subscriber_id where r.issue_id = ${issue!.id}`;
  expect(rows.map(row => row.email)).toEqual(['one@example.net']);
  const [line] = await services.sql`select act, email, detail from audit where subject = ${`issue ${issue!.id}`}`;
  expect(line).toMatchObject({ act: 'manuscript.send', email: 'editor@example.org', detail: { readers: 1 } });
});

test('a time is that of the publication’s zone', async () => {
  const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  const { html, fields } = await filled(`to=all&when=at&at=${day}T08:00`);
  expect(html).toContain(`datetime="${new Date(`${day}T08:00:00+09:00`).toISOString()}"`);
  expect((await staff.editor.post(at(), fields)).headers.get('location')).toContain('said=scheduled');
  const issue = (await issues()).at(-1)!;
  expect(issue.state).toBe('scheduled');
  expect(issue.scheduledAt).toEqual(new Date(`${day}T08:00:00+09:00`));
});

test('pressed twice, one after the other and at once, it is one issue', async () => {
  const before = (await issues()).length;
  const { fields } = await filled();
  const answers = await Promise.all([1, 2, 3].map(() => staff.editor.post(at(), fields)));
  answers.push(await staff.editor.post(at(), fields));
  const [issue, ...more] = (await issues()).slice(before);
  expect(more).toEqual([]);
  for (const answer of answers) {
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toContain(`/console/issues/${issue!.id}`);
  }
  expect(await services.sql`select from audit where subject = ${`issue ${issue!.id}`}`).toHaveLength(1);
});

test('two editors who confirm at once send one issue', async () => {
  const before = (await issues()).length;
  const [one, two] = [await filled(), await filled('to=rule&what=tag&value=vip&when=now', 'owner')];
  await Promise.all([staff.editor.post(at(), one.fields), staff.owner.post(at(), two.fields)]);
  const made = (await issues()).slice(before);
  expect(made.map(issue => issue.state)).toEqual(['sending']);
  expect((await manuscript()).issueId).toBe(made[0]!.id);
});

test.each([
  ['a wrong number', { typed: '4' }, 'not the number'],
  ['an empty one', { typed: '' }, 'not the number'],
  ['warnings that were not read', { seen: '' }, 'Tick that you have read'],
] as const)('%s sends nothing', async (_name, more, words) => {
  const before = (await issues()).length;
  const { fields } = await filled();
  // The test text has a warning, so that there is something to tick.
  expect(Number(fields.warnings)).toBeGreaterThan(0);
  const answer = await staff.editor.post(at(), { ...fields, ...more });
  expect(answer.status).toBe(409);
  expect(await answer.text()).toContain(words);
  expect(await issues()).toHaveLength(before);
  expect((await manuscript()).issueId).toBeNull();
});

test('a text changed since, and a segment changed since, send nothing and say so', async () => {
  const before = (await issues()).length;
  const { fields } = await filled();
  await saveManuscript(services.sql, manuscriptId, { version: 1, title: '제목', source: source('다른 제목'), by: 1 });
  const answer = await staff.editor.post(at(), fields);
  expect(answer.status).toBe(409);
  expect(await answer.text()).toContain('owner@example.org changed the text');

  await putSegment(services.sql, publicationId, { slug: 'seg', name: 'Seg', rule: { tag: 'vip' } });
  const saved = await filled('to=saved&segment=seg&when=now');
  await putSegment(services.sql, publicationId, { slug: 'seg', name: 'Seg', rule: { not: { tag: 'vip' } } });
  const second = await staff.editor.post(at(), saved.fields);
  expect(second.status).toBe(409);
  expect(await second.text()).toContain('segment’s rule was changed');
  expect(await issues()).toHaveLength(before);
});

test('an error in the text blocks it, whatever is posted', async () => {
  const good = await filled();
  await services.sql`update manuscripts set source = ${'---\ntitle: ['}, version = 2 where id = ${manuscriptId}`;
  const before = (await issues()).length;
  const html = await staff.editor.page(at());
  expect(html).toContain('Errors must be mended');
  expect(html).not.toContain('look it over and confirm');
  const answer = await staff.editor.post(at(), { ...good.fields, version: '2' });
  expect(answer.status).toBe(409);
  expect(await issues()).toHaveLength(before);
});

test('a text that was sent before is a warning, and goes out again when that was read', async () => {
  await staff.editor.post(at(), (await filled()).fields);
  const { source: text } = await manuscript();
  manuscriptId = await insertManuscript(services.sql, { publicationId, title: '제목', source: text, by: 1 });
  const { html, fields } = await filled();
  expect(html).toContain('The same text was sent before');
  expect((await staff.editor.post(at(), fields)).status).toBe(303);
  expect((await manuscript()).issueId).not.toBeNull();
});

test('a test goes to the addresses named, and they are remembered', async () => {
  const token = await tokenOf(staff.editor);
  const to = 'me@example.org, you@example.org';
  const answer = await staff.editor.post(at().replace('/send', '/test'), { token, to });
  const issue = Number(/test=(\d+)/.exec(answer.headers.get('location')!)![1]);
  const rows = await services.sql`
    select s.email from recipients r join subscribers s on s.id = r.subscriber_id where r.issue_id = ${issue} order by 1`;
  expect(rows.map(row => row.email)).toEqual(['me@example.org', 'you@example.org']);
  const html = await staff.editor.page(at());
  expect(html).toMatch(/<textarea[^>]*>me@example.org\nyou@example.org/);
  for (const [wrong, words] of [
    ['not an address', 'cannot be mailed'],
    ['a@x.org b@x.org c@x.org d@x.org e@x.org f@x.org', 'At most 5'],
    [' ', 'at least one'],
  ]) {
    const refused = await staff.editor.post(at().replace('/send', '/test'), { token, to: wrong! });
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain(words);
  }
});

test('a rule is saved as a segment, and picked', async () => {
  const token = await tokenOf(staff.editor);
  const answer = await staff.editor.post(at().replace('/send', '/segment'), {
    token,
    name: '<i>VIP</i>',
    wish: 'to=rule&what=tag&value=vip',
  });
  const to = answer.headers.get('location')!;
  expect(to).toMatch(/segment=i-vip-i-[0-9a-f]{6}/);
  const html = await staff.editor.page(to);
  expect(html).toContain('&lt;i&gt;VIP&lt;/i&gt;');
  expect(html).toContain('1 reader<');
});

test.each(sendRoutes.map(route => [route.method, route.path, route.act] as const))(
  '%s %s is for those who may %s',
  async (method, route, act) => {
    const path = `/console${route.replace(':id', String(manuscriptId)).replace(':issue', '1')}`;
    for (const role of roles) {
      const answer =
        method === 'get'
          ? await staff[role].request(path)
          : await staff[role].post(path, { token: await tokenOf(staff[role]) });
      const isAllowed = (acts[act] as readonly string[]).includes(role);
      if (isAllowed) expect(answer.status, role).not.toBe(403);
      else expect(answer.status, role).toBe(403);
    }
    expect((await manuscript()).issueId).toBeNull();
  },
);
