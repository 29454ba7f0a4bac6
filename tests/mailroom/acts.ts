/** What is played in the room: a send with all that comes back, a block of everybody, and its mending. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  byMailauth,
  byOpendkim,
  type Check,
  fromOutside,
  inLedger,
  inMaildirs,
  ledgerOf,
  suppressed,
} from './checks.ts';
import type { Reader } from './readers.ts';
import { publicationSlug, type Room, writeIssue } from './room.ts';

const deadlineMs = 150_000;
const block = '550 5.7.1 Service unavailable; client [127.0.0.1] blocked using bl.mailroom.test';

export async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${deadlineMs / 1000} s`);
    await sleep(200);
  }
}

async function send(room: Room, slug: string): Promise<void> {
  await room.run('send', await writeIssue(room.folder, slug), '--publication', publicationSlug);
}

async function stateOf({ wiring }: Room, slug: string): Promise<{ state: string; reason: string | null }> {
  const [row] = await wiring.sql<{ state: string; reason: string | null }[]>`
    select state, reason from issues where slug = ${slug}`;
  return row!;
}

/** Ends when the ledger is closed and Postfix' queue empty. Who was put off need not wait for minutes. */
async function untilAllSaid(room: Room, slug: string): Promise<void> {
  const { sql } = room.wiring;
  await until('the issue is sent', async () => {
    await sql`update recipients r set next_attempt_at = now() from issues i
      where i.id = r.issue_id and i.slug = ${slug} and r.state = 'deferred' and next_attempt_at > now()`;
    return (await stateOf(room, slug)).state === 'sent';
  });
  await until('Postfix has said all', async () => (await room.postfix.queued()) === 0);
}

export interface Act {
  what: string;
  seconds: number;
  checks: Check[];
}

/** Every message arrives or comes back, and what comes back is understood. */
export async function firstIssue(room: Room): Promise<Act> {
  const { readers, policy } = room;
  const startedAt = performance.now();
  await send(room, 'first');
  await untilAllSaid(room, 'first');
  const seconds = (performance.now() - startedAt) / 1000;
  const arrived = readers.filter(({ kind }) => kind.copies === 1);
  const greylisted = readers.filter(({ kind }) => kind.isGreylisted);
  return {
    what: 'an issue to everybody',
    seconds,
    checks: [
      await inMaildirs(room, readers, ({ kind }) => kind.copies),
      await byMailauth(room, arrived),
      await byOpendkim(room, arrived.slice(0, 30)),
      await inLedger(room, 'first', readers),
      await suppressed(room, readers),
      {
        what: 'greylisted (450), then accepted',
        looked: greylisted.length,
        problems: policy.putOff === greylisted.length ? [] : [`${policy.putOff} were put off`],
      },
      await fromOutside(room, readers),
      await bouncesSeen(room),
    ],
  };
}

/** Postfix' log is the other half of the record: as many notices as came back, and none that the intake would not take. */
async function bouncesSeen({ postfix, readers }: Room): Promise<Check> {
  const log = await postfix.log();
  const count = (pattern: RegExp) => (log.match(pattern) ?? []).length;
  const bounced = readers.filter(({ kind }) => kind.state === 'accepted' && kind.event !== null).length;
  const delayed = readers.filter(({ kind }) => kind.isDelayed).length;
  const notices = count(/sender non-delivery notification: /g);
  const delays = count(/sender delay notification: /g);
  const lost = count(/postmaster non-delivery notification: |double-bounce@[^>]*>, .*status=bounced/g);
  return {
    what: `notices by Postfix: ${notices} of non-delivery, ${delays} of delay; all taken by the intake`,
    looked: notices + delays,
    problems: [
      ...(notices === bounced ? [] : [`${notices} notices for ${bounced} bounces`]),
      ...(delays >= delayed ? [] : [`${delays} notices for ${delayed} that were delayed`]),
      ...(lost === 0 ? [] : [`${lost} notices were refused`]),
    ],
  };
}

/** Postfix refuses whatever we send: it is about us. Nobody is suppressed, and the issue waits for a person. */
export async function blockedIssue(room: Room): Promise<Act> {
  const { policy, readers } = room;
  const startedAt = performance.now();
  policy.block = block;
  await send(room, 'second');
  await until('the issue is held', async () => (await stateOf(room, 'second')).state === 'held');
  const seconds = (performance.now() - startedAt) / 1000;
  await until('nothing is under way', async () => {
    const ledger = await ledgerOf(room, 'second');
    return ![...ledger.values()].some(({ state }) => state === 'sending');
  });
  const { reason } = await stateOf(room, 'second');
  const ledger = [...(await ledgerOf(room, 'second')).values()].filter(({ state }) => state !== 'excluded');
  const refused = ledger.filter(({ state }) => state === 'rejected');
  const waiting = ledger.filter(({ state }) => state === 'queued');
  return {
    what: `all refused: ${block}`,
    seconds,
    checks: [
      {
        what: `held: ${reason}`,
        looked: 1,
        problems: reason?.includes('5.7.1') && reason.includes('blocked using') ? [] : [`its reason: ${reason}`],
      },
      {
        what: `refused before it was held; the other ${waiting.length} wait`,
        looked: refused.length,
        problems: [
          ...refused.filter(row => row.reason !== 'blocked').map(row => `${row.email}: ${row.reason}`),
          ...(refused.length + waiting.length === ledger.length ? [] : ['some are neither refused nor waiting']),
          ...(waiting.length > 0 ? [] : ['nobody is left: it was held too late']),
        ],
      },
      await suppressed(room, readers),
    ],
  };
}

/** The block is gone: `resume`, then `resend` to those refused. Everybody has it once. */
export async function mendedIssue(room: Room): Promise<Act> {
  const { policy, readers } = room;
  const startedAt = performance.now();
  policy.block = undefined;
  await room.run('resume', 'second');
  await room.run('resend', 'second', '--state', 'rejected');
  await untilAllSaid(room, 'second');
  const seconds = (performance.now() - startedAt) / 1000;
  const arrived = readers.filter(({ kind }) => kind.copies === 1);
  const copies = ({ kind }: Reader) => 2 * kind.copies;
  const ledger = await ledgerOf(room, 'second');
  return {
    what: 'the block is lifted: resume, resend to those refused',
    seconds,
    checks: [
      {
        what: 'ledger: the suppressed are left out, all others accepted',
        looked: readers.length,
        problems: readers.flatMap(({ address, kind }) => {
          const state = ledger.get(address)?.state;
          // Those whom the first issue suppressed are not in the second's audience, or are left out of it.
          const isRight = kind.isSuppressed ? state === undefined || state === 'excluded' : state === 'accepted';
          return isRight ? [] : [`${address}: ${state}`];
        }),
      },
      await inMaildirs(room, readers, copies),
      await byMailauth(room, arrived),
      await suppressed(room, readers),
    ],
  };
}
