import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRelay } from '../../support/relay.ts';
import { type Api, issueText, openApi, publicationBody } from './support.ts';

let api: Api;
let relay: Awaited<ReturnType<typeof startRelay>>;
beforeAll(async () => {
  relay = await startRelay();
  api = await openApi({ SMTP_URL: relay.url });
  await api.call('PUT', '/publications/keyed', { body: publicationBody('keyed') });
});
afterAll(async () => {
  await api.close();
  await relay.close();
});

const create = (key: string, source: string, token?: string) =>
  api.call('POST', '/publications/keyed/issues', {
    body: { source },
    headers: { 'idempotency-key': key },
    ...(token ? { token } : {}),
  });
const issues = async () => (await api.services.sql<{ n: number }[]>`select count(*) as n from issues`)[0]!.n;

test('twenty equal requests at once make one issue, and each later one gets the first answer byte for byte', async () => {
  const before = await issues();
  const source = issueText('At once');
  const replies = await Promise.all(Array.from({ length: 20 }, () => create('at-once', source)));
  const made = replies.filter(each => each.status === 201);
  expect(made.length).toBeGreaterThan(0);
  for (const each of replies.filter(each => each.status !== 201))
    expect([each.status, each.json.code, each.headers.get('retry-after')]).toEqual([
      409,
      'IDEMPOTENCY_KEY_RUNNING',
      '1',
    ]);
  expect(await issues()).toBe(before + 1);
  const again = await create('at-once', source);
  expect([again.status, again.text, again.headers.get('location')]).toEqual([
    201,
    made[0]!.text,
    made[0]!.headers.get('location'),
  ]);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(new Set(made.map(each => each.text)).size).toBe(1);
  expect(await issues()).toBe(before + 1);
});

test('a key belongs to one request of one token', async () => {
  const first = await create('mine', issueText('Mine'));
  const other = await create('mine', issueText('Not mine'));
  expect([other.status, other.json.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  const send = await api.call('POST', `/issues/${first.json.id}/send`, {
    body: {},
    headers: { 'idempotency-key': 'mine' },
  });
  expect(send.json.code).toBe('IDEMPOTENCY_KEY_REUSED');
  const elsewhere = await create('mine', issueText('Mine'), await api.tokenWith(['issues:write']));
  expect(elsewhere.status).toBe(201);
  expect(elsewhere.json.id).not.toBe(first.json.id);
  for (const key of ['x'.repeat(256), 'a b', '']) expect((await create(key, 'x')).status, key).toBe(400);
});

test('a refusal is an answer too; what is broken here is not', async () => {
  const draft = (await create('bad-draft', 'Hello {{nmae}}!\n')).json;
  const send = (key: string) =>
    api.call('POST', `/issues/${draft.id}/send`, { body: {}, headers: { 'idempotency-key': key } });
  const refused = await send('refused');
  expect(refused.status).toBe(422);
  await api.call('PUT', `/issues/${draft.id}/source`, { body: { source: issueText('Repaired') } });
  const replayed = await send('refused');
  expect([replayed.status, replayed.text, replayed.headers.get('content-type')]).toEqual([
    422,
    refused.text,
    'application/problem+json',
  ]);
  await api.services.sql`alter table leases rename to gone`;
  const broken = await send('broken');
  await api.services.sql`alter table gone rename to leases`;
  expect(broken.status).toBe(500);
  expect((await send('broken')).status).toBe(202);
});

test('a try that died is taken up by the next, which finds what it made', async () => {
  const { sql } = api.services;
  const source = issueText('Died');
  const made = await create('died', source);
  const before = await issues();
  // As if the process had ended between the issue and its answer.
  await sql`update api_answers set status = null, body = null, location = null where key = 'died'`;
  expect((await create('died', source)).status).toBe(409);
  await sql`update api_answers set started_at = now() - interval '2 minutes' where key = 'died'`;
  const again = await create('died', source);
  expect([again.status, again.json.id]).toEqual([201, made.json.id]);
  expect(await issues()).toBe(before);
});

test('after a day a key is new, and what is old goes with use', async () => {
  const { sql } = api.services;
  const first = await create('daily', issueText('Daily'));
  await create('yesterday', issueText('Yesterday'));
  await sql`update api_answers set started_at = now() - interval '25 hours' where key in ('daily', 'yesterday')`;
  const next = await create('daily', issueText('Another day'));
  expect(next.status).toBe(201);
  expect(next.json.id).not.toBe(first.json.id);
  const left = await sql<{ key: string }[]>`select key from api_answers where key in ('daily', 'yesterday')`;
  expect(left.map(row => row.key)).toEqual(['daily']);
});

test('drafts without a key are drafts each, with slugs of their own, also at once', async () => {
  const source = issueText('Same name').replace('---\n', '---\nslug: same-name\n');
  const replies = await Promise.all(
    Array.from({ length: 8 }, () => api.call('POST', '/publications/keyed/issues', { body: { source } })),
  );
  expect(replies.map(each => each.json.slug).toSorted()).toEqual(
    ['same-name', ...Array.from({ length: 7 }, (_, i) => `same-name-${i + 2}`)].toSorted(),
  );
});
