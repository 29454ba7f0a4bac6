/** Answers kept under an Idempotency-Key: the first try claims the key, every later one gets its answer. */
import type { Sql } from './client.ts';

/** A try that has not ended by then died; the same request may be tried again. Longer than any handler takes. */
const deadSeconds = 60;
const keptHours = 24;
/** Old answers removed by each claim, so that the table stays as large as a day's use. */
const sweptAtOnce = 100;

export interface StoredAnswer {
  status: number;
  location: string | null;
  body: string;
}

/** `run`: this try is the first, or the first after one that died. */
export type Claimed = { run: string; requestId: string } | 'other-request' | 'running' | StoredAnswer;

/**
 * Claims a key. Guarantees: of any number of tries at once, one runs.
 * @param digest of the request
 */
export async function claimAnswer(sql: Sql, tokenId: number, key: string, digest: Buffer): Promise<Claimed> {
  const isOver = sql`a.started_at < now() - ${keptHours}::int * interval '1 hour'`;
  const isDead = sql`a.status is null and a.started_at < now() - ${deadSeconds}::int * interval '1 second' and a.digest = ${digest}`;
  const [won] = await sql<{ run: string; requestId: string }[]>`
    with swept as (
      delete from api_answers a where (token_id, key) in (
        select token_id, key from api_answers a
        where ${isOver} and not (token_id = ${tokenId} and key = ${key})
        order by started_at limit ${sweptAtOnce} for update skip locked)
    )
    insert into api_answers as a (token_id, key, digest, run) values (${tokenId}, ${key}, ${digest}, gen_random_uuid())
    on conflict (token_id, key) do update set
      digest = excluded.digest, run = excluded.run, started_at = now(), status = null, location = null, body = null,
      request_id = case when ${isOver} then excluded.request_id else a.request_id end
    where ${isOver} or (${isDead})
    returning run, request_id`;
  if (won) return won;
  const [row] = await sql<{ digest: Buffer; status: number | null; location: string | null; body: string | null }[]>`
    select digest, status, location, body from api_answers where token_id = ${tokenId} and key = ${key}`;
  // Given up by the first in between: the client asks again.
  if (!row) return 'running';
  if (!Buffer.from(row.digest).equals(digest)) return 'other-request';
  if (row.status === null) return 'running';
  return { status: row.status, location: row.location, body: row.body ?? '' };
}

export async function storeAnswer(sql: Sql, run: string, key: [number, string], answer: StoredAnswer): Promise<void> {
  await sql`
    update api_answers set status = ${answer.status}, location = ${answer.location}, body = ${answer.body}
    where token_id = ${key[0]} and key = ${key[1]} and run = ${run}`;
}

/** Nothing was done: the next try is the first. */
export async function dropClaim(sql: Sql, run: string, key: [number, string]): Promise<void> {
  await sql`delete from api_answers where token_id = ${key[0]} and key = ${key[1]} and run = ${run} and status is null`;
}
