/** The looks: each tells what is wrong now of some kinds of trouble, or fails when it cannot look. */
import { statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import { heldIssues, noteMarked, type Standing, standing, unknownShares, wasMarked } from '../db/troubles.ts';
import { disabledWebhooks, listeningWebhooks } from '../db/webhooks.ts';
import { countWorkers, silentMs } from '../db/workers.ts';
import { slowedLanes } from '../deliver/rates.ts';
import { relayTroubles } from '../deliver/troubles.ts';
import { BroadsheetError, messageOf } from '../errors.ts';
import { withoutAddresses } from '../log.ts';
import { checkRedis } from '../queue/redis.ts';
import type { Wiring } from '../wiring.ts';
import type { AlertKind, Trouble } from './kinds.ts';

export type CheckDeps = Pick<Wiring, 'sql' | 'queues' | 'config'>;

export interface Check {
  kinds: readonly AlertKind[];
  look: () => Promise<Trouble[]>;
}

/** From where on something is trouble. */
export interface Limits {
  stalledMs: number;
  slowedMs: number;
  queueMs: number;
  /** Of an issue's audience, 0 to 1. */
  unknownShare: number;
  /** Free space of the disk: below this share, and below so many bytes. */
  freeShare: number;
  freeBytes: number;
}

export const usualLimits: Limits = {
  stalledMs: 600_000,
  slowedMs: 900_000,
  queueMs: 600_000,
  unknownShare: 0.01,
  freeShare: 0.1,
  freeBytes: 20 * 2 ** 30,
};

const minutes = (ms: number) => Math.round(ms / 60_000);
const clipped = (words: string) => withoutAddresses(words).slice(0, 300);

export function checksOf(deps: CheckDeps, limits: Limits = usualLimits): Check[] {
  return [...issueChecks(deps, limits), ...sendingChecks(deps, limits), ...serverChecks(deps, limits)];
}

function issueChecks({ sql }: CheckDeps, limits: Limits): Check[] {
  const still = new Stillness();
  return [
    {
      kinds: ['issue-held'],
      look: async () =>
        (await heldIssues(sql)).map(({ id, slug, reason }) => ({
          kind: 'issue-held',
          subject: String(id),
          detail: { issue: slug, reason: clipped(reason ?? '–') },
        })),
    },
    {
      kinds: ['unknown-rows'],
      look: async () =>
        (await unknownShares(sql, limits.unknownShare)).map(({ id, slug, rows, audience }) => ({
          kind: 'unknown-rows',
          subject: String(id),
          detail: { issue: slug, rows, audience },
        })),
    },
    {
      kinds: ['issue-stalled'],
      look: async () =>
        still.of(await standing(sql, limits.stalledMs), limits.stalledMs).map(({ id, slug, stillMs }) => ({
          kind: 'issue-stalled',
          subject: String(id),
          detail: { issue: slug, minutes: minutes(stillMs) },
        })),
    },
  ];
}

/** Remembers since when an issue's queue begins where it begins. As many issues as are being sent. */
class Stillness {
  #known = new Map<number, { heads: string; since: number }>();

  of(issues: readonly Standing[], stalledMs: number): { id: number; slug: string; stillMs: number }[] {
    const now = performance.now();
    const before = this.#known;
    this.#known = new Map();
    return issues.flatMap(({ id, slug, planned, goingMs, waiting, moving, heads }) => {
      if (!planned) return goingMs >= stalledMs ? [{ id, slug, stillMs: goingMs }] : [];
      if (!waiting || moving) return [];
      const last = before.get(id);
      const since = last?.heads === heads ? last.since : now;
      this.#known.set(id, { heads, since });
      // What has just been resumed has its time anew.
      const stillMs = Math.min(now - since, goingMs);
      return stillMs >= stalledMs ? [{ id, slug, stillMs }] : [];
    });
  }
}

/** What each process is started as, by what it is called in the heartbeats. */
const names: Record<string, string> = {
  'plan-issue': 'plan',
  'deliver-batch': 'deliver',
  'record-events': 'events',
  tick: 'tick',
  'send-webhooks': 'webhooks',
  intake: 'intake',
};

function sendingChecks({ sql, queues, config }: CheckDeps, limits: Limits): Check[] {
  return [
    {
      kinds: ['lane-slowed'],
      look: async () =>
        (await slowedLanes(queues.redis, config.queuePrefix))
          .filter(({ since }) => Date.now() - since.getTime() >= limits.slowedMs)
          .map(({ relay, lane, since, reply }) => ({
            kind: 'lane-slowed',
            subject: `${relay} ${lane}`,
            detail: { lane, minutes: minutes(Date.now() - since.getTime()), reply: clipped(reply) },
          })),
    },
    {
      kinds: ['relay-trouble'],
      look: async () =>
        (await relayTroubles(queues.redis, config.queuePrefix, config.smtpUrls)).map(({ relay, trouble }) => ({
          kind: 'relay-trouble',
          subject: relay,
          detail: { relay, words: clipped(trouble) },
        })),
    },
    {
      kinds: ['no-worker'],
      look: async () => {
        const roles = ['plan-issue', 'deliver-batch', 'record-events', 'tick'];
        if ((await listeningWebhooks(sql)).length > 0) roles.push('send-webhooks');
        if (config.intake.listen || config.intake.imap) roles.push('intake');
        const counts = await Promise.all(roles.map(role => countWorkers(sql, role)));
        return roles
          .filter((_, i) => counts[i] === 0)
          .map(role => ({
            kind: 'no-worker',
            subject: role,
            detail: { role, name: names[role]!, seconds: silentMs / 1000 },
          }));
      },
    },
    {
      kinds: ['queue-age'],
      look: async () =>
        (await queues.oldestWaiting())
          .filter(({ waitedMs }) => waitedMs >= limits.queueMs)
          .map(({ queue, waitedMs }) => ({
            kind: 'queue-age',
            subject: queue,
            detail: { queue, minutes: minutes(waitedMs) },
          })),
    },
    {
      kinds: ['webhook-disabled'],
      look: async () =>
        (await disabledWebhooks(sql)).map(({ id, host, reason }) => ({
          kind: 'webhook-disabled',
          subject: String(id),
          detail: { id, host, reason },
        })),
    },
  ];
}

function serverChecks({ sql, queues, config }: CheckDeps, limits: Limits): Check[] {
  const { redis } = queues;
  return [
    {
      kinds: ['redis-away'],
      look: () =>
        redis.ping().then(
          () => [],
          error => [{ kind: 'redis-away', subject: '', detail: { error: clipped(messageOf(error)) } }],
        ),
    },
    {
      kinds: ['redis-settings'],
      look: async () => {
        const policy = await checkRedis(redis).then(
          () => undefined,
          error => {
            if (error instanceof BroadsheetError && error.code === 'REDIS_UNSAFE')
              return error.message.split(' ').at(-1)!;
            throw error;
          },
        );
        const isKept = /aof_enabled:1/.test(await redis.info('persistence'));
        return [
          ...(policy ? [setting('maxmemory-policy', policy, 'noeviction')] : []),
          ...(isKept ? [] : [setting('appendonly', 'no', 'yes')]),
        ];
      },
    },
    {
      kinds: ['redis-emptied'],
      look: async () => {
        const key = `${config.queuePrefix}:mark`;
        if (await redis.get(key)) return [];
        const isEmptied = await wasMarked(sql);
        // Seen once: the mark is there again, and a while later the matter is over. A crash here forgets one warning.
        await redis.set(key, '1');
        await noteMarked(sql);
        return isEmptied ? [{ kind: 'redis-emptied', subject: '', detail: {} }] : [];
      },
    },
    {
      kinds: ['disk-full'],
      look: async () => {
        // Of this host, whichever looks.
        const { bavail, blocks, bsize } = await statfs(config.dataDir);
        const [free, all] = [bavail * bsize, blocks * bsize];
        if (free >= all * limits.freeShare || free >= limits.freeBytes) return [];
        const detail = {
          host: hostname(),
          percent: Math.round(100 - (100 * free) / all),
          freeMb: Math.round(free / 2 ** 20),
        };
        return [{ kind: 'disk-full', subject: hostname(), detail }];
      },
    },
  ];
}

function setting(name: string, value: string, wanted: string): Trouble {
  return { kind: 'redis-settings', subject: name, detail: { setting: name, value, wanted } };
}
