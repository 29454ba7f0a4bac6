/** What logs tell and what they do not: a send through real processes at debug level, with everything that may go wrong with a reader. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { putPublication } from '../../src/db/publications.ts';
import { background, broadsheet } from '../support/cli.ts';
import { publicationOf } from '../support/fixtures.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { openServices, type Services } from '../support/services.ts';

const patience = 240_000;
const people = [
  ['quillfeather@good.example', 'Wilhelmina Quill'],
  ['brandywick@good.example', '브랜디윅'],
  ['oldmarsh.one@gone.example', 'Oldmarsh'],
  ['slowpenny@gmail.com', 'Penny Ashgrove'],
  ['grimsby-late@later.example', 'Grimsby'],
  ['bouncewell@back.example', 'Bouncewell'],
  ['leavemore@good.example', 'Leavemore'],
] as const;
const [good, , gone, slow, later, bounces, leaves] = people.map(([address]) => address);
/** Never taken in. */
const wrong = 'wrongfoot@@nowhere';

let services: Services;
let relay: Relay;
let folder: string;

beforeAll(async () => {
  relay = await startRelay({
    // Servers repeat the address, or the part before the @ alone.
    rcpt: to => {
      const local = to.slice(0, to.indexOf('@'));
      if (to === gone) return `550 5.1.1 <${to}>: user ${local} unknown`;
      if (to === slow) return `421 4.7.28 ${local} gets too much mail, <${to}>`;
      return to === later ? `450 4.2.0 ${to} (${local.toUpperCase()}) is greylisted` : '250 2.1.5 ok';
    },
    done: ({ to }) => `250 2.0.0 queued for ${to} as ${to.split('@')[0]}`,
  });
  services = await openServices({ SMTP_URL: relay.url, LOG_LEVEL: 'debug', MX_LOOKUP: 'off', PORT: '0' });
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-trail-'));
  await putPublication(services.sql, publicationOf({ slug: 'trail', law: [], tracking: { clicks: true } }));
});
afterAll(async () => {
  await services.close();
  await relay.close();
  await rm(folder, { recursive: true, force: true });
});

const mailTo = (to: string) => relay.accepted.find(mail => mail.to === to)!;

