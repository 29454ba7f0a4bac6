/**
 * The accounting as pages show it, again and again while an issue goes out. It never reads the ledger: how fast it goes is told by two looks,
 * not by looking for the rows of the last seconds, of which there is no index (a million rows take half a second).
 */
import { countStates } from '../db/accounting.ts';
import type { Sql } from '../db/client.ts';
import type { IssueRow } from '../db/issues.ts';
import { type Accounting, accountOf } from './status.ts';

/** Looks that are kept: the rate is that since the oldest of them. */
const windowMs = 15_000;
/** Two looks closer together tell nothing. */
const leastMs = 1500;
const mostIssues = 200;
const mostLooks = 30;

interface Look {
  /** Milliseconds, of a clock that does not jump. */
  at: number;
  accepted: number;
}

/** By database: tests have several in one process. */
const looks = new WeakMap<Sql, Map<number, Look[]>>();

/** As `status`, but for `rate`: since the looks of the last seconds; with none, since the issue began. */
export async function glance(sql: Sql, issue: Pick<IssueRow, 'id'>, now = performance.now()): Promise<Accounting> {
  const { row, counts } = await countStates(sql, issue.id);
  const accepted = counts.reduce((n, one) => n + (one.state === 'accepted' ? one.n : 0), 0);
  const known = row.state === 'sending' ? remember(sql, issue.id, { at: now, accepted }) : undefined;
  const rate = known ? since(known, accepted, now) : undefined;
  return accountOf(sql, issue, row, counts, rate ?? accepted / Math.max(1, row.runningSeconds ?? 1));
}

/** @returns the oldest look of the window, this one when there is none */
function remember(sql: Sql, issueId: number, look: Look): Look {
  const all = looks.get(sql) ?? new Map<number, Look[]>();
  looks.set(sql, all);
  const recent = (all.get(issueId) ?? []).filter(one => one.at > look.at - windowMs);
  const last = recent.at(-1);
  // The newest that is there stays when many look at once: then the window still reaches back.
  if (!last || look.at - last.at >= windowMs / mostLooks) recent.push(look);
  all.delete(issueId);
  all.set(issueId, recent);
  if (all.size > mostIssues) all.delete(all.keys().next().value!);
  return recent[0]!;
}

/** Messages a second; undefined: too soon to tell. Never negative: a bounce takes an accepted row back. */
function since(look: Look, accepted: number, now: number): number | undefined {
  const ms = now - look.at;
  return ms < leastMs ? undefined : Math.max(0, ((accepted - look.accepted) * 1000) / ms);
}
