/** Corrections while an issue goes out and after: who got which text, and who gets the erratum. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { unplannedIssues } from '../../src/db/issues.ts';
import { readLedger } from '../../src/db/ledger.ts';
import { currentRevision, listRevisions } from '../../src/db/revisions.ts';
import { control, requireIssue } from '../../src/enqueue/control.ts';
import { type Correcting, correct } from '../../src/enqueue/correct.ts';
import { planAndQueue } from '../../src/enqueue/plan.ts';
import { status } from '../../src/track/status.ts';
import { editionOf, emptyIssue, submitIssue } from '../support/fixtures.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { type Sending, startSending } from '../support/sending.ts';
import { openServices, type Services } from '../support/services.ts';

let services: Services;
let relay: Relay;
let sending: Sending | undefined;

beforeAll(async () => {
  services = await openServices();
});
afterAll(() => services.close());
beforeEach(async () => {
  relay = await startRelay();
});
afterEach(async () => {
  sending?.close();
  await relay.close();
});

const readers = (n: number) => Array.from({ length: n }, (_, i) => `reader${i}@example.net`);
const text = (words: string) => ({
  source: words,
  issue: emptyIssue,
  edition: editionOf({ text: [`${words}\n`], html: [`<html><body><p>${words}</p></body></html>`] }),
});
const started = async (n: number, connections = 1) => {
  sending = await startSending(services, relay, readers(n), { connections, submit: text('the first text') });
  return sending;
};

async function correctTo(issueId: number, words: string, more: Partial<Correcting> = {}) {
  const issue = await requireIssue(services.sql, String(issueId));
  const current = await currentRevision(services.sql, issueId);
  return correct(services, { issue, current, corrected: text(words), note: null, erratum: undefined, ...more });
}

/** Who got which words, by address. */
const gotten = (words: string) => relay.accepted.filter(({ raw }) => raw.includes(words)).map(({ to }) => to);

async function ledger(issueId: number) {
  const lines = [];
  for await (const page of readLedger(services.sql, issueId)) lines.push(...page);
  return lines.map(({ email, state, revision }) => [email, state, revision]);
}

/** As if the claims' time since the correction had passed. */
const later = (issueId: number, erratumId: number) => services.sql`
  with old as (update revisions set created_at = created_at - interval '1 minute' where issue_id = ${issueId})
  update issues set created_at = created_at - interval '1 minute' where id = ${erratumId}`;

test('an edit in the middle of a send: copies that have not left carry it, and the ledger says who has which', async () => {
  const { issueId, deliver } = await started(8);
  let result: Awaited<ReturnType<typeof correct>> | undefined;
  relay.script.done = async () => {
    if (relay.arrived.length === 3) result = await correctTo(issueId, 'the second text', { note: 'a wrong number' });
    return '250 ok';
  };
  expect(await deliver()).toMatchObject({ state: 'sent', audience: 8, accepted: 8 });
  // The third was in the relay's hands.
  expect(result).toMatchObject({ revision: 2, sentBefore: 3, unsent: 5 });
  const all = readers(8);
  expect(gotten('the first text')).toEqual(all.slice(0, 3));
  expect(gotten('the second text')).toEqual(all.slice(3));
  expect(await ledger(issueId)).toEqual(all.map((address, at) => [address, 'accepted', at < 3 ? 1 : 2]));
  expect(await listRevisions(services.sql, issueId)).toMatchObject([
    { number: 1, note: null, readers: 3 },
    { number: 2, note: 'a wrong number', readers: 5 },
  ]);
});

test('an erratum goes to those who have the old text, once, and to nobody else', async () => {
  const { issueId, deliver, subscriberIds } = await started(6);
  const erratum = text('we were wrong');
  let second = '';
  relay.script.done = async () => {
    if (relay.arrived.length === 3)
      second = (await correctTo(issueId, 'the second text', { erratum })).erratum!.id.toString();
    return '250 ok';
  };
  await deliver();
  const id = Number(second);
  expect(await requireIssue(services.sql, second)).toMatchObject({ kind: 'erratum', slug: 'issue-1-erratum' });
  // Of the three who have it, one unsubscribed since.
  await services.sql`update subscriptions set state = 'unsubscribed' where subscriber_id = ${subscriberIds[1]!}`;
  expect(await unplannedIssues(services.sql)).toContain(id);
  await Promise.all([planAndQueue(services, id), planAndQueue(services, id)]);
  expect(await deliver(id)).toMatchObject({ state: 'sent', audience: 2, accepted: 2 });
  expect(gotten('we were wrong')).toEqual(['reader0@example.net', 'reader2@example.net']);
  // The same erratum again is refused, and what was done changes nothing.
  await expect(correctTo(issueId, 'the second text', { erratum })).rejects.toMatchObject({
    code: 'ISSUE_ALREADY_SENT',
  });
  await planAndQueue(services, id);
  await deliver(id);
  expect(gotten('we were wrong')).toHaveLength(2);
  // Its text does not stand in the way of an issue of the same words, and it is in no archive.
  const [row] = await services.sql`select count(*) as n from issues where corrects = ${issueId}`;
  expect(row!.n).toBe(1);
});

