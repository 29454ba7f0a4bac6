/** What a stretch of work costs the machine: CPU seconds of each party, bytes of write-ahead log. Linux only: it reads /proc. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Sql } from '../src/db/client.ts';
import type { Wiring } from '../src/wiring.ts';

export interface Cost {
  /** CPU seconds, by party. */
  cpu: Record<string, number>;
  walBytes: number;
}

type Redis = Wiring['queues']['redis'];

/** Ticks of the kernel's clock in a second, as every Linux that Node runs on has it. */
const ticksPerSecond = 100;

/**
 * Starts measuring.
 * @param pids of the product's processes by name; asked for at the end, since some start later
 * @returns what was spent since
 */
export async function startCost(
  sql: Sql,
  redis: Redis,
  pids: () => Record<string, number | undefined>,
): Promise<() => Promise<Cost>> {
  const server = await postmaster(sql);
  const read = async () => ({
    postgres: treeSeconds(server),
    redis: await redisSeconds(redis),
    wal: await walPosition(sql),
  });
  const before = await read();
  return async () => {
    const after = await read();
    const own = Object.entries(pids()).flatMap(([name, pid]) => (pid ? [[name, processSeconds(pid)] as const] : []));
    return {
      cpu: {
        ...Object.fromEntries(own),
        Postgres: after.postgres - before.postgres,
        Redis: after.redis - before.redis,
      },
      walBytes: after.wal - before.wal,
    };
  };
}

async function postmaster(sql: Sql): Promise<number> {
  const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  return Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${row!.pid}/status`, 'utf8'))![1]);
}

async function walPosition(sql: Sql): Promise<number> {
  const [row] = await sql<{ bytes: number }[]>`select (pg_current_wal_lsn() - '0/0')::float8 as bytes`;
  return row!.bytes;
}

async function redisSeconds(redis: Redis): Promise<number> {
  const info = await redis.info('cpu');
  const of = (name: string) => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1] ?? 0);
  return of('used_cpu_sys') + of('used_cpu_user');
}

/** A process and its children; those that ended count with their parent. */
function treeSeconds(parent: number): number {
  const children = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && fieldsOf(Number(name))?.parent === parent)
    .map(name => processSeconds(Number(name)));
  const { user, system, childrenUser, childrenSystem } = fieldsOf(parent)!;
  const own = (user + system + childrenUser + childrenSystem) / ticksPerSecond;
  return children.reduce((sum, seconds) => sum + seconds, own);
}

function processSeconds(pid: number): number {
  const fields = fieldsOf(pid);
  return fields ? (fields.user + fields.system) / ticksPerSecond : 0;
}

/** Of /proc/PID/stat (proc(5)); undefined once the process has ended. */
function fieldsOf(pid: number) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [, parent, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [user, system, childrenUser, childrenSystem] = rest.slice(9, 13).map(Number);
    return {
      parent: Number(parent),
      user: user!,
      system: system!,
      childrenUser: childrenUser!,
      childrenSystem: childrenSystem!,
    };
  } catch {
    return undefined;
  }
}
