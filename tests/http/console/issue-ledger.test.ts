/** An issue's other pages: the schedule, who did not get it, sending again, corrections, the list. */
import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertManuscript } from '../../../src/db/manuscripts.ts';
import { reconcile } from '../../../src/enqueue/reconcile.ts';
import { createApp } from '../../../src/http/server.ts';
import { publicationOf } from '../../support/fixtures.ts';
import { type Relay, startRelay } from '../../support/relay.ts';
import { type Sending, startSending, workerId } from '../../support/sending.ts';
import { openServices, type Services } from '../../support/services.ts';
import { openStaff, type Role, tokenOf } from './staff.ts';
import type { Browser } from './support.ts';

const source = (text: string) => `---
title: 첫 호
subject: 첫 호
preheader: 이번 호에서는 세 편의 논문과 한 가지 할인 소식을 차분히 읽어 봅니다, 함께
slug: first
---

${text}
`;

let services: Services;
let app: Hono;
let relay: Relay;
let sending: Sending;
let staff: Record<Role, Browser>;
let lost = true;

beforeAll(async () => {
  relay = await startRelay({
    rcpt: to =>
      to.startsWith('gone')
        ? '550 5.1.1 no such user'
        : to.startsWith('no')
          ? '554 5.6.0 =cmd|calc <i>no</i>'
          : '250 ok',
    done: ({ to }) => (to.startsWith('lost') && lost ? 'drop' : '250 ok'),
  });
  services = await openServices({ SMTP_URL: relay.url });
  app = await createApp(services);
  staff = await openStaff(services, app);
  sending = await startSending(
    services,
    relay,
    ['ok@example.net', 'gone@example.net', 'no@example.net', 'lost@example.net'],
    {
      submit: { source: source('처음 글입니다.'), slug: 'first' },
    },
  );
  await sending.deliver();
  await reconcile(services, workerId);
});
afterAll(async () => {
  sending?.close();
  await relay?.close();
  await services?.close();
});

const at = (more = '') => `/console/issues/${sending.issueId}${more}`;
const press = async (role: Role, path: string, fields: Record<string, string> = {}) =>
  staff[role].post(path, { token: await tokenOf(staff[role]), ...fields });

test('says who did not get it and why, rows only to those who may see readers, escaped', async () => {
  const html = await staff.viewer.page(at('/ledger'));
  expect(html).toContain('the address does not exist');
  expect(html).toContain('can be; they may have it already');
  expect(html).not.toContain('See them');
  expect(await staff.viewer.page(at('/ledger?state=rejected&reason=hard-bounce'))).not.toContain('gone@example.net');
  expect(await staff.operator.page(at('/ledger?state=rejected&reason=hard-bounce'))).toContain('gone@example.net');
  const [row] = await services.sql`select reason from recipients where reply like '%cmd%'`;
  const rows = await staff.operator.page(
    at(`/ledger?${new URLSearchParams({ state: 'rejected', ...(row!.reason ? { reason: row!.reason } : {}) })}`),
  );
  expect(rows).toContain('&lt;i&gt;no&lt;/i&gt;');
  expect(rows).not.toContain('<i>no</i>');
});

test('the file has everyone without it, and no cell is a formula', async () => {
  await services.sql`update recipients set reply = '=1+1' where reply like '%cmd%'`;
  const answer = await staff.editor.request(at('/ledger.csv'));
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const lines = (await answer.text()).trim().split('\n');
  expect(lines).toHaveLength(4);
  expect(lines.join('\n')).toContain(",'=1+1,");
  expect(lines.join('\n')).not.toContain('ok@example.net');
  expect((await staff.viewer.request(at('/ledger.csv'))).status).toBe(403);
});

test('the unknown are sent to again when somebody said so, and the message arrives', async () => {
  expect(await staff.operator.page(at())).toContain('1 readers may or may not have it');
  const refused = await press('operator', at('/resend'), { part: 'unknown' });
  expect(refused.status).toBe(409);
  lost = false;
  const before = relay.accepted.length;
  const answer = await press('operator', at('/resend'), { part: 'unknown', sure: '1' });
  expect(answer.headers.get('location')).toBe(`${at()}?said=resent`);
  await sending.deliver();
  expect(relay.accepted.slice(before).map(one => one.to)).toEqual(['lost@example.net']);
  expect((await press('operator', at('/resend'), { part: 'unknown', sure: '1' })).headers.get('location')).toContain(
    'resentNone',
  );
  await reconcile(services, workerId);
});

