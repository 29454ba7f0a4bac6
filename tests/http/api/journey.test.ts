import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCrew } from '../../../src/commands/processes.ts';
import { type Relay, startRelay } from '../../support/relay.ts';
import { type Api, issueText, openApi, publicationBody } from './support.ts';

let api: Api;
let relay: Relay;
let crew: Awaited<ReturnType<typeof startCrew>>;
beforeAll(async () => {
  relay = await startRelay();
  api = await openApi({ SMTP_URL: relay.url });
  const before = { ...process.env };
  Object.assign(process.env, api.services.env);
  crew = await startCrew(api.services.log);
  for (const name of Object.keys(api.services.env)) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
});
afterAll(async () => {
  await crew.stop();
  await relay.close();
  await api.close();
});

const consent = { source: 'https://example.org/join', at: '2026-01-02T03:04:05Z', wording: 'Send me API Weekly.' };

async function finished(issue: number): Promise<Record<string, unknown>> {
  for (let tries = 0; tries < 300; tries++) {
    const { json } = await api.call('GET', `/issues/${issue}/status`);
    if (json.state === 'sent') return json;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error(`issue ${issue} did not end`);
}

test('from a publication to the report, by the API alone', async () => {
  const made = await api.call('PUT', '/publications/journey', { body: publicationBody('journey') });
  expect([made.status, made.headers.get('location')]).toEqual([201, '/api/v1/publications/journey']);
  const people = ['ada@example.net', 'bob@example.net', 'eve@gmail.com'];
  for (const [i, email] of people.entries()) {
    const body = {
      email,
      name: `Reader ${i}`,
      attributes: { city: i === 2 ? 'Seoul' : 'Busan' },
      state: 'active',
      consent,
    };
    expect((await api.call('POST', '/publications/journey/subscribers', { body })).status).toBe(201);
  }
  expect(
    (await api.call('POST', '/publications/journey/subscribers', { body: { email: 'new@example.net' } })).json,
  ).toMatchObject({
    subscriptions: [{ state: 'pending' }],
  });
  // Who is to confirm is asked to, by the workers.
  await expect.poll(() => relay.accepted.map(each => each.to), { timeout: 20_000 }).toEqual(['new@example.net']);
  expect((await simpleParser(Buffer.from(relay.accepted[0]!.raw, 'latin1'))).html).toMatch(/\/r\/[\w-]{43}\/confirm/);
  relay.accepted.length = 0;
  relay.arrived.length = 0;

  const draft = await api.call('POST', '/publications/journey/issues', { body: { source: 'Hello {{nmae}}!\n' } });
  expect([draft.status, draft.json.state, draft.json.revision]).toEqual([201, 'draft', 1]);
  const { id } = draft.json;
  const bad = await api.call('GET', `/issues/${id}/check`);
  expect(bad.json.isSendable).toBe(false);
  expect(bad.json.problems).toContainEqual(
    expect.objectContaining({ severity: 'error', code: 'unknown-field', line: 1 }),
  );
  const refused = await api.call('POST', `/issues/${id}/send`, { body: {} });
  expect([refused.status, refused.json.code]).toEqual([422, 'ISSUE_REFUSED']);
  expect(refused.json.errors[0].detail).toMatch(/^line 1: /);
  expect((await api.call('POST', `/issues/${id}/test`, { body: { to: ['me@example.org'] } })).json.code).toBe(
    'ISSUE_REFUSED',
  );

  const source = issueText('Journey one');
  const replaced = await api.call('PUT', `/issues/${id}/source`, { body: { source, revision: 1 } });
  expect([replaced.status, replaced.json.title, replaced.json.revision]).toEqual([200, 'Journey one', 2]);
  expect((await api.call('PUT', `/issues/${id}/source`, { body: { source: 'Late.', revision: 1 } })).json.code).toBe(
    'ISSUE_CORRECTED',
  );
  const check = (await api.call('GET', `/issues/${id}/check`)).json;
  expect(check).toMatchObject({ isSendable: true, revision: 2, subject: 'Journey one' });
  expect(check.htmlBytes).toBeGreaterThan(2000);
  expect(check.sections.every((each: { bytes: number }) => each.bytes > 0)).toBe(true);
  const preview = (await api.call('GET', `/issues/${id}/preview`)).json;
  expect(preview.text).toContain('Hello Reader!');
  expect(Buffer.byteLength(preview.html)).toBe(check.htmlBytes);
  expect((await api.call('GET', `/issues/${id}`)).json.source).toBe(source);
  expect(relay.arrived).toHaveLength(0);

  const tried = await api.call('POST', `/issues/${id}/test`, {
    body: { to: ['me@example.org', 'Me@Example.org', 'you@example.org'] },
  });
  expect([tried.status, tried.json.kind]).toEqual([202, 'test']);
  expect(await finished(tried.json.id)).toMatchObject({ audience: 2, accepted: 2 });
  expect(relay.accepted.map(each => each.to).sort()).toEqual(['me@example.org', 'you@example.org']);
  const mail = await simpleParser(Buffer.from(relay.accepted[0]!.raw, 'latin1'));
  expect(mail.subject).toMatch(/^\[.+\] Journey one$/);
  expect(mail.html).toContain('A paper');
  expect(mail.text).toContain('https://example.org/Journeyone');

  const sending = await api.call('POST', `/issues/${id}/send`, { body: {} });
  expect([sending.status, sending.json.state]).toEqual([202, 'sending']);
  expect(await finished(id)).toMatchObject({ audience: 3, accepted: 3, excluded: {} });
  expect(
    relay.accepted
      .slice(2)
      .map(each => each.to)
      .sort(),
  ).toEqual(people);
  expect((await api.call('GET', `/issues/${id}/report`)).json).toMatchObject({ accepted: 3, unsubscribed: 0 });
  const ledger = (await api.call('GET', `/issues/${id}/ledger?state=accepted`)).json;
  expect(ledger.data.map((row: { email: string; revision: number }) => [row.email, row.revision])).toEqual(
    people.map(email => [email, 2]),
  );

  // The same words again are a mistake until somebody says they are not.
  const twin = (await api.call('POST', '/publications/journey/issues', { body: { source } })).json;
  expect((await api.call('POST', `/issues/${twin.id}/send`, { body: {} })).json.code).toBe('ISSUE_ALREADY_SENT');
  await api.call('PUT', '/publications/journey/segments/seoul', {
    body: { name: 'Seoul', rule: { attribute: 'city', is: 'equal', value: 'seoul' } },
  });
  const again = await api.call('POST', `/issues/${twin.id}/send`, { body: { again: true, segment: 'seoul' } });
  expect(again.json).toMatchObject({ state: 'sending', audience: { attribute: 'city' } });
  expect(await finished(twin.id)).toMatchObject({ audience: 1, accepted: 1 });
  expect(relay.accepted.at(-1)!.to).toBe('eve@gmail.com');
}, 120_000);
