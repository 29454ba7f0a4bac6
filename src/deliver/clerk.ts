/**
 * The clerk writes results and claims rows for all connections of a process, in groups: while one statement is under way, what the
 * connections ask for gathers for the next. A connection gets its next row only with the commit of its last result, so rows whose fate
 * Postgres does not know are never more than the connections open.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from '../db/client.ts';
import { type Claim, exchange, type Result, releaseOrphans } from '../db/recipients.ts';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';

/** A claimed row and when its claim was asked for (`performance.now()`): the fence against a process that stood still. */
export type HeldClaim = Claim & { claimedAt: number };

/**
 * A statement whose connection broke may still commit in the server a moment later; for this long after a failure, rows that it claimed
 * unseen are looked for and put back.
 */
const sweepMs = 60_000;

interface Request {
  batchId: number | undefined;
  result: Result | undefined;
  resolve: (claim: HeldClaim | undefined) => void;
}

export class Clerk {
  readonly #sql: Sql;
  readonly #workerId: string;
  readonly #log: Logger;
  #pending: Request[] = [];
  #busy = false;
  #held = new Set<string>();
  /** By `performance.now()`. */
  #sweepUntil = Number.NEGATIVE_INFINITY;

  constructor(sql: Sql, workerId: string, log: Logger) {
    this.#sql = sql;
    this.#workerId = workerId;
    this.#log = log;
  }

  /**
   * Records a result, if any, and claims a row of the batch, if any is asked for and left.
   * Waits as long as Postgres is away; resolves only after the commit.
   */
  exchange(batchId: number | undefined, result: Result | undefined): Promise<HeldClaim | undefined> {
    return new Promise(resolve => {
      this.#pending.push({ batchId, result, resolve });
      if (!this.#busy) {
        this.#busy = true;
        // What arrives in the same turn of the event loop shares the first statement too.
        setImmediate(() => this.#run());
      }
    });
  }

  async #run(): Promise<void> {
    while (this.#pending.length > 0) await this.#settle(this.#pending.splice(0));
    this.#busy = false;
  }

  async #settle(requests: Request[]): Promise<void> {
    const results = requests.flatMap(request => request.result ?? []);
    const counts = new Map<number, number>();
    for (const { batchId } of requests) if (batchId !== undefined) counts.set(batchId, (counts.get(batchId) ?? 0) + 1);
    const wanted = [...counts].map(([batchId, count]) => ({ batchId, count }));
    const claimedAt = performance.now();
    const claims = await this.#persist(results, wanted);
    for (const { claim } of results) this.#held.delete(claim);
    const byBatch = groupByBatch(claims);
    for (const claim of claims) if (claim.state === 'sending') this.#held.add(claim.claim);
    for (const request of requests) {
      const claim = request.batchId === undefined ? undefined : byBatch.get(request.batchId)?.shift();
      request.resolve(claim && { ...claim, claimedAt });
    }
  }

  /** Tries until Postgres has it. A statement whose answer was lost may have claimed rows: they are put back before the next try. */
  async #persist(results: Result[], wanted: { batchId: number; count: number }[]): Promise<Claim[]> {
    for (let failures = 0; ; failures++) {
      try {
        if (failures > 0 || performance.now() < this.#sweepUntil)
          await releaseOrphans(this.#sql, this.#workerId, [...this.#held]);
        const claims = await exchange(this.#sql, this.#workerId, results, wanted);
        if (failures > 0) this.#sweepOn();
        return claims;
      } catch (error) {
        if (isOfData(error) && results.some(result => result.reply !== null || result.reason !== null)) {
          this.#log.error(
            { error: messageOf(error), results: results.length },
            'results cannot be stored with their words',
          );
          results = results.map(result => ({ ...result, reply: null, reason: knownReason(result) }));
          continue;
        }
        this.#log.warn({ error: messageOf(error), waiting: results.length }, 'results not written; trying again');
        await sleep(Math.min(100 * 2 ** Math.min(failures, 5), 2000));
      }
    }
  }

  /** After an outage, once: goes on looking for late claims, also when nothing else is to be recorded. */
  #sweepOn(): void {
    this.#sweepUntil = performance.now() + sweepMs;
    for (const afterMs of [sweepMs / 6, sweepMs - 1000])
      setTimeout(() => this.exchange(undefined, undefined), afterMs).unref();
  }
}

/** Refused by Postgres for what it holds (SQLSTATE classes 22 and 23), so trying again would never end, and hold up all connections. */
function isOfData(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code));
}

/** Codes that the breaker and the closing ledger go by; words are left out. */
function knownReason({ state, reason }: Result): string | null {
  return state === 'rejected' && reason && /^[a-z-]{1,20}$/.test(reason) ? reason : null;
}

function groupByBatch(claims: Claim[]): Map<number, Claim[]> {
  const groups = new Map<number, Claim[]>();
  for (const claim of claims) {
    const group = groups.get(claim.batchId);
    if (group) group.push(claim);
    else groups.set(claim.batchId, [claim]);
  }
  return groups;
}
