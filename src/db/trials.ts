/** Trials of subjects: what was asked for, what was measured, what was chosen. */
import { trapRef } from '../model/edition.ts';
import type { ChosenBy, TrialMeasure, TrialWish, VariantCount } from '../model/trial.ts';
import type { Db, Sql } from './client.ts';

export interface TrialRow extends TrialWish {
  issueId: number;
  /** When the last of the trial's part had been tried once. */
  sentAt: Date | null;
  /** When the tick chooses; null before the trial's part is out. */
  choosesAt: Date | null;
  chosen: number | null;
  chosenAt: Date | null;
  chosenBy: ChosenBy | null;
}

export async function findTrial(sql: Db, issueId: number): Promise<TrialRow | undefined> {
  const [row] = await sql<TrialRow[]>`
    select issue_id, subjects, share, measure, hours, sent_at, sent_at + hours * interval '1 hour' as chooses_at, chosen, chosen_at, chosen_by
    from trials where issue_id = ${issueId}`;
  return row;
}

export async function insertTrial(
  tx: Db,
  issueId: number,
  { subjects, share, measure, hours }: TrialWish,
): Promise<void> {
  await tx`
    insert into trials (issue_id, subjects, share, measure, hours)
    values (${issueId}, ${[...subjects]}::text[], ${share}, ${measure}, ${hours})`;
}

/**
 * Notes when the trial's part has gone out: no row of it is queued or in flight. Retries are not waited for, they may take a day.
 * @returns the trial when the time to choose has come; undefined: not yet, or it is chosen
 */
export async function trialToDecide(sql: Sql, issueId: number): Promise<{ measure: TrialMeasure } | undefined> {
  const isOut = (state: string) =>
    sql`not exists (select from recipients r where r.issue_id = t.issue_id and r.state = ${state} and r.variant is not null)`;
  await sql`
    update trials t set sent_at = now()
    where issue_id = ${issueId} and sent_at is null and chosen is null and ${isOut('queued')} and ${isOut('sending')}`;
  const [row] = await sql<{ measure: TrialMeasure }[]>`
    select measure from trials where issue_id = ${issueId} and chosen is null and sent_at + hours * interval '1 hour' <= now()`;
  return row;
}

/**
 * Chooses, once: of any number of ticks and editors at once one does.
 * @returns whether this one did
 */
export async function chooseVariant(sql: Sql, issueId: number, variant: number, by: ChosenBy): Promise<boolean> {
  const rows = await sql`
    update trials set chosen = ${variant}, chosen_at = now(), chosen_by = ${by} where issue_id = ${issueId} and chosen is null returning 1`;
  return rows.length > 0;
}

/** In SQL: what is counted of each variant of the trial `t`, as rows of the form of `VariantCount`. Only readers of its part. */
const counted = (sql: Sql) => sql`(
  with tried as (
    select r.variant, count(*) filter (where r.attempts > 0) as sent, count(*) filter (where r.state = 'accepted') as accepted
    from recipients r where r.issue_id = t.issue_id and r.variant is not null group by 1
  ),
  clicked as (
    select r.variant, count(*) as n from (
      select distinct subscriber_id from events where issue_id = t.issue_id and kind = 'click' and machine is null and ref <> ${trapRef}
    ) e join recipients r on r.issue_id = t.issue_id and r.subscriber_id = e.subscriber_id and r.variant is not null group by 1
  ),
  liked as (
    select r.variant, count(*) as n from (
      select distinct subscriber_id from likes where issue_id = t.issue_id and machine is null
    ) l join recipients r on r.issue_id = t.issue_id and r.subscriber_id = l.subscriber_id and r.variant is not null group by 1
  ),
  gone as (
    select r.variant, count(*) as n from issues i
    join subscriptions s on s.publication_id = i.publication_id and s.left_issue_id = i.id and s.state = 'unsubscribed'
    join recipients r on r.issue_id = i.id and r.subscriber_id = s.subscriber_id and r.variant is not null
    where i.id = t.issue_id group by 1
  )
  select v.variant::int, coalesce(tried.sent, 0) as sent, coalesce(tried.accepted, 0) as accepted, coalesce(clicked.n, 0) as clicks,
    coalesce(liked.n, 0) as likes, coalesce(gone.n, 0) as unsubscribed
  from generate_series(1, cardinality(t.subjects)) v (variant)
  left join tried using (variant) left join clicked using (variant) left join liked using (variant) left join gone using (variant)
  order by 1)`;

/** Of the trial's part, by variant; empty without a trial. Reads the issue's clicks and likes. */
export async function countVariants(sql: Sql, issueId: number): Promise<VariantCount[]> {
  const [row] = await sql<{ counts: VariantCount[] | null }[]>`
    select coalesce(t.counts, (select jsonb_agg(c) from ${counted(sql)} c)) as counts from trials t where t.issue_id = ${issueId}`;
  return row?.counts ?? [];
}

/** Keeps what is counted, before the retention takes the rows away. Again it changes nothing. */
export async function keepCounts(sql: Sql, issueId: number): Promise<void> {
  await sql`
    update trials t set counts = (select jsonb_agg(c) from ${counted(sql)} c) where t.issue_id = ${issueId} and t.counts is null`;
}