test(
  'one id follows a message through all processes, and no address, local part or name is in logs, figures or Redis',
  async () => {
    const { env, queues } = services;
    const redis = new Redis(env.REDIS_URL!);
    const monitor = await redis.monitor();
    const commands: string[] = [];
    monitor.on('monitor', (_time: string, args: string[]) => commands.push(args.join(' ')));
    const logs: string[] = [];
    const run = async (...args: string[]) => {
      const ran = await broadsheet([...args, '--json'], env);
      logs.push(ran.stderr);
      return ran;
    };

    const csv = join(folder, 'readers.csv');
    await writeFile(csv, `email,name\n${people.map(person => person.join(',')).join('\n')}\n${wrong},Wrongfoot\n`);
    expect((await run('import', csv, '--publication', 'trail')).json).toMatchObject({ imported: 7, rejectedTotal: 1 });
    const work = await background(['work'], env, /at work/);
    const serve = await background(['serve'], env, /answers at/);
    const base = /http:\/\/127\.0\.0\.1:\d+/.exec(serve.output)![0];
    const issue = join(folder, 'issue.md');
    await writeFile(issue, '---\nsubject: 자취\n---\n{{name|독자}}님, [링크](https://example.org/a) 하나.\n');
    const sent = await run('send', issue, '--publication', 'trail');
    await vi.waitFor(
      async () => {
        const { json } = await run('status', sent.json.issue);
        expect(json).toMatchObject({ accepted: 4, rejected: 1, deferred: 2 });
      },
      { timeout: 60_000, interval: 500 },
    );

    // Heartbeats tell of it.
    const { json } = await run('workers');
    const deliver = json.workers.find((each: { role: string }) => each.role === 'deliver-batch');
    expect(deliver).toMatchObject({ isAlive: true, pid: expect.any(Number), host: expect.any(String) });
    await vi.waitFor(
      async () => {
        const beat = (await run('workers')).json.workers.find(
          (each: { role: string }) => each.role === 'deliver-batch',
        );
        expect(beat.doing.perSecond).toBeGreaterThan(0);
        expect(beat.doing.lanes.map((each: { lane: string }) => each.lane).sort()).toEqual(['google', 'other']);
        const google = beat.doing.lanes.find((each: { lane: string }) => each.lane === 'google');
        expect(google).toMatchObject({ perSecond: expect.any(Number), slowed: { holdSeconds: expect.any(Number) } });
      },
      { timeout: 20_000, interval: 500 },
    );

    // One leaves by one click, one comes back, one follows a link.
    const leaveAt = /^List-Unsubscribe: <https:\/\/news\.example\.org([^>]+)>/m.exec(mailTo(leaves!).raw)![1];
    const form = { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) };
    expect((await fetch(base + leaveAt, form)).status).toBe(200);
    const returnPath = mailTo(bounces!).from;
    const report = join(folder, 'report.eml');
    await writeFile(report, reportOf(bounces!, returnPath));
    expect((await run('bounces', report)).code).toBe(0);
    const [row] = await services.sql<{ id: number }[]>`select id from issues`;
    const readers = await services.sql<{ id: number; email: string }[]>`select id, email from subscribers`;
    const idOf = (address: string) => readers.find(reader => reader.email === address)!.id;
    const token = services.tokens.bytes({ purpose: 'click', issueId: row!.id, subscriberId: idOf(good!), ref: 1 });
    const link = `/r/${token.toString('base64url')}`;
    expect((await fetch(base + link, { redirect: 'manual' })).status).toBe(302);
    const metrics = await (await fetch(`${base}/metrics`)).text();
    expect(metrics).toContain('broadsheet_outcomes_total');

    const keys = await queues.redis.keys(`${env.QUEUE_PREFIX}*`);
    const kept = await Promise.all(keys.map(key => storedAt(services, key)));
    await Promise.all([work.stop(), serve.stop()]);
    monitor.disconnect();
    redis.disconnect();
    const told = {
      logs: [...logs, work.output, serve.output].join('\n'),
      metrics,
      redis: [...kept, ...commands].join('\n'),
    };

    const lines = told.logs.split('\n').flatMap(line => {
      try {
        return [JSON.parse(line) as { message?: string; msg: string; name: string }];
      } catch {
        return [];
      }
    });
    const trailOf = (address: string) => {
      const id = `${row!.id}-${idOf(address)}`;
      return lines.filter(line => line.message === id).map(line => line.msg);
    };
    const out = ['message goes to the relay', 'message answered'];
    expect(trailOf(bounces!).sort()).toEqual([...out, 'message came back'].sort());
    expect(trailOf(leaves!).sort()).toEqual([...out, 'reader left'].sort());
    expect(trailOf(good!).sort()).toEqual([...out, 'link followed'].sort());
    expect(trailOf(gone!)).toEqual(out);
    expect(lines.map(line => line.msg)).toContain('lane slowed down');
    // The search can find: what is looked for was there to be told.
    expect(commands.length).toBeGreaterThan(50);
    const secrets = [
      ...people.flatMap(([address, name]) => [address, address.split('@')[0]!, ...name.split(' ')]),
      wrong,
    ];
    secrets.push('wrongfoot');
    for (const [where, content] of Object.entries(told))
      for (const secret of secrets)
        expect(content.toLowerCase().includes(secret.toLowerCase()), `${secret} in ${where}`).toBe(false);
  },
  patience,
);

async function storedAt({ queues: { redis } }: Services, key: string): Promise<string> {
  const type = await redis.type(key);
  if (type === 'hash') return JSON.stringify([key, await redis.hgetall(key)]);
  if (type === 'list') return JSON.stringify([key, await redis.lrange(key, '0', '-1')]);
  if (type === 'set') return JSON.stringify([key, await redis.smembers(key)]);
  if (type === 'zset') return JSON.stringify([key, await redis.zrange(key, '0', '-1')]);
  if (type === 'stream') return JSON.stringify([key, await redis.xrange(key, '-', '+')]);
  return JSON.stringify([key, String(await redis.get(key))]);
}

function reportOf(to: string, returnPath: string): string {
  return `From: MAILER-DAEMON@back.example
To: ${returnPath}
Subject: Undelivered Mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

<${to}>: mailbox is full
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; back.example

Final-Recipient: rfc822; ${to}
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 ${to} mailbox full

--b--
`.replaceAll('\n', '\r\n');
}
