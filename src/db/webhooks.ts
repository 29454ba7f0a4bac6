/** Endpoints of outgoing webhooks. A newsroom has a few. */
import type { HappeningType } from '../model/happenings.ts';
import type { Sql } from './client.ts';

export interface WebhookRow {
  id: number;
  url: string;
  events: HappeningType[];
  addresses: boolean;
  enabled: boolean;
  disabledReason: string | null;
  failingSince: Date | null;
  createdAt: Date;
}

/** Each may have some connections open at once, so they are counted. */
export const mostWebhooks = 50;
/** A new secret and the one before sign side by side for so long. */
export const rotationHours = 24;

const columns = (sql: Sql) => sql`id, url, events, addresses, enabled, disabled_reason, failing_since, created_at`;

/** In SQL, of a sequence: the last id that it gave out; 0 when none, where `last_value` says 1 already. */
export const lastGiven = (sql: Sql) => sql`case when is_called then last_value else 0 end`;

/** CTEs: when nobody listened so far, what happened before now is nobody's, however far the tables had been read. */
const fromNowOn = (sql: Sql) => sql`
  ends as (
    select s.source, ${lastGiven(sql)} as id from events_id_seq, (values ('events'), ('clicks')) s (source)
    union all select 'changes', ${lastGiven(sql)} from changes_id_seq),
  skipped as (
    update webhook_cursors c set last_id = greatest(c.last_id, e.id) from ends e
    where e.source = c.source and not exists (select from webhooks where enabled)),
  forgotten as (delete from changes where not exists (select from webhooks where enabled))`;

/** @param hook.secret sealed @returns undefined: there are `mostWebhooks` */
export async function insertWebhook(
  sql: Sql,
  hook: { url: string; events: readonly string[]; addresses: boolean; secret: Buffer },
): Promise<number | undefined> {
  const [row] = await sql<{ id: number }[]>`
    with ${fromNowOn(sql)}
    insert into webhooks (url, events, addresses, secret)
    select ${hook.url}, ${[...hook.events]}::text[], ${hook.addresses}, ${hook.secret}
    where (select count(*) from webhooks) < ${mostWebhooks}
    returning id`;
  return row?.id;
}

export async function listWebhooks(sql: Sql): Promise<WebhookRow[]> {
  return sql<WebhookRow[]>`select ${columns(sql)} from webhooks order by id`;
}

export async function findWebhook(sql: Sql, id: number): Promise<WebhookRow | undefined> {
  const [row] = await sql<WebhookRow[]>`select ${columns(sql)} from webhooks where id = ${id}`;
  return row;
}

/** With its deliveries. @returns whether there was one */
export async function removeWebhook(sql: Sql, id: number): Promise<boolean> {
  return (await sql`delete from webhooks where id = ${id}`).count > 0;
}

/** Takes an endpoint up again that was disabled. What happened meanwhile is not told to it. @returns false: it was enabled, or is gone */
export async function enableWebhook(sql: Sql, id: number): Promise<boolean> {
  const rows = await sql`
    with ${fromNowOn(sql)}
    update webhooks set enabled = true, disabled_reason = null, failing_since = null, hold_until = null, active_since = now()
    where id = ${id} and not enabled`;
  return rows.count > 0;
}

/** Takes an endpoint off by hand. @returns false: it was off, or is gone */
export async function disableWebhook(sql: Sql, id: number): Promise<boolean> {
  const rows = await sql`
    update webhooks set enabled = false, disabled_reason = 'staff', failing_since = null where id = ${id} and enabled`;
  return rows.count > 0;
}

/** @param secret sealed @returns whether there is such an endpoint */
export async function rotateSecret(sql: Sql, id: number, secret: Buffer): Promise<boolean> {
  const rows = await sql`
    update webhooks set previous_secret = secret, previous_until = now() + ${rotationHours}::int * interval '1 hour', secret = ${secret}
    where id = ${id}`;
  return rows.count > 0;
}

export interface SealedSecrets {
  secret: Uint8Array;
  /** Null once its time is over. */
  previous: Uint8Array | null;
}

/** What an endpoint's messages are signed with, sealed. */
export async function sealedSecrets(sql: Sql, id: number): Promise<SealedSecrets | undefined> {
  const [row] = await sql<SealedSecrets[]>`
    select secret, case when previous_until > now() then previous_secret end as previous from webhooks where id = ${id}`;
  return row;
}

/** Endpoints that have mail to take now. @returns with those whose last words were a failure marked */
export async function listeningWebhooks(sql: Sql): Promise<{ id: number; failing: boolean; events: string[] }[]> {
  return sql`select id, failing_since is not null as failing, events from webhooks where enabled order by id`;
}

/** Those that were disabled by themselves: what staff switch off is no trouble. */
export async function disabledWebhooks(sql: Sql): Promise<{ id: number; host: string; reason: string }[]> {
  const rows = await sql<{ id: number; url: string; reason: string }[]>`
    select id, url, disabled_reason as reason from webhooks where not enabled and disabled_reason is not null and disabled_reason <> 'staff'`;
  return rows.map(({ id, url, reason }) => ({ id, host: new URL(url).host, reason }));
}
