import { openNewsroom } from './newsroom/home.ts';
import { createHelpers, dropHelpers } from './newsroom/people.ts';
const { wiring } = await openNewsroom('/tmp/newsroom/small', 1);
const { sql } = wiring;
await createHelpers(sql, 1);
const t = async (name: string, q: string) => { const a = performance.now(); const [r] = await sql.unsafe(q); console.log(name, (performance.now() - a).toFixed(0)); return r; };
await sql`set work_mem='256MB'`;
console.log(await sql.unsafe(`explain verbose select sum(bench_chance(n, 41)) from generate_series(1, 1000000::bigint) n`));
for (let i = 0; i < 2; i++) {
await t('series', `select count(*) from generate_series(1, 1000000::bigint) n`);
await t('chance', `select sum(bench_chance(n, 41)) from generate_series(1, 1000000::bigint) n`);
await t('chance x10', `select sum(bench_chance(n, 41)+bench_chance(n, 42)+bench_chance(n, 43)+bench_chance(n, 44)+bench_chance(n, 45)+bench_chance(n, 46)+bench_chance(n, 47)+bench_chance(n, 48)+bench_chance(n, 49)+bench_chance(n, 40)) from generate_series(1, 1000000::bigint) n`);
await t('md5', `select count(md5(n::text)::uuid) from generate_series(1, 1000000::bigint) n`);
await t('window', `select count(x) from (select row_number() over (partition by (n % 8)::text, n % 50 = 0 order by n) as x from generate_series(1, 1000000::bigint) n) y`);
}
await dropHelpers(sql);
await wiring.close();
