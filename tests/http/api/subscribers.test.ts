import { afterAll, beforeAll, expect, test } from 'vitest';
import { importBatch } from '../../../src/db/subscribers.ts';
import { parseAddress } from '../../../src/subscribers/address.ts';
import { type Api, openApi, publicationBody } from './support.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
  await api.call('PUT', '/publications/people', { body: publicationBody('people') });
});
afterAll(() => api.close());

const consent = { source: 'shop checkout', at: '2026-01-02T03:04:05+09:00', wording: 'Yes, send me the weekly.' };
const enrol = (body: Record<string, unknown>) => api.call('POST', '/publications/people/subscribers', { body });
const stateOf = (reply: { json: { subscriptions: { state: string }[] } }) => reply.json.subscriptions[0]?.state;

test('who comes in without consent waits; active needs source, time and wording', async () => {
  const first = await enrol({ email: 'Kim@Example.net', name: 'Kim', attributes: { city: 'Seoul' } });
  expect([first.status, stateOf(first)]).toEqual([201, 'pending']);
  expect(first.headers.get('location')).toBe(`/api/v1/subscribers/${first.json.id}`);
  for (const [more, pointer] of [
    [{ state: 'active' }, '#/consent'],
    [{ state: 'active', consent: { source: 'x', at: consent.at } }, '#/consent/wording'],
    [{ state: 'active', consent: { ...consent, at: '2999-01-01T00:00:00Z' } }, '#/consent/at'],
    [{ state: 'unsubscribed' }, '#/state'],
    [{ attributes: { shoe: '44' } }, '#/attributes/shoe'],
    [{ email: 'nobody' }, '#/email'],
    [{ name: 'a\nb' }, '#/name'],
  ] as const) {
    const reply = await enrol({ email: 'kim@example.net', ...more });
    expect([reply.status, reply.json.errors?.[0]?.pointer], pointer).toEqual([422, pointer]);
  }
  const active = await enrol({ email: 'kim@example.net', state: 'active', consent, attributes: { tags: 'vip' } });
  expect([active.status, active.json.id, stateOf(active)]).toEqual([200, first.json.id, 'active']);
  expect(active.json).toMatchObject({
    name: 'Kim',
    attributes: { city: 'Seoul', tags: 'vip' },
    subscriptions: [{ source: 'api', evidence: { ...consent, at: '2026-01-01T18:04:05.000Z', from: 'api' } }],
  });
  await enrol({ email: 'kim@example.net', state: 'active', consent });
  const agreed = await api.services.sql`
    select kind, given, wording, source, at from consents where subscriber_id = ${first.json.id}`;
  expect(agreed).toEqual([
    { kind: 'subscription', given: true, wording: consent.wording, source: 'api', at: new Date(consent.at) },
  ]);
  // Nobody active becomes pending again.
  expect(stateOf(await enrol({ email: 'kim@example.net' }))).toBe('active');
});

test('twenty equal requests at once make one person', async () => {
  const replies = await Promise.all(Array.from({ length: 20 }, () => enrol({ email: 'many@example.net' })));
  expect(new Set(replies.map(each => each.json.id)).size).toBe(1);
  expect(replies.filter(each => each.status === 201)).toHaveLength(1);
});

test('who left comes back with newer consent only', async () => {
  const { id } = (await enrol({ email: 'left@example.net', state: 'active', consent })).json;
  const path = `/publications/people/subscribers/${id}/unsubscribe`;
  const left = await api.call('POST', path);
  expect(stateOf(left)).toBe('unsubscribed');
  expect((await api.call('POST', path)).json).toEqual(left.json);
  expect(stateOf(await enrol({ email: 'left@example.net' }))).toBe('unsubscribed');
  expect(stateOf(await enrol({ email: 'left@example.net', state: 'active', consent }))).toBe('unsubscribed');
  const anew = { ...consent, at: new Date(Date.now() + 1000).toISOString() };
  expect(stateOf(await enrol({ email: 'left@example.net', state: 'active', consent: anew }))).toBe('active');
});

test('people are found by id and, in a body, by address', async () => {
  const { id } = (await enrol({ email: 'find@example.net' })).json;
  const byId = await api.call('GET', `/subscribers/${id}`);
  const byAddress = await api.call('POST', '/subscribers/lookup', { body: { email: ' FIND@example.net' } });
  expect(byAddress.json).toEqual(byId.json);
  expect((await api.call('POST', '/subscribers/lookup', { body: { email: 'none@example.net' } })).json.code).toBe(
    'SUBSCRIBER_UNKNOWN',
  );
  expect((await api.call('POST', '/publications/people/subscribers/99999/unsubscribe')).status).toBe(404);
});

