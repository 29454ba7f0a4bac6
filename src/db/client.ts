/** The Postgres client and its settings; the only place that imports the driver's constructor. */
import postgres from 'postgres';

const types = {
  // Ids stay far below 2^53; as numbers they need no conversion anywhere.
  bigint: { to: 20, from: [20], serialize: (x: number) => String(x), parse: (x: string) => Number(x) },
};

// Column names only: JSON documents keep their keys.
const transform = { column: { from: postgres.toCamel } };

/** A row of which nothing is known. */
export type Row = postgres.Row;
export type Sql = postgres.Sql<{ bigint: number }>;
/** A connection inside a transaction, or the pool: statements take either. */
export type Db = Sql | postgres.TransactionSql<{ bigint: number }>;

/**
 * @param url as libpq writes it; `?prepare=off` for PgBouncer in transaction mode before its 1.21: there a prepared statement is not there next time
 * @param max connections of this process
 */
export function connectDatabase(url: string, max: number): Sql {
  const parsed = new URL(url);
  const prepare = parsed.searchParams.get('prepare') !== 'off';
  // The driver would send it to the server.
  parsed.searchParams.delete('prepare');
  const options = {
    prepare,
    max,
    idle_timeout: 0,
    connect_timeout: 30,
    onnotice: () => {},
    types,
    transform,
    // Seconds between tries to connect: a restarted Postgres is found again at once, not after the driver's twenty seconds.
    backoff: (tries: number) => Math.min(0.05 * 2 ** tries, 1),
  };
  // libpq's form for a Unix socket, postgres:///db?host=/dir&user=name: the driver wants the folder as `host`.
  const folder = parsed.searchParams.get('host');
  if (parsed.hostname || !folder) return postgres(parsed.href, options);
  const username = parsed.searchParams.get('user') ?? undefined;
  return postgres({ ...options, host: folder, database: parsed.pathname.slice(1), ...(username ? { username } : {}) });
}