test('a correction is a new revision with its note; a stale, wrong or unconfirmed one keeps what was typed', async () => {
  const page = await staff.editor.page(at('/correct'));
  expect(page).toContain('처음 글입니다.');
  const follows = /name="follows" value="(\d+)"/.exec(page)![1]!;
  const text = { follows, source: source('고친 글입니다. </textarea><script>x</script>'), note: '<b>이름</b>을 고침' };
  const wrong = await press('editor', at('/correct'), { ...text, follows: '1000000' });
  expect(wrong.status).toBe(409);
  const kept = await wrong.text();
  expect(kept).toContain('Somebody else corrected it');
  expect(kept).toContain('&lt;/textarea&gt;');
  expect(kept).not.toContain('<script>x');
  const unsure = await press('editor', at('/correct'), {
    ...text,
    erratum: source('정정').replace('first', 'e'),
    word: '',
  });
  expect(await unsure.text()).toContain('to send the erratum');
  const stored = await press('editor', at('/correct'), { ...text, seen: '1' });
  expect(stored.headers.get('location')).toBe(`${at()}?said=corrected`);
  const html = await staff.viewer.page(at());
  expect(html).toContain('Revision 2');
  expect(html).toContain('&lt;b&gt;이름&lt;/b&gt;');
  expect(await services.sql`select from issues where kind = 'erratum'`).toHaveLength(0);
  const again = /name="follows" value="(\d+)"/.exec(await staff.editor.page(at('/correct')))![1]!;
  const erratum = await press('editor', at('/correct'), {
    follows: again,
    source: text.source,
    erratum: source('정정합니다.').replace('slug: first\n', ''),
    word: 'Erratum',
    seen: '1',
  });
  expect(erratum.status).toBe(303);
  expect(await services.sql`select kind, state from issues where kind = 'erratum'`).toEqual([
    { kind: 'erratum', state: 'sending' },
  ]);
});

test('a large text can be corrected, and too large a one is refused', async () => {
  const follows = /name="follows" value="(\d+)"/.exec(await staff.editor.page(at('/correct')))![1]!;
  const answer = await press('editor', at('/correct'), { follows, source: `${source('x')}${'가'.repeat(60_000)}` });
  expect(answer.status).not.toBe(413);
  expect((await press('editor', at('/correct'), { source: 'x'.repeat(5_000_000) })).status).toBe(413);
  expect((await press('editor', at('/pause'), { source: 'x'.repeat(100_000) })).status).toBe(413);
});

test('a scheduled issue gets another time with the masthead of that day, and goes back to its manuscript', async () => {
  const { publicationId } = sending;
  const id = await insertManuscript(services.sql, {
    publicationId,
    title: '예약',
    source: source('예약한 글').replace('slug: first', 'slug: later'),
    by: 1,
  });
  const day = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
  const confirm = await staff.editor.page(`/console/manuscripts/${id}/send/confirm?to=all&when=at&at=${day(3)}T08:00`);
  const form = /<form[^>]*class="send-act"[\s\S]*?<\/form>/.exec(confirm)![0];
  const fields = Object.fromEntries(
    [...form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, k, v]) => [
      k!,
      v!.replaceAll('&amp;', '&'),
    ]),
  );
  await staff.editor.post(`/console/manuscripts/${id}/send`, { ...fields, typed: fields.number!, seen: '1' });
  const [issue] = await services.sql<{ id: number }[]>`select id from issues where state = 'scheduled'`;
  const path = `/console/issues/${issue!.id}`;
  const moved = await press('editor', `${path}/time`, { at: `${day(5)}T09:30` });
  expect(moved.headers.get('location')).toContain('rescheduled');
  const [now] =
    await services.sql`select i.scheduled_at, v.edition::text from issues i join revisions v on v.id = i.revision_id where i.id = ${issue!.id}`;
  expect(now!.scheduledAt).toEqual(new Date(`${day(5)}T09:30:00+09:00`));
  const [, month, date] = day(5).split('-').map(Number);
  expect(now!.edition).toContain(`${month}월 ${date}일`);
  expect((await press('editor', `${path}/time`, { at: '2020-01-01T08:00' })).status).toBe(409);
  expect((await press('operator', `${path}/time`, { at: `${day(6)}T09:30` })).status).toBe(403);

  const back = await press('editor', `${path}/unschedule`);
  expect(back.headers.get('location')).toBe(`/console/manuscripts/${id}/send`);
  expect(await services.sql`select from issues where id = ${issue!.id}`).toHaveLength(0);
  expect(await staff.editor.page(`/console/manuscripts/${id}/send`)).toContain('첫 호');
});

test('the list shows manuscripts, filters, and folds away trials', async () => {
  const home = await staff.editor.page('/console');
  expect(home).toContain('/console/manuscripts/new');
  expect(home).toContain('/send">Send …');
  expect(await staff.viewer.page('/console')).not.toContain('/console/manuscripts/');
  await services.sql`insert into issues (publication_id, slug, kind, state, title, source_hash)
    values (${sending.publicationId}, 'probe', 'test', 'sent', '시험 삼아', ''), (${sending.publicationId}, 'stopped', 'regular', 'cancelled', '그만둔 호', '')`;
  expect(await staff.editor.page('/console')).not.toContain('시험 삼아');
  expect(await staff.editor.page('/console?all=1')).toContain('시험 삼아');
  expect(await staff.editor.page('/console?state=cancelled')).toContain('그만둔 호');
  expect(await staff.editor.page(`/console?title=${encodeURIComponent('없는 제목')}`)).toContain('No issue fits');
  expect(await staff.editor.page(`/console?title=first&publication=${publicationOf().slug}x`)).toContain(
    'No issue fits',
  );
  expect(await staff.editor.page('/console?title=FIRST')).toContain(at());
  expect(await staff.editor.page('/console?state=%27&before=x&all=7')).toContain(at());
});

test('progress comes as events, and ends with the reader', async () => {
  const abort = new AbortController();
  const { cookie } = staff.viewer;
  const answer = await app.request(`https://news.example.org${at('/live')}`, {
    headers: { cookie },
    signal: abort.signal,
  });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const reader = answer.body!.getReader();
  const { value } = await reader.read();
  expect(new TextDecoder().decode(value)).toMatch(/^event: part\ndata: /);
  await reader.cancel();
  abort.abort();
});
