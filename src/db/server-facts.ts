/** What the Postgres server says of itself, for `doctor`. */
import type { Sql } from './client.ts';
import { silentMs } from './workers.ts';

const names = [
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'autovacuum',
  'max_connections',
  'superuser_reserved_connections',
  'TimeZone',
  'server_version',
] as const;

export interface ServerFacts {
  /** As `160004`. */
  version: number;
  settings: Record<(typeof names)[number], string>;
  /** Client connections now, ours and others'. */
  connections: number;
  /** Living processes by role. */
  processes: Record<string, number>;
  /** Octets of the database. */
  size: number;
  encoding: string;
}

export async function serverFacts(sql: Sql): Promise<ServerFacts> {
  const [row] = await sql<ServerFacts[]>`
    select current_setting('server_version_num')::int as version,
      (select json_object_agg(n, current_setting(n)) from unnest(${[...names]}::text[]) n) as settings,
      (select count(*) from pg_stat_activity where backend_type = 'client backend') as connections,
      (select coalesce(json_object_agg(role, n), '{}') from (
        select role, count(*) as n from workers where seen_at > now() - ${silentMs}::int * interval '1 millisecond' group by role) w) as processes,
      pg_database_size(current_database()) as size,
      pg_encoding_to_char((select encoding from pg_database where datname = current_database())) as encoding`;
  return row!;
}

/** Milliseconds since 1970 by the server's clock. */
export async function serverClock(sql: Sql): Promise<number> {
  const [row] = await sql<{ ms: number }[]>`select extract(epoch from clock_timestamp())::float8 * 1000 as ms`;
  return row!.ms;
}

/** Looks enough to be given another server process, by a pooler that lends one for each statement. */
const looks = 12;

/**
 * Whether statements of one connection are carried out by several server processes: a pooler in transaction mode stands between. The
 * statements are prepared ones, unless DATABASE_URL says `prepare=off`. Rejects with Postgres' error when those do not work through it.
 */
export async function isPooled(sql: Sql): Promise<boolean> {
  const connection = await sql.reserve();
  try {
    const seen = new Set<number>();
    for (let i = 0; i < looks; i++) {
      const [row] = await connection<{ pid: number }[]>`select pg_backend_pid() as pid`;
      seen.add(row!.pid);
    }
    return seen.size > 1;
  } finally {
    connection.release();
  }
}
