/** Alerts: what is suspected, open and over, and what is still to be said of it. One process at a time holds the lease, and nothing breaks when two do. */
import type { Sql } from './client.ts';

interface Seen {
  kind: string;
  subject: string;
  detail: Record<string, string | number>;
}

/** Seconds that a trouble must be seen before it is open, and gone before it is over. */
export interface Patience {
  kind: string;
  open: number;
  close: number;
}

/** Who is told: places in ALERT_EMAIL, and the webhook. */
export interface Target {
  channel: 'mail' | 'webhook';
  target: number;
}

const isSeen = (sql: Sql, seen: readonly Seen[]) => sql`exists (
  select from unnest(${seen.map(s => s.kind)}::text[], ${seen.map(s => s.subject)}::text[]) as s (kind, subject)
  where s.kind = a.kind and s.subject = a.subject)`;

const patienceRows = (sql: Sql, kinds: readonly Patience[]) => sql`
  select * from unnest(${kinds.map(k => k.kind)}::text[], ${kinds.map(k => k.open)}::int[], ${kinds.map(k => k.close)}::int[])
    as k (kind, open, close)`;

const notices = (sql: Sql, what: 'opened' | 'reminder' | 'closed', of: string, targets: readonly Target[]) => sql`
  insert into alert_notices (alert_id, what, channel, target)
  select a.id, ${what}, t.channel, t.target from ${sql(of)} a
  cross join unnest(${targets.map(t => t.channel)}::text[], ${targets.map(t => t.target)}::int[]) as t (channel, target)`;

/** Notes what is seen now: a new suspicion, or one more sign of an old. A suspicion that was gone for long begins anew. */
export async function noteTroubles(sql: Sql, seen: readonly Seen[], kinds: readonly Patience[]): Promise<void> {
  if (seen.length === 0) return;
  await sql`
    insert into alerts as a (kind, subject, detail)
    select s.kind, s.subject, s.detail from unnest(
      ${seen.map(s => s.kind)}::text[], ${seen.map(s => s.subject)}::text[], ${seen.map(s => JSON.stringify(s.detail))}::text[]::jsonb[]
    ) as s (kind, subject, detail)
    on conflict (kind, subject) where closed_at is null do update set last_seen_at = now(), detail = excluded.detail,
      first_seen_at = case
        when a.opened_at is null and a.last_seen_at < now() - (
          select k.close * interval '1 second' from (${patienceRows(sql, kinds)}) k where k.kind = a.kind) - interval '1 minute'
        then now() else a.first_seen_at end`;
}