test('an erratum waits until it is known who has the old text', async () => {
  const { issueId, deliver } = await started(3);
  let erratumId = 0;
  let planned: number[] = [];
  relay.script.done = async () => {
    if (relay.arrived.length === 2) {
      erratumId = (await correctTo(issueId, 'the second text', { erratum: text('wrong') })).erratum!.id;
      await later(issueId, erratumId);
      // The second reader's copy is in the relay's hands.
      planned = await unplannedIssues(services.sql);
      await control(services, String(issueId), 'pause');
    }
    return '250 ok';
  };
  await deliver();
  expect(planned).not.toContain(erratumId);
  expect(await unplannedIssues(services.sql)).toContain(erratumId);
  // A claim that took the old text just before may come to light a moment later.
  await services.sql`update issues set created_at = now() where id = ${erratumId}`;
  expect(await unplannedIssues(services.sql)).not.toContain(erratumId);
  await later(issueId, erratumId);
  await services.sql`update revisions set created_at = now() - interval '1 hour' where issue_id = ${issueId}`;
  await planAndQueue(services, erratumId);
  await deliver(erratumId);
  expect(gotten('wrong')).toEqual(['reader0@example.net', 'reader1@example.net']);
  await control(services, String(issueId), 'cancel');
});

test('an erratum can be written later, with the corrected text as it is', async () => {
  const { issueId, deliver } = await started(2);
  await deliver();
  await expect(correctTo(issueId, 'the first text')).rejects.toMatchObject({ code: 'ISSUE_UNCHANGED' });
  await expect(correctTo(issueId, 'the first text', { erratum: text('x') })).rejects.toMatchObject({
    code: 'ISSUE_UNCHANGED',
  });
  expect(await correctTo(issueId, 'the second text')).toMatchObject({ revision: 2, sentBefore: 2, unsent: 0 });
  const { erratum, revision } = await correctTo(issueId, 'the second text\r\n', { erratum: text('sorry') });
  expect(revision).toBe(2);
  await planAndQueue(services, erratum!.id);
  expect(await deliver(erratum!.id)).toMatchObject({ audience: 2, accepted: 2 });
  expect((await listRevisions(services.sql, issueId)).length).toBe(2);
});

test('a retry of a deferred reader takes the correction; its Message-ID stays', async () => {
  const { issueId, deliver } = await started(1);
  relay.script.done = () => (relay.arrived.length === 1 ? '451 4.3.0 later' : '250 ok');
  await deliver();
  await correctTo(issueId, 'the second text');
  await services.sql`update recipients set state = 'queued' where issue_id = ${issueId}`;
  expect(await deliver()).toMatchObject({ state: 'sent', accepted: 1 });
  const ids = relay.arrived.map(({ raw }) => /^Message-ID: (.*)$/m.exec(raw)![1]);
  expect(ids[0]).toBe(ids[1]);
  expect(relay.arrived.map(({ raw }) => /the (first|second) text/.exec(raw)![1])).toEqual(['first', 'second']);
});

test('two corrections of one revision: one is stored, the other told', async () => {
  const { issueId } = await started(1);
  const current = await currentRevision(services.sql, issueId);
  const done = await Promise.allSettled(['b', 'c', 'd'].map(words => correctTo(issueId, words, { current })));
  expect(done.filter(one => one.status === 'fulfilled')).toHaveLength(1);
  for (const one of done) if (one.status === 'rejected') expect(one.reason.code).toBe('ISSUE_CORRECTED');
  expect((await listRevisions(services.sql, issueId)).map(one => one.number)).toEqual([1, 2]);
});

test('what is cancelled, tried or rehearsed is not corrected; an erratum needs somebody who has the issue', async () => {
  const { issueId, publicationId, subscriberIds } = await started(1);
  const refused = async (id: number, code: string, more: Partial<Correcting> = {}) => {
    const before = await requireIssue(services.sql, String(id));
    await expect(correctTo(id, 'another text', more)).rejects.toMatchObject({ code });
    expect(await requireIssue(services.sql, String(id))).toEqual(before);
  };
  const trial = await submitIssue(services, publicationId, { testReaders: [subscriberIds[0]!] });
  await refused(trial.id, 'ISSUE_STATE');
  const rehearsal = await submitIssue(services, publicationId, { rehearsalRelay: 'smtp://127.0.0.1:1' });
  await refused(rehearsal.id, 'ISSUE_STATE');
  const planned = await submitIssue(services, publicationId, { at: new Date(Date.now() + 3_600_000) });
  await refused(planned.id, 'USAGE', { erratum: text('too early') });
  expect(await correctTo(planned.id, 'in time')).toMatchObject({ revision: 2, sentBefore: 0, unsent: 1 });
  await control(services, String(issueId), 'cancel');
  await refused(issueId, 'ISSUE_STATE');
  expect((await status(services.sql, planned)).state).toBe('scheduled');
});
