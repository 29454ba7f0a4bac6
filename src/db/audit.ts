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

/** Newest first. @param of.acts begins of acts, as `issue.`; none: all @param of.before an id */
export async function listAudit(
  sql: Sql,
  of: { subject?: string; act?: string; before?: number | undefined; limit: number },
): Promise<Audited[]> {
  return sql<Audited[]>`
    select id, at, email, act, subject, detail from audit
    where true
      ${of.subject === undefined ? sql`` : sql`and subject = ${of.subject}`}
      ${of.act === undefined ? sql`` : sql`and starts_with(act, ${of.act})`}
      ${of.before === undefined ? sql`` : sql`and id < ${of.before}`}
    order by id desc limit ${of.limit}`;
}
