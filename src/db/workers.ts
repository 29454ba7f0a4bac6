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

export async function forgetOldWorkers(sql: Sql): Promise<void> {
  await sql`delete from workers w where seen_at < now() - interval '1 day'
    and not exists (select from recipients r where r.worker_id = w.id and r.state = 'sending')`;
}
