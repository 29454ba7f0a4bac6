/** The audit log: who of the staff did what, to what, when. */
import type { Db, Sql } from './client.ts';

export interface Audited {
  id: number;
  at: Date;
  email: string;
  act: string;
  subject: string;
  detail: Record<string, unknown> | null;
}

export async function insertAudit(
  sql: Db,
  by: { id: number; email: string },
  what: { act: string; subject: string; detail?: Record<string, unknown> | undefined },
): Promise<void> {
  await sql`
    insert into audit (staff_id, email, act, subject, detail)
    values (${by.id}, ${by.email}, ${what.act}, ${what.subject}, ${what.detail ? sql.json(what.detail as never) : null})`;
}

/** What was done to one thing, newest first. */
export async function listAudit(sql: Sql, subject: string, limit: number): Promise<Audited[]> {
  return sql<Audited[]>`
    select id, at, email, act, subject, detail from audit where subject = ${subject} order by id desc limit ${limit}`;
}

export interface AuditFilter {
  /** Number of who did it. */
  by?: number | undefined;
  act?: string | undefined;
  subject?: string | undefined;
  /** Older than this one. */
  before?: number | undefined;
}

/** Newest first, by what is asked for: each filter has an index whose end is the number. */
export async function searchAudit(
  sql: Sql,
  { by, act, subject, before }: AuditFilter,
  limit: number,
): Promise<Audited[]> {
  return sql<Audited[]>`
    select id, at, email, act, subject, detail from audit
    where id < ${before ?? Number.MAX_SAFE_INTEGER}
      ${by === undefined ? sql`` : sql`and staff_id = ${by}`}
      ${act === undefined ? sql`` : sql`and act = ${act}`}
      ${subject === undefined ? sql`` : sql`and subject = ${subject}`}
    order by id desc limit ${limit}`;
}

/** One entry. */
export async function findAudit(sql: Sql, id: number): Promise<Audited | undefined> {
  const [row] = await sql<Audited[]>`select id, at, email, act, subject, detail from audit where id = ${id}`;
  return row;
}

/** What can be filtered by: those who acted and what they did, by hops along the indexes rather than a scan. */
export async function auditChoices(sql: Sql): Promise<{ people: { id: number; email: string }[]; acts: string[] }> {
  const people = await sql<{ id: number; email: string }[]>`
    with recursive e as (
      (select staff_id, 1 as n from audit order by staff_id limit 1)
      union all
      select (select a.staff_id from audit a where a.staff_id > e.staff_id order by a.staff_id limit 1), e.n + 1 from e
      where e.staff_id is not null and e.n < 200)
    select e.staff_id as id, (select a.email from audit a where a.staff_id = e.staff_id order by a.id desc limit 1) as email
    from e where e.staff_id is not null order by 2`;
  const acts = await sql<{ act: string }[]>`
    with recursive k as (
      (select act, 1 as n from audit order by act limit 1)
      union all
      select (select a.act from audit a where a.act > k.act order by a.act limit 1), k.n + 1 from k
      where k.act is not null and k.n < 200)
    select act from k where act is not null`;
  return { people, acts: acts.map(row => row.act) };
}
