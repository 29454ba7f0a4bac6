/** Local times and trials as programs ask for them; every answer is held against the document. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { planAndQueue } from '../../../src/enqueue/plan.ts';
import { startRelay } from '../../support/relay.ts';
import { type Api, issueText, openApi, publicationBody } from './support.ts';

let api: Api;
let relay: Awaited<ReturnType<typeof startRelay>>;
const consent = { source: 'form', at: '2026-01-02T03:04:05+09:00', wording: 'Yes.' };
const post = (path: string, body: unknown) => api.call('POST', path, { body });
const enrol = (body: Record<string, unknown>) => post('/publications/zones/subscribers', body);

beforeAll(async () => {
  relay = await startRelay();
  api = await openApi({ SMTP_URL: relay.url });
  await api.call('PUT', '/publications/zones', {
    body: publicationBody('zones', { law: ['kr'], phone: '02-123-4567' }),
  });
  for (let n = 0; n < 20; n++)
    await enrol({
      email: `r${n}@example.net`,
      state: 'active',
      consent,
      ...(n === 0 ? { timeZone: 'us/pacific' } : {}),
    });
});
afterAll(async () => {
  await api.close();
  await relay.close();
});

const draftOf = async (title: string, more = ''): Promise<number> =>
  (await post('/publications/zones/issues', { source: issueText(title, more) })).json.id;
const pointers = (reply: { json: { errors?: { pointer?: string }[] } }) => reply.json.errors?.map(each => each.pointer);
const dayAhead = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

test('a subscriber’s time zone: one name for each, taken back by null, kept when nothing is said', async () => {
  const own = async (body: Record<string, unknown>) =>
    (await enrol({ email: 'r0@example.net', ...body })).json.timeZone;
  expect(await own({})).toBe('America/Los_Angeles');
  expect(await own({ timeZone: 'Asia/Calcutta' })).toBe('Asia/Kolkata');
  expect(await own({ timeZone: null })).toBeNull();
  for (const timeZone of ['+09:00', 'Mars/Olympus', '', 'A'.repeat(5000)]) {
    const reply = await enrol({ email: 'r0@example.net', timeZone });
    expect([reply.status, pointers(reply)], timeZone.slice(0, 20)).toEqual([422, ['#/timeZone']]);
  }
});

test('scheduled for a time of each reader’s day: from the first place on earth on; back to a draft it forgets it', async () => {
  const id = await draftOf('Mornings');
  const day = dayAhead(3);
  const scheduled = await post(`/issues/${id}/schedule`, { at: day, localTime: '08:00' });
  expect(scheduled.json).toMatchObject({ state: 'scheduled', localTime: { time: '08:00', day }, trial: null });
  // Kiritimati is fourteen hours ahead.
  expect(scheduled.json.scheduledAt).toBe(new Date(Date.parse(`${day}T08:00:00Z`) - 14 * 3_600_000).toISOString());
  expect((await post(`/issues/${id}/schedule`, { at: day, localTime: '08:00' })).json).toEqual(scheduled.json);
  expect((await post(`/issues/${id}/schedule`, { at: day, localTime: '09:00' })).json.code).toBe('ISSUE_STATE');
  const back = await api.call('DELETE', `/issues/${id}/schedule`);
  expect(back.json).toMatchObject({ state: 'draft', localTime: null });
  for (const [body, pointer] of [
    [{ at: `${day} 08:00`, localTime: '08:00' }, '#/at'],
    [{ at: '2020-01-01', localTime: '08:00' }, '#/at'],
    [{ at: '2026-02-30', localTime: '08:00' }, '#/at'],
    [{ at: dayAhead(500), localTime: '08:00' }, '#/at'],
    [{ at: day, localTime: '25:00' }, '#/localTime'],
    [{ at: day }, '#/at'],
    [{ at: day, localTime: '08:00', trial: { subjects: ['a', 'b'] } }, '#/trial'],
  ] as const) {
    const reply = await post(`/issues/${id}/schedule`, body);
    expect([reply.status, pointers(reply)], JSON.stringify(body)).toEqual([422, [pointer]]);
  }
  const sent = await post(`/issues/${id}/send`, { localTime: '08:00' });
  expect([sent.status, sent.json.localTime.time]).toEqual([202, '08:00']);
  expect((await post(`/issues/${id}/send`, { localTime: '08:00' })).json).toEqual(sent.json);
});

test('a trial is sent, seen, chosen once and reported', async () => {
  const id = await draftOf('Subjects');
  for (const trial of [
    { subjects: ['only one'] },
    { subjects: ['a', 'b', 'c', 'd', 'e'] },
    { subjects: ['same', ' same '] },
    { subjects: ['a', 'b\nc'] },
    { subjects: ['a', 'b'], share: 51 },
    { subjects: ['a', 'b'], hours: 0 },
    { subjects: ['a', 'b'], measure: 'opens' },
  ])
    expect((await post(`/issues/${id}/send`, { trial })).json.code, JSON.stringify(trial)).toBe('REQUEST_INVALID');
  const typo = await post(`/issues/${id}/send`, { trial: { subjects: ['a', 'for {{nmae|you}}'] } });
  expect([typo.json.code, typo.json.errors[0].detail]).toEqual(['ISSUE_REFUSED', expect.stringContaining('nmae')]);

  const subjects = ['What we read', 'For you, {{name|reader}}'];
  const trial = { subjects, share: 50, measure: 'likes', hours: 2 };
  const sent = await post(`/issues/${id}/send`, { trial });
  expect(sent.json).toMatchObject({ state: 'sending', trial: { ...trial, chosen: null } });
  expect((await post(`/issues/${id}/choose`, { variant: 1 })).json.code).toBe('ISSUE_STATE');
  await planAndQueue(api.services, id);
  const status = await api.call('GET', `/issues/${id}/status`);
  const waiting = { for: 'trial', readers: 10, nextAt: null };
  expect(status.json).toMatchObject({
    queued: 10,
    deferred: 10,
    waiting,
    trial: { ...trial, sentAt: null, chosen: null },
  });
  const third = await post(`/issues/${id}/choose`, { variant: 3 });
  expect([third.status, pointers(third)]).toEqual([422, ['#/variant']]);
  expect((await post(`/issues/${id}/choose`, { variant: 2 })).json.trial.chosen).toBe(2);
  expect((await post(`/issues/${id}/choose`, { variant: 2 })).json.trial.chosen).toBe(2);
  expect((await post(`/issues/${id}/choose`, { variant: 1 })).status).toBe(409);
  const report = await api.call('GET', `/issues/${id}/report`);
  const none = { sent: 0, accepted: 0, clicks: 0, likes: 0, unsubscribed: 0 };
  const variants = subjects.map((subject, i) => ({ variant: i + 1, subject, ...none }));
  expect(report.json.trial).toMatchObject({ chosen: 2, chosenBy: 'editor', variants });
  expect((await post(`/issues/${await draftOf('Plain')}/choose`, { variant: 1 })).json.code).toBe('ISSUE_STATE');
});

test('the label of advertising is asked of every subject, and goes only to those who agreed to it', async () => {
  const { sql } = api.services;
  const id = await draftOf('Advert', '## Promo: a discount\n\nUse the code SPRING for 10 % off.');
  const missing = await post(`/issues/${id}/send`, { trial: { subjects: ['(광고) One', 'Two'] } });
  expect([missing.json.code, JSON.stringify(missing.json.errors)]).toEqual([
    'ISSUE_REFUSED',
    expect.stringContaining('“Two”'),
  ]);
  expect((await post(`/issues/${id}/send`, { trial: { subjects: ['(광고) One', '(광고) Two'] } })).status).toBe(202);
  const [row] = await sql<{ edition: { subjects: unknown } }[]>`
    select v.edition from issues i join revisions v on v.id = i.revision_id where i.id = ${id}`;
  const label = { kind: 'when', condition: { field: '@advertising', op: 'present' }, parts: ['(광고) '] };
  expect(row!.edition.subjects).toEqual([
    [label, 'One'],
    [label, 'Two'],
  ]);
});

test('a trial that is taken back to a draft is gone', async () => {
  const id = await draftOf('Withdrawn');
  const at = `${dayAhead(3)} 08:00`;
  expect((await post(`/issues/${id}/schedule`, { at, trial: { subjects: ['a', 'b'] } })).json.trial.share).toBe(20);
  expect((await api.call('DELETE', `/issues/${id}/schedule`)).json.trial).toBeNull();
  expect((await post(`/issues/${id}/schedule`, { at, trial: { subjects: ['c', 'd'] } })).json.trial.subjects).toEqual([
    'c',
    'd',
  ]);
});
