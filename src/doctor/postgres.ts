/** Postgres: whether it keeps what it says, and has room for our processes. */
import type { Sql } from '../db/client.ts';
import { isPooled, type ServerFacts, serverFacts } from '../db/server-facts.ts';
import { messageOf } from '../errors.ts';
import { type Finding, findings, named } from './finding.ts';

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
    warn(named('pooler'), 'pooler-untold', messageOf(error)),
  );
  return [version(facts, given.isEmbedded), ...durability(facts), ...care(facts), connections(facts), pooled];
}

function version({ version: number, settings, encoding }: ServerFacts, isEmbedded: boolean): Finding {
  const { ok, fail } = findings(group);
  const check = named('version');
  const name = settings.server_version;
  if (number < oldest) return fail(check, 'postgres-old', name, isEmbedded);
  if (encoding !== 'UTF8') return fail(check, 'postgres-encoding', name, isEmbedded, encoding);
  return ok(check, 'postgres-version', name, isEmbedded);
}

const switchOn = (name: string) => `alter system set ${name} = on; select pg_reload_conf();`;

function durability({ settings: s }: ServerFacts): Finding[] {
  const { ok, warn, fail } = findings(group);
  const off = (['fsync', 'full_page_writes'] as const).filter(name => s[name] !== 'on');
  const check = named('durability');
  if (off.length > 0) return [fail(check, 'durability-off', off, off.map(switchOn))];
  if (s.synchronous_commit === 'off') return [warn(check, 'durability-late', switchOn('synchronous_commit'))];
  return [ok(check, 'durability-good', s.synchronous_commit)];
}

function care({ settings: s }: ServerFacts): Finding[] {
  const { ok, warn } = findings(group);
  return [
    s.autovacuum === 'on'
      ? ok(named('autovacuum'), 'autovacuum-on')
      : warn(named('autovacuum'), 'autovacuum-off', switchOn('autovacuum')),
    // Whatever it is: we say UTC where a day matters.
    ok(named('time-zone'), 'time-zone', s.TimeZone),
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
  const enough = Math.ceil((need * 1.5 + 10) / 10) * 10;
  const check = named('connections');
  if (need > room) return fail(check, 'connections-few', room, now, need, enough);
  return need > room * 0.8
    ? warn(check, 'connections-few', room, now, need, enough)
    : ok(check, 'connections-enough', room, now, need);
}

async function pooler(sql: Sql, prepares: boolean): Promise<Finding> {
  const { ok, fail, none } = findings(group);
  const check = named('pooler');
  try {
    return (await isPooled(sql)) ? ok(check, 'pooler-good', prepares) : none(check, 'pooler-none');
  } catch (error) {
    // 26000: no such prepared statement; 42P05: it exists already.
    const { code } = error as { code?: string };
    if (code !== '26000' && code !== '42P05') throw error;
    return fail(check, 'pooler-forgets');
  }
}
