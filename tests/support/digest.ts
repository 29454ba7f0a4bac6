/** What a whole database holds, table by table, as digests: to see that nothing changed. */
import type { Sql } from '../../src/db/client.ts';

/**
 * @param but tables of which only some rows count, with what says which: `{ events: "kind <> 'click'" }`
 * @returns table → number of rows and digest of all
 */
export async function digestOf(sql: Sql, but: Record<string, string> = {}): Promise<Record<string, string>> {
  const tables = await sql<{ name: string }[]>`
    select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`;
  const digests: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await sql.unsafe<{ n: number; digest: string }[]>(
      `select count(*) as n, coalesce(md5(string_agg(t::text, e'\\n' order by t::text)), '') as digest from "${name}" t where ${but[name] ?? 'true'}`,
    );
    digests[name] = `${row!.n} ${row!.digest}`;
  }
  return digests;
}