/** Opens what is seen now and has been for long enough, with a message to each target. @returns how many */
export async function openAlerts(
  sql: Sql,
  seen: readonly Seen[],
  kinds: readonly Patience[],
  targets: readonly Target[],
): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    with opened as (
      update alerts a set opened_at = now() from (${patienceRows(sql, kinds)}) k
      where k.kind = a.kind and a.opened_at is null and a.closed_at is null
        and a.first_seen_at <= now() - k.open * interval '1 second' and ${isSeen(sql, seen)}
      returning a.id),
    told as (${notices(sql, 'opened', 'opened', targets)})
    select count(*)::int as n from opened`;
  return row!.n;
}

/**
 * Closes what has not been seen for long enough. Messages that have not left are dropped: the one about the end says it all. Suspicions
 * that came to nothing are deleted.
 * @param seen what is seen now
 * @param kinds those that could be looked at now; others stay as they are
 */
export async function closeAlerts(
  sql: Sql,
  seen: readonly Seen[],
  kinds: readonly Patience[],
  targets: readonly Target[],
): Promise<number> {
  const isOver = sql`
    k.kind = a.kind and a.closed_at is null and a.last_seen_at < now() - k.close * interval '1 second'
    and not ${isSeen(sql, seen)}`;
  const [row] = await sql<{ n: number }[]>`
    with over as (
      update alerts a set closed_at = now() from (${patienceRows(sql, kinds)}) k
      where a.opened_at is not null and ${isOver} returning a.id),
    false_alarm as (
      delete from alerts a using (${patienceRows(sql, kinds)}) k where a.opened_at is null and ${isOver}),
    dropped as (
      update alert_notices n set next_attempt_at = null from over where n.alert_id = over.id and n.next_attempt_at is not null),
    told as (${notices(sql, 'closed', 'over', targets)})
    select count(*)::int as n from over`;
  return row!.n;
}

/** Reminds daily of what is open and acknowledged by nobody. */
export async function remindOfAlerts(sql: Sql, targets: readonly Target[]): Promise<void> {
  await sql`
    with due as (
      update alerts set reminded_at = now()
      where opened_at is not null and closed_at is null and acknowledged_at is null
        and coalesce(reminded_at, opened_at) < now() - interval '1 day'
      returning id)
    ${notices(sql, 'reminder', 'due', targets)}`;
}

export async function forgetOldAlerts(sql: Sql): Promise<void> {
  await sql`delete from alerts where id in (
    select id from alerts where closed_at < now() - interval '90 days' order by closed_at limit 1000)`;
}

export interface AlertRow {
  id: number;
  kind: string;
  subject: string;
  detail: Record<string, string | number>;
  openedAt: Date;
  lastSeenAt: Date;
  closedAt: Date | null;
  acknowledgedAt: Date | null;
  acknowledgedBy: string | null;
}

/** Open ones, oldest first; with `all` also the newest hundred that are over. */
export async function listAlerts(sql: Sql, all = false): Promise<AlertRow[]> {
  const columns = sql`id, kind, subject, detail, opened_at, last_seen_at, closed_at, acknowledged_at, acknowledged_by`;
  return sql<AlertRow[]>`
    select * from (
      select ${columns} from alerts where opened_at is not null and closed_at is null
      union all
      select * from (select ${columns} from alerts where closed_at is not null and ${all} order by closed_at desc limit 100) over
    ) shown order by opened_at, id`;
}

export async function countOpenAlerts(sql: Sql): Promise<{ kind: string; n: number }[]> {
  return sql<{ kind: string; n: number }[]>`
    select kind, count(*) as n from alerts where opened_at is not null and closed_at is null group by kind`;
}

/** @param by who says so @returns false: no alert of this number is open */
export async function acknowledgeAlert(sql: Sql, id: number, by: string): Promise<boolean> {
  const rows = await sql`
    update alerts set acknowledged_at = coalesce(acknowledged_at, now()), acknowledged_by = coalesce(acknowledged_by, ${by})
    where id = ${id} and opened_at is not null and closed_at is null`;
  return rows.count > 0;
}

export interface DueNotice extends Target {
  id: number;
  what: 'opened' | 'reminder' | 'closed';
  messageId: string;
  claim: string;
  attempts: number;
  alertId: number;
  kind: string;
  subject: string;
  detail: Record<string, string | number>;
  openedAt: Date;
  closedAt: Date | null;
}

/** Longer than a try can take. */
const claimSeconds = 120;

/** Claims messages that are due; a claim that is not kept runs out. */
export async function claimNotices(sql: Sql, most: number): Promise<DueNotice[]> {
  return sql<DueNotice[]>`
    with picked as (
      select id from alert_notices where next_attempt_at <= now() order by next_attempt_at limit ${most} for update skip locked)
    update alert_notices n set attempts = n.attempts + 1, claim = gen_random_uuid(),
      next_attempt_at = now() + ${claimSeconds}::int * interval '1 second'
    from picked p, alerts a
    where n.id = p.id and a.id = n.alert_id
    returning n.id, n.what, n.channel, n.target, n.message_id, n.claim, n.attempts, n.alert_id, a.kind, a.subject, a.detail, a.opened_at, a.closed_at`;
}

/** @param waitMs until the next try; null: sent, or given up */
export async function recordNotice(sql: Sql, notice: DueNotice, waitMs: number | null): Promise<void> {
  await sql`
    update alert_notices set claim = null,
      next_attempt_at = case when ${waitMs}::bigint is not null then now() + ${waitMs}::bigint * interval '1 millisecond' end
    where id = ${notice.id} and claim = ${notice.claim} and next_attempt_at is not null`;
}
