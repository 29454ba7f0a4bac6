/** Messages to endpoints: claimed for a while, sent, recorded. A claim that is not kept runs out, and the message goes out again under its id. */
import type { Sql } from './client.ts';
import type { SealedSecrets } from './webhooks.ts';

/** Longer than a try can take. */
const claimSeconds = 60;
/** Nothing but failures for so long disables an endpoint. */
const failingDays = 5;
/** Messages that are through stay this long for `webhook deliveries`. */
const keptDays = 3;
const prunedAtOnce = 5000;

export interface Delivery {
  id: number;
  webhookId: number;
  messageId: string;
  claim: string;
  url: string;
  secrets: SealedSecrets;
  type: string;
  at: Date;
  data: Record<string, unknown>;
  attempts: number;
  /** Null unless the endpoint asked for addresses and the person is there. */
  email: string | null;
}

/** Claims messages that are due. @param rooms how many each endpoint may have under way more than it has */
export async function claimDeliveries(
  sql: Sql,
  rooms: readonly { webhookId: number; room: number }[],
): Promise<Delivery[]> {
  const rows = await sql<(Omit<Delivery, 'secrets'> & SealedSecrets)[]>`
    with picked as (
      select d.id, w.url, w.addresses, w.secret, case when w.previous_until > now() then w.previous_secret end as previous
      from unnest(${rooms.map(r => r.webhookId)}::bigint[], ${rooms.map(r => r.room)}::int[]) as r (webhook_id, room)
      join webhooks w on w.id = r.webhook_id and w.enabled and (w.hold_until is null or w.hold_until <= now())
      cross join lateral (
        select d.id from webhook_deliveries d
        where d.webhook_id = r.webhook_id and d.state = 'waiting' and d.next_attempt_at <= now()
        order by d.next_attempt_at, d.id limit r.room for update skip locked
      ) d
    ),
    claimed as (
      update webhook_deliveries d set attempts = d.attempts + 1, claim = gen_random_uuid(), updated_at = now(),
        next_attempt_at = now() + ${claimSeconds}::int * interval '1 second'
      from picked p where d.id = p.id
      returning d.id, d.webhook_id, d.message_id, d.claim, p.url, p.secret, p.previous, d.type, d.at, d.data, d.attempts, p.addresses
    )
    select c.id, c.webhook_id, c.message_id, c.claim, c.url, c.secret, c.previous, c.type, c.at, c.data, c.attempts, s.email
    from claimed c left join subscribers s on c.addresses and s.id = (c.data->>'subscriberId')::bigint
    order by c.id`;
  return rows.map(({ secret, previous, ...row }) => ({ ...row, secrets: { secret, previous } }));
}

/** Under its claim only: a try that was given up for lost records nothing. */
export async function recordDelivered(sql: Sql, delivery: Delivery, outcome: string): Promise<void> {
  await sql`
    with done as (
      update webhook_deliveries set state = 'delivered', outcome = ${outcome}, claim = null, updated_at = now()
      where id = ${delivery.id} and claim = ${delivery.claim} returning webhook_id)
    update webhooks set failing_since = null where id in (select webhook_id from done) and failing_since is not null`;
}

export interface Failure {
  outcome: string;
  /** Until the next try; null: given up. */
  waitMs: number | null;
  /** The endpoint wants nothing more, ever (410). */
  gone: boolean;
  /** It wants nothing at all for so long. */
  holdMs: number | null;
}

/** @returns whether this disabled the endpoint */
export async function recordFailed(sql: Sql, delivery: Delivery, failure: Failure): Promise<boolean> {
  const { outcome, waitMs, gone, holdMs } = failure;
  const isOver = sql`(${gone} or failing_since < now() - ${failingDays}::int * interval '1 day')`;
  const [row] = await sql<{ enabled: boolean }[]>`
    with done as (
      update webhook_deliveries set
        state = case when ${waitMs === null || gone} then 'failed' else 'waiting' end,
        next_attempt_at = now() + ${waitMs ?? 0}::bigint * interval '1 millisecond',
        outcome = ${outcome}, claim = null, updated_at = now()
      where id = ${delivery.id} and claim = ${delivery.claim} returning webhook_id)
    update webhooks set
      failing_since = coalesce(failing_since, now()),
      hold_until = case when ${holdMs}::bigint is null then hold_until else now() + ${holdMs}::bigint * interval '1 millisecond' end,
      enabled = not coalesce(${isOver}, false),
      disabled_reason = case when ${isOver} then ${gone ? 'gone' : 'failing'} end
    where id in (select webhook_id from done) and enabled
    returning enabled`;
  return row?.enabled === false;
}

/** Deletes old messages, and those that wait for an endpoint that is disabled; some at a time. */
export async function pruneDeliveries(sql: Sql): Promise<void> {
  await sql`
    delete from webhook_deliveries where id in (
      select id from webhook_deliveries where state <> 'waiting' and updated_at < now() - ${keptDays}::int * interval '1 day'
      order by updated_at limit ${prunedAtOnce})`;
  await sql`
    delete from webhook_deliveries where id in (
      select d.id from webhooks w cross join lateral (
        select id from webhook_deliveries where webhook_id = w.id and state = 'waiting' limit ${prunedAtOnce}) d
      where not w.enabled)`;
}

/** Sends a message again that was given up, under its id. @returns false: it was not given up, is gone, or its endpoint is off */
export async function sendAgain(sql: Sql, webhookId: number, messageId: string): Promise<boolean> {
  const rows = await sql`
    update webhook_deliveries set state = 'waiting', attempts = 0, next_attempt_at = now(), claim = null, updated_at = now()
    where webhook_id = ${webhookId} and message_id = ${messageId}::uuid and state = 'failed'
      and exists (select from webhooks where id = ${webhookId} and enabled)`;
  return rows.count > 0;
}

export interface DeliveryLine {
  messageId: string;
  type: string;
  at: Date;
  state: 'waiting' | 'delivered' | 'failed';
  attempts: number;
  nextAttemptAt: Date | null;
  outcome: string | null;
}

/** The newest messages of an endpoint, newest first. */
export async function listDeliveries(sql: Sql, webhookId: number, most: number): Promise<DeliveryLine[]> {
  return sql<DeliveryLine[]>`
    select message_id, type, at, state, attempts, case when state = 'waiting' then next_attempt_at end as next_attempt_at, outcome
    from webhook_deliveries where webhook_id = ${webhookId} order by id desc limit ${most}`;
}
