import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDueIssues } from '../../../src/db/issues.ts';
import { startRelay } from '../../support/relay.ts';
import { type Api, issueText, openApi, publicationBody } from './support.ts';

let api: Api;
let relay: Awaited<ReturnType<typeof startRelay>>;
beforeAll(async () => {
  relay = await startRelay();
  api = await openApi({ SMTP_URL: relay.url });
  await api.call('PUT', '/publications/sends', { body: publicationBody('sends') });
});
afterAll(async () => {
  await api.close();
  await relay.close();
});

const draftOf = async (title: string): Promise<number> =>
  (await api.call('POST', '/publications/sends/issues', { body: { source: issueText(title) } })).json.id;
const post = (path: string, body?: unknown) => api.call('POST', path, body === undefined ? {} : { body });

test('a schedule has a time to come, in the publication’s zone unless it says its own', async () => {
  const id = await draftOf('Scheduled');
  for (const at of [
    '2020-01-01 08:00',
    '2026-02-30 08:00',
    'tomorrow',
    '',
    '+275760-09-13T00:00:00Z',
    '9999-12-31T00:00:00Z',
  ]) {
    const reply = await post(`/issues/${id}/schedule`, { at });
    expect([reply.status, reply.json.errors?.[0]?.pointer], at).toEqual([422, '#/at']);
  }
  const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  const scheduled = await post(`/issues/${id}/schedule`, { at: `${day} 08:00` });
  expect([scheduled.status, scheduled.json.state]).toEqual([200, 'scheduled']);
  // Seoul is nine hours ahead.
  const [before] = new Date(Date.parse(`${day}T00:00:00Z`) - 3_600_000).toISOString().split('T');
  expect(scheduled.json.scheduledAt).toBe(`${before}T23:00:00.000Z`);
  expect((await post(`/issues/${id}/schedule`, { at: `${day} 08:00` })).json).toEqual(scheduled.json);
  expect((await post(`/issues/${id}/schedule`, { at: `${day} 09:00` })).json.code).toBe('ISSUE_STATE');
  expect((await api.call('PUT', `/issues/${id}/source`, { body: { source: 'x' } })).json.code).toBe('ISSUE_STATE');
  expect((await api.call('DELETE', `/issues/${id}`)).json.code).toBe('ISSUE_STATE');

  const back = await api.call('DELETE', `/issues/${id}/schedule`);
  expect([back.json.state, back.json.scheduledAt]).toEqual(['draft', null]);
  await post(`/issues/${id}/schedule`, { at: new Date(Date.now() + 60_000).toISOString() });
  await api.services.sql`update issues set scheduled_at = now() where id = ${id}`;
  expect((await startDueIssues(api.services.sql)).started).toEqual([id]);
});

test('pause, resume and cancel say where the issue is, and again change nothing', async () => {
  const id = await draftOf('Turned');
  expect((await post(`/issues/${id}/pause`)).json.code).toBe('ISSUE_STATE');
  expect((await post(`/issues/${id}/send`, {})).json.state).toBe('sending');
  const started = (await api.call('GET', `/issues/${id}`)).json.startedAt;
  expect((await post(`/issues/${id}/send`, {})).json).toMatchObject({ state: 'sending', startedAt: started });
  for (const [act, state] of [
    ['pause', 'paused'],
    ['pause', 'paused'],
    ['resume', 'sending'],
    ['resume', 'sending'],
    ['cancel', 'cancelled'],
    ['cancel', 'cancelled'],
  ] as const) {
    const reply = await post(`/issues/${id}/${act}`);
    expect([reply.status, reply.json.state], act).toEqual([200, state]);
  }
  const late = await post(`/issues/${id}/resume`);
  expect([late.status, late.json.code]).toEqual([409, 'ISSUE_STATE']);
});

test('of drafts of one text sent at once, one goes', async () => {
  const source = issueText('Twins');
  const ids = await Promise.all(
    Array.from(
      { length: 5 },
      async () => (await api.call('POST', '/publications/sends/issues', { body: { source } })).json.id,
    ),
  );
  const replies = await Promise.all(ids.map(id => post(`/issues/${id}/send`, {})));
  expect(replies.map(each => each.status).toSorted()).toEqual([202, 409, 409, 409, 409]);
  for (const each of replies.filter(({ status }) => status === 409)) expect(each.json.code).toBe('ISSUE_ALREADY_SENT');
});

test('of one draft sent twenty times at once, one send is stored', async () => {
  const id = await draftOf('Twenty');
  const replies = await Promise.all(Array.from({ length: 20 }, () => post(`/issues/${id}/send`, {})));
  for (const each of replies) expect([202, 409], each.text).toContain(each.status);
  expect(replies.some(each => each.status === 202)).toBe(true);
  const [row] = await api.services
    .sql`select state, (select count(*) from revisions where issue_id = ${id}) as revisions from issues where id = ${id}`;
  expect(row).toEqual({ state: 'sending', revisions: 1 });
});

test('what goes out is what was checked, with the publication as it is then', async () => {
  const id = await draftOf('Renamed');
  await api.call('PUT', '/publications/sends', { body: publicationBody('sends', { postalAddress: 'Busan 48' }) });
  expect((await post(`/issues/${id}/send`, {})).status).toBe(202);
  const [row] = await api.services.sql<{ edition: object }[]>`select edition from revisions where issue_id = ${id}`;
  expect(JSON.stringify(row!.edition)).toContain('Busan 48');
});

test('drafts are deleted whole, once; a test takes at most five sound addresses', async () => {
  const id = await draftOf('Deleted');
  const tooMany = await post(`/issues/${id}/test`, { to: Array.from({ length: 6 }, (_, i) => `a${i}@example.org`) });
  expect([tooMany.status, tooMany.json.errors[0].pointer]).toEqual([422, '#/to']);
  const wrong = await post(`/issues/${id}/test`, { to: ['fine@example.org', 'secret person@example.org'] });
  expect([wrong.status, wrong.json.errors[0].pointer]).toEqual([422, '#/to/1']);
  expect(wrong.text).not.toContain('secret');
  expect((await api.call('DELETE', `/issues/${id}`)).status).toBe(204);
  expect((await api.call('DELETE', `/issues/${id}`)).json.code).toBe('ISSUE_UNKNOWN');
  expect(await api.services.sql`select from revisions where issue_id = ${id}`).toHaveLength(0);
});

test('without a relay nothing is taken that could not leave', async () => {
  const poor = await openApi();
  try {
    await poor.call('PUT', '/publications/poor', { body: publicationBody('poor') });
    const { id } = (await poor.call('POST', '/publications/poor/issues', { body: { source: issueText('Poor') } })).json;
    const reply = await poor.call('POST', `/issues/${id}/send`, { body: {} });
    expect([reply.status, reply.json.code]).toEqual([503, 'SMTP_UNSET']);
    expect((await poor.call('GET', `/issues/${id}`)).json.state).toBe('draft');
  } finally {
    await poor.close();
  }
});
