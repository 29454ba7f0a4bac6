/** The restore, rehearsed: a send is half done when the backup is made, goes on, and the machine is lost. */
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { background, broadsheet } from '../support/cli.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { type Sending, startSending } from '../support/sending.ts';
import { openServices, type Services } from '../support/services.ts';

const patience = 240_000;
const readers = Array.from({ length: 30 }, (_, i) => `reader${i}@example.net`);
const inHand = 11;

let services: Services;
let relay: Relay;
let sending: Sending;
let folder: string;

beforeAll(async () => {
  relay = await startRelay();
  services = await openServices({ SMTP_URL: relay.url });
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-backup-'));
});
afterAll(async () => {
  sending?.close();
  await services.close();
  await relay.close();
  await rm(folder, { recursive: true, force: true });
});

const messageIds = (to: string) =>
  relay.arrived.filter(mail => mail.to === to).map(mail => /^Message-ID: (.*)\r$/m.exec(mail.raw)?.[1]);

test(
  'after a restore into a fresh cluster nothing leaves by itself, and a decision goes on',
  async () => {
    // Half done: one connection, so readers go in order; the twelfth message is in the relay's hands while the backup is made.
    const backedUp = signal();
    const reached = signal();
    relay.script.done = async () => {
      if (relay.arrived.length === inHand + 1) {
        reached.give();
        await backedUp.given;
      }
      return '250 2.0.0 queued';
    };
    sending = await startSending(services, relay, readers, { connections: 1 });
    const delivering = sending.deliver();
    await reached.given;
    const file = join(folder, 'half.gz');
    const made = await broadsheet(['backup', '--out', file, '--json'], services.env);
    expect(made.code, made.stderr).toBe(0);
    expect(made.json.tables).toContainEqual({ table: 'recipients', rows: 30 });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    // It goes on after the backup, to the end; then all is lost.
    backedUp.give();
    expect(await delivering).toMatchObject({ state: 'sent', accepted: 30 });
    expect(relay.arrived).toHaveLength(30);

    const { DATABASE_URL: _database, REDIS_URL: _redis, ...rest } = services.env;
    const env = { ...rest, DATA_DIR: join(folder, 'new-machine') };
    const restored = await broadsheet(['restore', file, '--json'], env);
    expect(restored.code, restored.stderr).toBe(0);
    expect(restored.json).toMatchObject({
      rows: made.json.rows,
      held: [{ slug: sending.slug, was: 'sending' }],
      unknown: 1,
      differs: [],
    });

    const work = await startWorkers(env);
    try {
      const held = await broadsheet(['status', sending.slug, '--json'], env);
      expect(held.json).toMatchObject({
        state: 'held',
        reason: `restored from a backup of ${made.json.madeAt}: what left after it is not known`,
        accepted: inHand,
        unknown: 1,
        queued: 30 - inHand - 1,
        sending: 0,
      });
      const doctor = await broadsheet(['doctor', '--json'], env);
      const states = doctor.json.findings.map((f: { check: string; state: string }) => `${f.check} ${f.state}`);
      expect(states).toEqual(expect.arrayContaining(['Version ok', 'Durability ok', 'Server ok', 'Persistence ok']));
      // Another issue goes through the same workers from first to last, and nothing of the held one beside it.
      const other = join(folder, 'other.md');
      await writeFile(other, '---\nsubject: 다른 호\n---\n안녕하세요.\n');
      const sent = await broadsheet(
        ['send', other, '--publication', sending.publication, '--test', 'editor@example.org', '--wait', '--json'],
        env,
      );
      expect(sent.json, sent.stderr).toMatchObject({ state: 'sent', accepted: 1 });
      expect(relay.arrived).toHaveLength(31);

      // The decision.
      expect((await broadsheet(['resume', sending.slug, '--json'], env)).code).toBe(0);
      await broadsheet(['status', sending.slug, '--watch'], env);
      const end = await broadsheet(['status', sending.slug, '--json'], env);
      expect(end.json).toMatchObject({ state: 'sent', accepted: 29, unknown: 1, queued: 0 });
      expect(messageIds(readers[inHand]!)).toHaveLength(1);
      const twice = messageIds(readers[inHand + 1]!);
      expect(twice).toHaveLength(2);
      expect(twice[0]).toBe(twice[1]);
    } finally {
      await work.stop();
    }
  },
  patience,
);

function signal(): { given: Promise<void>; give(): void } {
  let give = () => {};
  const given = new Promise<void>(resolve => {
    give = resolve;
  });
  return { given, give };
}

/** Workers of the new machine, all at work. */
async function startWorkers(env: Record<string, string>) {
  return background(['work'], { ...env, LOG_LEVEL: 'error' }, /at work/);
}
