/** Processes at work. */
import { hostname } from 'node:os';
import type { Sql } from './client.ts';

/** Writes or renews this process's heartbeat. */
export async function heartbeat(sql: Sql, id: string, role: string): Promise<void> {
  await sql`
    insert into workers (id, role, host, pid) values (${id}, ${role}, ${hostname()}, ${process.pid})
    on conflict (id) do update set seen_at = now()`;
}

/** A process that ended in order has nothing in flight. */
export async function removeWorker(sql: Sql, id: string): Promise<void> {
  await sql`delete from workers where id = ${id}`;
}

/** How many processes of this role gave a sign of life lately. */
export async function countWorkers(sql: Sql, role: string, silentMs: number): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*) as n from workers where role = ${role} and seen_at > now() - ${silentMs}::int * interval '1 millisecond'`;
  return row!.n;
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

export async function forgetOldWorkers(sql: Sql): Promise<void> {
  await sql`delete from workers w where seen_at < now() - interval '1 day'
    and not exists (select from recipients r where r.worker_id = w.id and r.state = 'sending')`;
}
