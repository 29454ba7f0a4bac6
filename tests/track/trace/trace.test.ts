/** Rule 4.2 over a labelled trace: machines are told from people, and where they are not, it is known. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../../src/http/server.ts';
import { readReport } from '../../../src/track/report.ts';
import { openServices, type Services } from '../../support/services.ts';
import { acceptAll, type SentIssue, sendIssue } from '../support.ts';
import { type Replayed, replay, traceLinks, traceNetwork, traceReaders } from './replay.ts';

let services: Services;
let sent: SentIssue;
let replayed: Replayed;
beforeAll(async () => {
  services = await openServices({ MACHINE_NETWORKS: traceNetwork });
  const links = Array.from({ length: traceLinks }, (_, i) => ({
    ref: i + 1,
    url: `https://example.org/${i}`,
    section: 's',
    label: `${i}`,
  }));
  sent = await sendIssue(services, { readers: traceReaders, links });
  await acceptAll(services.sql, sent.issueId, sent.subscriberIds, 0);
  replayed = await replay({ ...services, app: await createApp(services), ...sent });
}, 120_000);
afterAll(() => services.close());

test('clicks: precision and recall of “machine” are 0.95 or more', () => {
  const { precision, recall, counts } = replayed.clicks;
  expect(counts.machine.machine).toBeGreaterThan(300);
  expect(counts.person.person).toBeGreaterThan(300);
  expect(precision).toBeGreaterThanOrEqual(0.95);
  expect(recall).toBeGreaterThanOrEqual(0.95);
});

test('every signal tells something that no other does in this trace', () => {
  expect(Object.keys(replayed.clicks.reasons).sort()).toEqual([
    'agent',
    'crowd',
    'head',
    'instant',
    'network',
    'prefetch',
    'sweep',
    'trap',
  ]);
});

test('what is judged wrongly is what is known to be', () => {
  expect(Object.keys(replayed.clicks.wrong).sort()).toEqual([
    'Proofpoint, one link in a real browser twelve seconds later: not told apart',
    'five links into tabs in nine seconds: taken for a machine',
  ]);
});

test('likes: only pressing is liking, and the program that pressed is not counted', async () => {
  const { counts, precision, recall } = replayed.likes;
  expect([precision, recall]).toEqual([1, 1]);
  expect(await readReport(services.sql, sent.issueId)).toMatchObject({
    likes: counts.person.person,
    pressed: counts.person.person + counts.machine.machine,
  });
});