test('a deleted person stays away, from the API and from imports, until their suppression is removed', async () => {
  const { sql, hasher } = api.services;
  const { id } = (await enrol({ email: 'gone@example.net', state: 'active', consent })).json;
  expect((await api.call('DELETE', `/subscribers/${id}`)).status).toBe(204);
  expect((await api.call('DELETE', `/subscribers/${id}`)).status).toBe(404);
  expect(await sql`select from subscribers where email_key = 'gone@example.net'`).toHaveLength(0);
  const refused = await enrol({ email: 'gone@example.net', state: 'active', consent });
  expect([refused.status, refused.json.code]).toEqual([409, 'SUBSCRIBER_SUPPRESSED']);
  const address = parseAddress('gone@example.net');
  if ('problem' in address) throw new Error(address.problem);
  const row = { ...address, name: '', attributes: {}, addressHash: hasher.hash(address.emailKey) };
  const [publication] = await sql<{ id: number }[]>`select id from publications where slug = 'people'`;
  expect(await importBatch(sql, publication!.id, [row])).toMatchObject({ imported: 0, suppressed: 1 });
  const remove = () => api.call('POST', '/suppressions/remove', { body: { email: 'gone@example.net' } });
  expect((await remove()).json).toEqual({ wasSuppressed: true });
  expect((await remove()).json).toEqual({ wasSuppressed: false });
  expect((await enrol({ email: 'gone@example.net' })).status).toBe(201);
});

test('an address can be suppressed whoever has it; the first reason stays', async () => {
  const suppress = (reason: string) =>
    api.call('POST', '/suppressions', { body: { email: 'find@example.net', reason } });
  expect((await suppress('asked-by-phone')).json).toEqual({ isNew: true });
  expect((await suppress('other')).json).toEqual({ isNew: false });
  expect((await api.call('POST', '/subscribers/lookup', { body: { email: 'find@example.net' } })).json.suppressed).toBe(
    'asked-by-phone',
  );
});

test('no address is in a kept answer, a URL of the document, or a problem', async () => {
  const { sql } = api.services;
  await api.call('POST', '/publications/people/subscribers', {
    body: { email: 'private@example.net' },
    headers: { 'idempotency-key': 'k' },
  });
  expect(await sql`select from api_answers`).toHaveLength(0);
  const wrong = await enrol({ email: 'private@@example.net' });
  expect(wrong.text).not.toContain('private');
});

test('who becomes pending is asked once to confirm, in the publication’s language, with the wording given', async () => {
  const { sql, tokens } = api.services;
  const [publication] = await sql<{ id: number }[]>`select id from publications where slug = 'people'`;
  const form = { consent: { ...consent, version: 'checkout form 2' } };
  const replies = await Promise.all(Array.from({ length: 10 }, () => enrol({ email: 'ask@example.net', ...form })));
  const id: number = replies[0]!.json.id;
  const lettersOf = () => sql<{ kind: string; lang: string; ref: number }[]>`
    select kind, lang, ref from letters where subscriber_id = ${id} order by id`;
  const later = async () => {
    await sql`update signups set asked_at = asked_at - interval '9 days', confirmed_at = confirmed_at - interval '9 days'`;
    await sql`update subscriptions set since = since - interval '9 days' where subscriber_id = ${id}`;
  };
  // A program that brings the same list every night.
  for (let night = 0; night < 3; night++) {
    await later();
    await enrol({ email: 'ask@example.net', name: 'Kim' });
  }
  expect(await lettersOf()).toEqual([{ kind: 'confirm', lang: 'en', ref: 0 }]);

  const press = async (ref: number) => {
    const token = tokens.sign({ purpose: 'confirm', issueId: publication!.id, subscriberId: id, ref });
    const path = api.url.replace('/api/v1', `/r/${token}/confirm`);
    expect(await (await fetch(path)).text()).toContain('Confirm subscription');
    await fetch(path, { method: 'POST', body: new URLSearchParams({ action: 'confirm' }) });
  };
  await press(0);
  expect(stateOf(await enrol({ email: 'ask@example.net' }))).toBe('active');
  const agreed = await sql`
    select wording, version, source from consents where subscriber_id = ${id} and kind = 'subscription' order by id desc limit 1`;
  expect(agreed).toEqual([{ wording: consent.wording, version: 'checkout form 2', source: 'api' }]);
  expect((await lettersOf()).map(letter => letter.kind)).toEqual(['confirm', 'welcome']);

  // Who left is not asked again; with consent given since then they are, once more.
  await api.call('POST', `/publications/people/subscribers/${id}/unsubscribe`);
  await later();
  expect(stateOf(await enrol({ email: 'ask@example.net', ...form }))).toBe('unsubscribed');
  const anew = { ...consent, at: new Date().toISOString() };
  for (let call = 0; call < 2; call++)
    expect(stateOf(await enrol({ email: 'ask@example.net', consent: anew }))).toBe('pending');
  expect((await lettersOf()).map(letter => letter.kind)).toEqual(['confirm', 'welcome', 'confirm']);
  await press((await lettersOf()).at(-1)!.ref);
  expect(stateOf(await enrol({ email: 'ask@example.net' }))).toBe('active');
});

test('a call that died before the letter is made good by the next one', async () => {
  const { sql } = api.services;
  const { id } = (await enrol({ email: 'died@example.net' })).json;
  await sql`delete from letters where subscriber_id = ${id}`;
  await sql`delete from signups where subscriber_id = ${id}`;
  await enrol({ email: 'died@example.net' });
  expect(await sql`select kind from letters where subscriber_id = ${id}`).toEqual([{ kind: 'confirm' }]);
});
