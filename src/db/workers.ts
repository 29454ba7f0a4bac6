/** Processes at work. */
import { hostname } from 'node:os';
import { type Doing, doingSchema } from '../model/doing.ts';
import type { Sql } from './client.ts';

/** A process that gave no sign of life for this long is taken for dead; heartbeats come every two seconds. */
export const silentMs = 15_000;

/** Writes or renews this process's heartbeat. @param doing null: its role does nothing that is told */
export async function heartbeat(sql: Sql, id: string, role: string, doing: Doing | null = null): Promise<void> {
  const told = doing && sql.json(doing as never);
  await sql`
    insert into workers (id, role, host, pid, doing) values (${id}, ${role}, ${hostname()}, ${process.pid}, ${told})
    on conflict (id) do update set seen_at = now(), doing = excluded.doing`;
}

export interface WorkerRow {
  id: string;
  role: string;
  host: string;
  pid: number;
  startedAt: Date;
  seenAt: Date;
  isAlive: boolean;
  doing: Doing | null;
}

/** Processes that did not end in order are listed for an hour. */
const listed = 1000;

/** All processes, by role, host and start. What another version says of itself is left out where it cannot be read. */
export async function listWorkers(sql: Sql): Promise<WorkerRow[]> {
  const rows = await sql<(WorkerRow & { doing: unknown })[]>`
    select id, role, host, pid, started_at, seen_at, seen_at > now() - ${silentMs}::int * interval '1 millisecond' as is_alive, doing
    from workers where seen_at > now() - interval '1 hour' order by role, host, started_at, id limit ${listed}`;
  return rows.map(row => ({ ...row, doing: doingSchema.nullable().catch(null).parse(row.doing) }));
}

/** A process that ended in order has nothing in flight. */
export async function removeWorker(sql: Sql, id: string): Promise<void> {
  await sql`delete from workers where id = ${id}`;
}

/** How many processes of this role gave a sign of life lately. */
export async function countWorkers(sql: Sql, role: string, withinMs = silentMs): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*) as n from workers where role = ${role} and seen_at > now() - ${withinMs}::int * interval '1 millisecond'`;
  return row!.n;
}

/** A process's place among the living ones of its role: 0 ≤ place < count. */
export interface Place {
  place: number;
  count: number;
}

/** @returns place 0 of 1 when it is the only one, or not listed yet */
export async function placeOf(sql: Sql, id: string, role: string): Promise<Place> {
  const [row] = await sql<Place[]>`
    select count(*) filter (where id < ${id}) as place, greatest(1, count(*)) as count from workers
    where role = ${role} and (id = ${id} or seen_at > now() - ${silentMs}::int * interval '1 millisecond')`;
  return row!;
}

/** Takes or renews a lease for ten seconds. @returns false: another process holds it */
export async function takeLease(sql: Sql, name: string, holder: string): Promise<boolean> {
  const rows = await sql`
    insert into leases (name, holder, until) values (${name}, ${holder}, now() + interval '10 seconds')
    on conflict (name) do update set holder = excluded.holder, until = excluded.until
    where leases.until < now() or leases.holder = excluded.holder
    returning 1`;
  return rows.length > 0;
}

/** Ends a lease before its time. */
export async function endLease(sql: Sql, name: string, holder: string): Promise<void> {
  await sql`delete from leases where name = ${name} and holder = ${holder}`;
}

export async function forgetOldWorkers(sql: Sql): Promise<void> {
  await sql`delete from workers w where seen_at < now() - interval '1 day'
    and not exists (select from recipients r where r.worker_id = w.id and r.state = 'sending')`;
}
