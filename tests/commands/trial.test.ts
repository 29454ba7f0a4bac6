/** Local times and trials by the command line, with workers of its own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requireIssue } from '../../src/enqueue/control.ts';
import { status } from '../../src/track/status.ts';
import { background, broadsheet } from '../support/cli.ts';
import { audience, publicationOf } from '../support/fixtures.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { openServices, type Services } from '../support/services.ts';

const patience = 240_000;

let services: Services;
let relay: Relay;
let folder: string;

beforeAll(async () => {
  relay = await startRelay();
  services = await openServices({ SMTP_URL: relay.url });
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-trial-'));
  for (const name of ['trial', 'corrected', 'morning'])
    await writeFile(
      join(folder, `${name}.md`),
      `---\nsubject: 시험 호\nslug: ${name === 'corrected' ? 'trial' : name}\n---\n안녕하세요, {{name|독자}}님! ${name}\n`,
    );
  const addresses = Array.from({ length: 20 }, (_, i) => `r${i}@example.net`);
  await audience(services, addresses, publicationOf({ slug: 'tried', law: [] }));
});
afterAll(async () => {
  await services.close();
  await relay.close();
  await rm(folder, { recursive: true, force: true });
});

const run = (...args: string[]) => broadsheet([...args, '--json'], services.env);
const send = (name: string, ...more: string[]) =>
  run('send', join(folder, `${name}.md`), '--publication', 'tried', ...more);
const subjectsTaken = () =>
  relay.accepted
    .map(({ raw }) => /^Subject: (.*)\r$/m.exec(raw)![1]!)
    .reduce<Record<string, number>>((counts, subject) => {
      counts[subject] = (counts[subject] ?? 0) + 1;
      return counts;
    }, {});

/** As `status` tells it, without a process for each look. */
async function accounting() {
  const issue = await requireIssue(services.sql, 'trial');
  return status(services.sql, issue);
}

test(
  'a trial from the send to the end: its part, a correction, the choice, the rest',
  async () => {
    for (const wrong of [
      ['--subject', 'One'],
      ['--trial-share', '20'],
      ['--subject', 'A', '--subject', 'B', '--trial-hours', '30'],
    ])
      expect(await send('trial', ...wrong)).toMatchObject({ code: 2, json: { error: { code: 'USAGE' } } });
    const both = await send('trial', '--subject', 'A', '--subject', 'B', '--local-time', '08:00');
    expect(both).toMatchObject({ code: 2, json: { error: { code: 'USAGE' } } });

    const sent = await send(
      'trial',
      '--subject',
      'One',
      '--subject',
      'For {{name|you}}',
      '--trial-share',
      '20',
      '--trial-hours',
      '4',
    );
    expect(sent.json, sent.stderr).toEqual({ issue: 'trial', state: 'sending' });
    const workers = await background(['work'], services.env, /./);
    try {
      await expect
        .poll(accounting, { timeout: patience, interval: 200 })
        .toMatchObject({ state: 'sending', accepted: 4, deferred: 16 });
      expect((await run('status', 'trial')).json).toMatchObject({
        waiting: { for: 'trial', readers: 16 },
        trial: { share: 20 },
      });
      expect(subjectsTaken()).toEqual({ One: 2, 'For you': 2 });
      const plain = await broadsheet(['status', 'trial'], services.env);
      expect(plain.stdout).toContain('16 waiting for the trial');
      expect(plain.stdout).toContain('broadsheet choose trial N');
      expect((await run('correct', 'trial', join(folder, 'corrected.md'))).json).toMatchObject({
        revision: 2,
        sentBefore: 4,
        unsent: 16,
      });
      expect((await run('choose', 'trial', '3')).code).toBe(2);
      expect((await run('choose', 'trial', '2')).json).toMatchObject({ trial: { chosen: 2, chosenBy: 'editor' } });
      await expect
        .poll(accounting, { timeout: patience, interval: 200 })
        .toMatchObject({ state: 'sent', accepted: 20 });
    } finally {
      await workers.stop();
    }
    expect(subjectsTaken()).toEqual({ One: 2, 'For you': 18 });
    expect(new Set(relay.accepted.map(({ to }) => to)).size).toBe(20);
    const { json } = await run('report', 'trial');
    expect(json.trial).toMatchObject({
      chosen: 2,
      variants: [
        { sent: 2, accepted: 2 },
        { sent: 2, accepted: 2 },
      ],
    });
    const shown = await broadsheet(['report', 'trial'], services.env);
    expect(shown.stdout).toContain('subject 2 was chosen');
  },
  patience,
);

test(
  'a time of each reader’s own day: a time that is none is refused, a day ahead is scheduled for its first place on earth',
  async () => {
    expect(await send('morning', '--local-time', '8 am')).toMatchObject({
      code: 2,
      json: { error: { code: 'USAGE' } },
    });
    expect(await send('morning', '--local-time', '08:00', '--at', '2020-01-01')).toMatchObject({ code: 2 });
    const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    const sent = await send('morning', '--local-time', '08:00', '--at', day);
    expect(sent.json, sent.stderr).toEqual({ issue: 'morning', state: 'scheduled' });
    const [row] =
      await services.sql`select scheduled_at, local_minutes, local_day::text from issues where slug = 'morning'`;
    expect(row).toMatchObject({
      scheduledAt: new Date(Date.parse(`${day}T08:00Z`) - 14 * 3_600_000),
      localMinutes: 480,
      localDay: day,
    });
  },
  patience,
);
