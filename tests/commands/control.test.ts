/** The editor's control as commands: correct, the closing ledger, sending again, rehearsing. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { broadsheet } from '../support/cli.ts';
import { audience, publicationOf } from '../support/fixtures.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { openServices, type Services } from '../support/services.ts';

/** A dozen processes one after the other, on whatever else the machine does. */
const patience = 240_000;

let services: Services;
let relay: Relay;
let folder: string;
let env: Record<string, string>;

const source = (words: string) => `---
subject: 시험 호
slug: spring
---
안녕하세요, {{name|독자}}님!

[링크](https://example.org/${words}) ${words}
`;

beforeAll(async () => {
  relay = await startRelay();
  services = await openServices({ SMTP_URL: relay.url });
  env = services.env;
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-control-'));
  for (const name of ['first', 'second', 'erratum'])
    await writeFile(
      join(folder, `${name}.md`),
      source(name).replace('slug: spring', name === 'erratum' ? '' : 'slug: spring'),
    );
  await writeFile(join(folder, 'other.md'), source('other').replace('spring', 'autumn'));
  await audience(
    services,
    ['a@example.net', 'b@gmail.com', 'c@gmail.com', 'd@example.net'],
    publicationOf({ slug: 'control', law: [] }),
  );
});
afterAll(async () => {
  await services.close();
  await relay.close();
  await rm(folder, { recursive: true, force: true });
});

const run = (...args: string[]) => broadsheet([...args, '--json'], env);
const file = (name: string) => join(folder, `${name}.md`);

test(
  'a rehearsal tells duration, sizes, lanes and how long the real send will take',
  async () => {
    const { json, code, stderr } = await run('send', file('first'), '--publication', 'control', '--rehearse');
    expect(json, stderr).toMatchObject({
      issue: 'spring-rehearsal',
      state: 'sent',
      accepted: 4,
      rehearsal: {
        messages: 4,
        lanes: [
          { lane: 'google', readers: 2, accepted: 2, errors: 0 },
          { lane: 'other', readers: 2, accepted: 2, errors: 0 },
        ],
        errors: [],
        html: { limit: 102_000 },
      },
      forecast: { assumed: { pace: 'measured', processes: 1, connectionsPerProcess: 10, relayPerSecond: null } },
    });
    expect(code).toBe(0);
    const { sizes, html, bytes } = json.rehearsal;
    expect(sizes.smallest).toBeGreaterThan(html.largest / 2);
    expect(sizes.largest).toBeGreaterThanOrEqual(sizes.mean);
    expect(sizes.mean).toBe(Math.round(bytes / 4));
    expect(html.largest).toBeGreaterThan(1000);
    expect(json.forecast.lanes.map((lane: { lane: string }) => lane.lane).sort()).toEqual(['google', 'other']);
    expect(relay.arrived).toHaveLength(0);
    // Nothing measured: said so.
    const { json: alone } = await broadsheet(
      ['send', file('first'), '--publication', 'control', '--rehearse', '--json'],
      { ...env, SMTP_URL: '' },
    );
    expect(alone.forecast.assumed).toMatchObject({ pace: 'assumed', secondsPerMessage: 0.3 });
    // Two readers each: others over ten connections, Google's over five.
    expect(alone.forecast.seconds).toBeGreaterThan(0);
  },
  patience,
);

test(
  'send, correct with an erratum, look at the remainder, send again',
  async () => {
    relay.script.rcpt = to => (to === 'b@gmail.com' ? '550 5.1.1 no such user' : '250 ok');
    relay.script.done = message => (message.to === 'c@gmail.com' ? 'drop' : '250 ok');
    const sent = await run('send', file('first'), '--publication', 'control', '--wait');
    expect(sent.json, sent.stderr).toMatchObject({
      issue: 'spring',
      state: 'sent',
      accepted: 2,
      rejected: 1,
      unknown: 1,
    });

    const twice = await run('send', file('second'), '--publication', 'control');
    expect([twice.code, twice.json.error.code]).toEqual([1, 'ISSUE_ALREADY_SENT']);
    expect(twice.json.error.help).toContain('broadsheet correct spring');

    const wrong = await run('correct', 'spring', file('other'));
    expect([wrong.code, wrong.json.error.code]).toEqual([2, 'USAGE']);
    const same = await run('correct', 'spring', file('first'));
    expect([same.code, same.json.error.code]).toEqual([1, 'ISSUE_UNCHANGED']);
    const corrected = await run('correct', 'spring', file('second'), '--note', '둘째 판', '--erratum', file('erratum'));
    expect(corrected.json, corrected.stderr).toEqual({
      issue: 'spring',
      revision: 2,
      state: 'sent',
      sentBefore: 3,
      unsent: 0,
      erratum: 'spring-erratum',
    });
    const [row] = await services.sql`
    select v.edition->'links' as links, v.note from issues i join revisions v on v.id = i.revision_id where i.slug = 'spring'`;
    expect(row!.note).toBe('둘째 판');
    expect(row!.links.map((link: { ref: number; url: string }) => [link.ref, link.url])).toEqual([
      [1, 'https://example.org/first'],
      [2, 'https://example.org/second'],
    ]);

    const remainder = await run('resend', 'spring');
    expect(remainder.json.remainder).toEqual([
      { state: 'rejected', reason: 'hard-bounce', n: 1, resend: 'no', why: 'hard-bounce' },
      { state: 'unknown', reason: expect.any(String), n: 1, resend: 'asks' },
    ]);
    const missing = await broadsheet(['ledger', 'spring', '--missing', '--revisions'], env);
    expect(missing.stdout).toMatch(
      /^email,state,attempts,reply,reason,updated_at,revision\nb@gmail\.com,rejected,1,550 5\.1\.1 no such user,hard-bounce,[^,]*,1\nc@gmail\.com,unknown,1,,[^,]*,[^,]*,1\n$/,
    );
    const unsure = await run('resend', 'spring', '--state', 'unknown');
    expect([unsure.code, unsure.json.error]).toEqual([
      1,
      expect.objectContaining({ code: 'RESEND_UNSURE', message: '1 readers of spring may have it already' }),
    ]);
    expect((await run('resend', 'spring', '--state', 'accepted')).code).toBe(2);
    const again = await run('resend', 'spring', '--state', 'unknown', '--state', 'rejected', '--yes');
    expect(again.json, again.stderr).toEqual({
      issue: 'spring',
      queued: { unknown: 1 },
      leftOut: { 'hard-bounce': 1 },
      stopped: false,
    });
    const nobody = await broadsheet(['resend', 'spring', '--state', 'expired'], env);
    expect([nobody.code, nobody.stdout]).toEqual([0, 'Issue spring: nobody to send to again; left out none.\n']);
    expect((await run('status', 'spring')).json).toMatchObject({ state: 'sending', queued: 1 });
    const human = await broadsheet(['status', 'spring'], env);
    expect(human.stdout).toMatch(/Revision 1 of .*: 2 readers\n {2}Revision 2 of .*: 0 readers; 둘째 판/);
  },
  patience,
);
