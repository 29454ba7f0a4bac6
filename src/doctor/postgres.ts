/** Postgres: whether it keeps what it says, and has room for our processes. */
import type { Sql } from '../db/client.ts';
import { isPooled, type ServerFacts, serverFacts } from '../db/server-facts.ts';
import { messageOf } from '../errors.ts';
import { type Finding, findings } from './finding.ts';

const group = 'Postgres';
/** The oldest that we run on. */
const oldest = 150_000;

/** Connections of one process, by role: what its worker opens its wiring with, and the web server. */
const connectionsOf: Record<string, number> = {
  'plan-issue': 2,
  'deliver-batch': 6,
  'record-events': 2,
  tick: 3,
  intake: 4,
};
/** A web server and a command beside them. */
const beside = 10;

export async function checkPostgres(sql: Sql, given: { isEmbedded: boolean; prepares: boolean }): Promise<Finding[]> {
  const { warn } = findings(group);
  const facts = await serverFacts(sql);
  const pooled = await pooler(sql, given.prepares).catch(error =>
    warn('Pooler', `cannot be told: ${messageOf(error)}`, 'Run doctor again.'),
  );
  return [version(facts, given.isEmbedded), ...durability(facts), ...care(facts), connections(facts), pooled];
}

function version({ version: number, settings, encoding }: ServerFacts, isEmbedded: boolean): Finding {
  const { ok, fail } = findings(group);
  const found = `${settings.server_version}${isEmbedded ? ' (embedded)' : ''}`;
  if (number < oldest) return fail('Version', found, 'Use Postgres 15 or newer.');
  if (encoding !== 'UTF8')
    return fail(
      'Version',
      `${found}; the database is in ${encoding}`,
      'Make the database anew: create database … encoding UTF8',
    );
  return ok('Version', found);
}

function durability({ settings: s }: ServerFacts): Finding[] {
  const { ok, warn, fail } = findings(group);
  const off = (['fsync', 'full_page_writes'] as const).filter(name => s[name] !== 'on');
  if (off.length > 0)
    return [
      fail(
        'Durability',
        `${off.join(' and ')} off: a power cut can lose the ledger, and readers get an issue twice`,
        ...off.map(name => `alter system set ${name} = on; select pg_reload_conf();`),
      ),
    ];
  if (s.synchronous_commit === 'off')
    return [
      warn(
        'Durability',
        'synchronous_commit off: the last moment before a power cut is lost, and its readers may get an issue twice',
        'alter system set synchronous_commit = on; select pg_reload_conf();',
      ),
    ];
  return [ok('Durability', `fsync, full_page_writes on; synchronous_commit ${s.synchronous_commit}`)];
}

function care({ settings: s }: ServerFacts): Finding[] {
  const { ok, warn } = findings(group);
  return [
    s.autovacuum === 'on'
      ? ok('Autovacuum', 'on')
      : warn(
          'Autovacuum',
          'off: the ledger grows and slows down',
          'alter system set autovacuum = on; select pg_reload_conf();',
        ),
    // Whatever it is: we say UTC where a day matters.
    ok('Time zone', `${s.TimeZone}; days are counted in UTC all the same`),
  ];
}

function connections({ settings: s, connections: now, processes }: ServerFacts): Finding {
  const { ok, warn, fail } = findings(group);
  const room = Number(s.max_connections) - Number(s.superuser_reserved_connections);
  const running = Object.entries(processes);
  const wanted = beside + running.reduce((sum, [role, n]) => sum + n * (connectionsOf[role] ?? 2), 0);
  // As `work` starts it, when nothing runs now.
  const usual = beside + Object.values(connectionsOf).reduce((sum, n) => sum + n, 0);
  const need = running.length > 0 ? wanted : usual;
  const found = `${room} for us, ${now} open now; our processes take up to ${need}`;
  const fix = `Raise max_connections to ${Math.ceil((need * 1.5 + 10) / 10) * 10} or more, run fewer processes, or put PgBouncer between.`;
  if (need > room) return fail('Connections', found, fix);
  return need > room * 0.8 ? warn('Connections', found, fix) : ok('Connections', found);
}

async function pooler(sql: Sql, prepares: boolean): Promise<Finding> {
  const { ok, fail, none } = findings(group);
  try {
    if (!(await isPooled(sql))) return none('Pooler', 'none in transaction mode');
    return ok(
      'Pooler',
      `in transaction mode; ${prepares ? 'prepared statements work through it' : 'no prepared statements (prepare=off)'}`,
    );
  } catch (error) {
    // 26000: no such prepared statement; 42P05: it exists already.
    const { code } = error as { code?: string };
    if (code !== '26000' && code !== '42P05') throw error;
    return fail(
      'Pooler',
      'prepared statements get lost in it',
      'Set max_prepared_statements in PgBouncer 1.21 or newer, or add ?prepare=off to DATABASE_URL.',
    );
  }
}
