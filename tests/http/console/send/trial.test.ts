/** Each reader's own morning and trials of subjects, from the form to the ledger: what is stored, what pages say, what is refused. */
import type { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { getRevisionEdition } from '../../../../src/db/editions.ts';
import { findIssue } from '../../../../src/db/issues.ts';
import { findManuscript, insertManuscript } from '../../../../src/db/manuscripts.ts';
import { setTimeZone } from '../../../../src/db/mornings.ts';
import { findTrial } from '../../../../src/db/trials.ts';
import { planAndQueue } from '../../../../src/enqueue/plan.ts';
import { createApp } from '../../../../src/http/server.ts';
import { audience, publicationOf } from '../../../support/fixtures.ts';
import { openServices, type Services } from '../../../support/services.ts';
import { openStaff, type Role, tokenOf } from '../staff.ts';
import type { Browser } from '../support.ts';

let services: Services;
let app: Hono;
let publicationId: number;
let manuscriptId: number;
let staff: Record<Role, Browser>;
let texts = 0;

const own = '이번 호의 제목';
const source = () => `---
title: 제목
subject: ${own}
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
  const readers = Array.from({ length: 20 }, (_, i) => `r${i}@example.net`);
  const made = await audience(services, readers, publicationOf({ slug: 'weekly', timeZone: 'Asia/Seoul' }));
  publicationId = made.publicationId;
  await setTimeZone(services.sql, made.subscriberIds[0]!, 'Pacific/Honolulu');
});
afterAll(() => services.close());
beforeEach(async () => {
  manuscriptId = await insertManuscript(services.sql, { publicationId, title: '제목', source: source(), by: 1 });
});

const at = (more = '') => `/console/manuscripts/${manuscriptId}/send${more}`;
const dayAhead = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const trialQuery = (more: Record<string, string> = {}, subjects = ['둘째 <b>제목</b>', '', '셋째 제목']) => {
  const query = new URLSearchParams({ to: 'all', when: 'now', trial: '1', share: '50', measure: 'likes', hours: '2' });
  for (const [name, value] of Object.entries(more)) query.set(name, value);
  for (const subject of subjects) query.append('subject', subject);
  return query.toString();
};
/** The confirmation filled in as it asks. */
async function filled(query: string) {
  const html = await staff.editor.page(at(`/confirm?${query}`));
  const form = /<form[^>]*class="send-act"[\s\S]*?<\/form>/.exec(html)?.[0] ?? '';
  const fields = Object.fromEntries(
    [...form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [
      name!,
      value!.replaceAll('&amp;', '&').replaceAll('&quot;', '"'),
    ]),
  ) as Record<string, string>;
  return { html, fields: { ...fields, typed: fields.number ?? '', seen: '1' } as Record<string, string> };
}
/** Confirms it. @returns the issue */
async function send(query: string): Promise<number> {
  const { fields } = await filled(query);
  const answer = await staff.editor.post(at(), fields);
  expect(answer.status).toBe(303);
  return Number(/issues\/(\d+)\?said/.exec(answer.headers.get('location')!)![1]);
}
const row = async (id: number) => (await findIssue(services.sql, String(id)))!;
async function post(id: number, act: string, fields: Record<string, string> = {}, role: Role = 'editor') {
  return staff[role].post(`/console/issues/${id}/${act}`, { token: await tokenOf(staff[role]), ...fields });
}
const auditOf = (id: number) =>
  services.sql`select act, detail from audit where subject = ${`issue ${id}`} order by id desc`;
/** Without the marks of the page, as it is read. */
const read = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

test('at each reader’s own morning: said in words, stored with its day, and shown while they wait', async () => {
  const day = dayAhead(3);
  const query = `to=all&when=local&localTime=08:30&localDay=${day}`;
  const form = await staff.editor.page(at(`?${query}`));
  expect(form).toContain('have the publication’s, Asia/Seoul');
  const { html, fields } = await filled(query);
  expect(html).toMatch(/At 08:30 on \w+, \w+ \d+, \d{4}, by each reader’s own clock/);
  // Kiritimati is fourteen hours ahead, Seoul nine.
  const first = new Date(Date.parse(`${day}T08:30:00Z`) - 14 * 3_600_000);
  expect(html).toContain(`datetime="${first.toISOString()}"`);
  expect(html).toContain(`datetime="${new Date(`${day}T08:30:00+09:00`).toISOString()}"`);
  expect(html).toContain('Schedule for 20 readers');
  const answer = await staff.editor.post(at(), fields);
  expect(answer.headers.get('location')).toContain('said=scheduled');
  const id = (await findManuscript(services.sql, manuscriptId))!.issueId!;
  expect(await row(id)).toMatchObject({ state: 'scheduled', localMinutes: 510, localDay: day, scheduledAt: first });
  const [line] = await auditOf(id);
  expect(line).toMatchObject({ act: 'manuscript.schedule', detail: { local: { minutes: 510, day } } });

  await services.sql`update issues set state = 'sending', started_at = now() where id = ${id}`;
  await planAndQueue(services, id);
  const page = read(await staff.viewer.page(`/console/issues/${id}`));
  expect(page).toContain('20 readers wait for a morning of their own. The next are due');
});

test('without a day it is the next one, and the confirmation keeps the day that it showed', async () => {
  const { fields } = await filled('to=all&when=local&localTime=08:00');
  const kept = new URLSearchParams(fields.wish).get('localDay');
  expect(kept).toMatch(/^\d{4}-\d\d-\d\d$/);
  const moment = Date.parse(`${kept}T08:00:00+09:00`) - Date.now();
  expect(moment).toBeGreaterThan(0);
  expect(moment).toBeLessThanOrEqual(86_400_000);
});

test.each([
  ['localTime=25:00', 'Choose a day and a time'],
  ['localTime=', 'Choose a day and a time'],
  ['localTime=08:00&localDay=2026-02-30', 'Choose a day and a time'],
  ['localTime=08:00&localDay=2020-01-01', 'over everywhere on earth'],
  [`localTime=08:00&localDay=${dayAhead(500)}`, 'more than a year ahead'],
])('a morning that is none leads back and says so: %s', async (query, words) => {
  const answer = await staff.editor.request(at(`/confirm?to=all&when=local&${query}`));
  expect(answer.status).toBe(303);
  expect(await staff.editor.page(answer.headers.get('location')!)).toContain(words);
});

test('a scheduled morning is moved as one, and never by the form of another time', async () => {
  const id = await send(`to=all&when=local&localTime=08:00&localDay=${dayAhead(3)}`);
  const page = await staff.editor.page(`/console/issues/${id}`);
  expect(read(page)).toContain('by each reader’s own clock');
  expect(page).not.toContain('name="at"');
  expect((await post(id, 'time', { at: `${dayAhead(5)}T10:00` })).status).toBe(409);
  expect(await row(id)).toMatchObject({ localMinutes: 480, localDay: dayAhead(3) });

  const before = await getRevisionEdition(services.sql, (await row(id)).revisionId);
  const day = dayAhead(6);
  expect((await post(id, 'time', { localTime: '07:15', localDay: day })).status).toBe(303);
  const first = new Date(Date.parse(`${day}T07:15:00Z`) - 14 * 3_600_000);
  expect(await row(id)).toMatchObject({ state: 'scheduled', localMinutes: 435, localDay: day, scheduledAt: first });
  // The masthead shows another day.
  expect(await getRevisionEdition(services.sql, (await row(id)).revisionId)).not.toEqual(before);

  const back = await post(id, 'unschedule');
  const query = new URL(back.headers.get('location')!, 'http://x').searchParams;
  expect(Object.fromEntries(query)).toMatchObject({ when: 'local', localTime: '07:15', localDay: day });
});

test('a trial: what it means in numbers, what is stored, how it is chosen and reported', async () => {
  const form = await staff.editor.page(at(`?${trialQuery()}`));
  expect(form).toContain('10 of 20 readers get one of three subjects. 2 hours after these have gone out');
  expect(form).toContain('that more of them liked');
  const { html } = await filled(trialQuery());
  expect(html).toContain('10 of 20 readers get one of three subjects.');
  expect(html).toContain('<bdi>둘째 &lt;b&gt;제목&lt;/b&gt;</bdi>');
  const id = await send(trialQuery());
  const subjects = [own, '둘째 <b>제목</b>', '셋째 제목'];
  const asked = { subjects, share: 50, measure: 'likes', hours: 2 };
  expect(await findTrial(services.sql, id)).toMatchObject({ ...asked, chosen: null });
  expect((await getRevisionEdition(services.sql, (await row(id)).revisionId)).subjects).toHaveLength(3);
  expect((await auditOf(id))[0]).toMatchObject({ act: 'manuscript.send', detail: { trial: asked } });

  await planAndQueue(services, id);
  const page = await staff.editor.page(`/console/issues/${id}`);
  expect(read(page)).toContain('10 readers wait for the subject that is chosen.');
  expect(read(page)).toContain('It chooses 2 hours after these have gone out.');
  expect(page).not.toContain('둘째 <b>');
  expect(page.match(/name="variant"/g)).toHaveLength(3);
  expect(await staff.viewer.page(`/console/issues/${id}`)).not.toContain('name="variant"');
  const tried = await services.sql`
    update recipients set state = 'accepted', attempts = 1 where issue_id = ${id} and variant = 2 returning subscriber_id`;
  await services.sql`
    insert into likes (issue_id, subscriber_id, summary) values (${id}, ${tried[0]!.subscriberId}, 0)`;

  expect((await post(id, 'choose', { variant: '2' }, 'viewer')).status).toBe(403);
  expect((await post(id, 'choose', { variant: '4' })).status).toBe(409);
  expect((await post(id, 'choose', { variant: 'x' })).status).toBe(400);
  expect((await findTrial(services.sql, id))!.chosen).toBeNull();
  const chosen = await post(id, 'choose', { variant: '2' });
  expect(chosen.headers.get('location')).toBe(`/console/issues/${id}?said=chosen`);
  expect((await auditOf(id))[0]).toMatchObject({ act: 'issue.choose', detail: { variant: 2 } });
  // Pressed twice, and another one after it.
  expect((await post(id, 'choose', { variant: '2' })).status).toBe(303);
  const late = await post(id, 'choose', { variant: '1' });
  expect(late.status).toBe(409);
  expect(await late.text()).toContain('Subject 2 was chosen already');
  expect((await findTrial(services.sql, id))!).toMatchObject({ chosen: 2, chosenBy: 'editor' });

  const figures = read(await staff.editor.page(`/console/figures/issues/${id}`));
  expect(figures).toMatch(
    new RegExp(`2\\. 둘째 &lt;b&gt;제목&lt;/b&gt; chosen by a person ${tried.length} ${tried.length} 0`),
  );
});

test('a trial and a morning together are refused with the reason, whatever is posted', async () => {
  const both = trialQuery({ when: 'local', localTime: '08:00', localDay: dayAhead(3) });
  const answer = await staff.editor.request(at(`/confirm?${both}`));
  expect(answer.status).toBe(303);
  expect(await staff.editor.page(answer.headers.get('location')!)).toContain('cannot be had together');
  expect(await staff.editor.page(at(`/trial?${both}`))).toContain('cannot be had together');
  const { fields } = await filled('to=all&when=now');
  const posted = await staff.editor.post(at(), { ...fields, wish: both });
  expect(posted.headers.get('location')).toContain('/send?');
  expect((await findManuscript(services.sql, manuscriptId))!.issueId).toBeNull();
});

test.each([
  [{}, ['', ' '], 'at least one more subject'],
  [{}, ['같은', ' 같은 '], 'are the same'],
  [{}, [own], 'are the same'],
  [{}, ['x'.repeat(201)], 'at most 200 characters'],
  [{ share: '51' }, ['b'], 'from 5 to 50'],
  [{ share: '20.5' }, ['b'], 'from 5 to 50'],
  [{ hours: '0' }, ['b'], 'from 1 to 24'],
])('a trial that is none leads back and says so: %j %j', async (more, subjects, words) => {
  const answer = await staff.editor.request(at(`/confirm?${trialQuery(more, subjects)}`));
  expect(answer.status).toBe(303);
  expect(await staff.editor.page(answer.headers.get('location')!)).toContain(words);
});

test('an error in one of the subjects is told beside it, blocks the confirmation, and leaves the way back open', async () => {
  const query = trialQuery({}, ['{{nmae|독자}}님께']);
  const form = await staff.editor.page(at(`?${query}`));
  expect(form).toContain('nmae');
  expect(form).toContain('form="send-form"');
  const html = await staff.editor.page(at(`/confirm?${query}`));
  expect(html).not.toContain('class="send-act"');
  const { fields } = await filled('to=all&when=now');
  expect((await staff.editor.post(at(), { ...fields, wish: query })).status).toBe(409);
  expect((await findManuscript(services.sql, manuscriptId))!.issueId).toBeNull();
});

test('a scheduled trial keeps its subjects on another day, and takes them back to the form', async () => {
  const id = await send(trialQuery({ when: 'at', at: `${dayAhead(2)}T08:00` }));
  expect(read(await staff.editor.page(`/console/issues/${id}`))).toContain('셋째 제목');
  expect((await post(id, 'choose', { variant: '1' })).status).toBe(409);
  expect((await post(id, 'time', { at: `${dayAhead(4)}T09:00` })).status).toBe(303);
  expect((await getRevisionEdition(services.sql, (await row(id)).revisionId)).subjects).toHaveLength(3);
  expect(await findTrial(services.sql, id)).toBeDefined();
  // A correction changes the text and keeps them too.
  const follows = String((await row(id)).revisionId);
  expect((await post(id, 'correct', { follows, source: source(), seen: '1' })).status).toBe(303);
  expect(String((await row(id)).revisionId)).not.toBe(follows);
  expect((await getRevisionEdition(services.sql, (await row(id)).revisionId)).subjects).toHaveLength(3);
  const back = await post(id, 'unschedule');
  const query = new URL(back.headers.get('location')!, 'http://x').searchParams;
  expect([query.getAll('subject'), query.get('measure')]).toEqual([['둘째 <b>제목</b>', '셋째 제목'], 'likes']);
  expect(await findTrial(services.sql, id)).toBeUndefined();
});
