/** Redis: whether it keeps queued work, and answers fast. */
import { messageOf } from '../errors.ts';
import { masters, type Redis } from '../queue/redis.ts';
import { type Finding, findings, named } from './finding.ts';

const group = 'Redis';
const pings = 7;
const slowMs = 20;
const oldest = 7;

export async function checkRedisServer(redis: Redis, isEmbedded: boolean): Promise<Finding[]> {
  const { fail } = findings(group);
  try {
    const latency = await medianPing(redis);
    const nodes = await Promise.all(masters(redis).map(async node => factsOf(await node.info())));
    return [...nodes.flatMap(facts => judge(facts, isEmbedded)), latencyFinding(latency)];
  } catch (error) {
    return [fail(named('server'), 'redis-away', messageOf(error))];
  }
}

/** Lines of INFO. */
function factsOf(info: string): Map<string, string> {
  const lines = info.split(/\r?\n/).filter(line => line.includes(':') && !line.startsWith('#'));
  return new Map(lines.map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

function judge(facts: ReadonlyMap<string, string>, isEmbedded: boolean): Finding[] {
  const { ok, warn, fail } = findings(group);
  const valkey = facts.get('valkey_version');
  const version = valkey ?? facts.get('redis_version') ?? '?';
  const name = `${valkey ? 'Valkey' : 'Redis'} ${version}`;
  const policy = facts.get('maxmemory_policy');
  const [used, most] = [Number(facts.get('used_memory')), Number(facts.get('maxmemory'))];
  const percent = most > 0 ? Math.round((used / most) * 100) : undefined;
  return [
    Number.parseInt(version, 10) >= oldest
      ? ok(named('server'), 'redis-version', name, isEmbedded)
      : fail(named('server'), 'redis-old', name, isEmbedded),
    policy === 'noeviction' ? ok(named('eviction'), 'eviction-none') : fail(named('eviction'), 'eviction-on', policy),
    percent !== undefined && used > most * 0.8
      ? warn(named('memory'), 'memory-tight', percent)
      : ok(named('memory'), 'memory-enough', percent),
    facts.get('aof_enabled') === '1'
      ? ok(named('persistence'), 'persistence-on')
      : warn(named('persistence'), 'persistence-off'),
  ];
}

async function medianPing(redis: Redis): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < pings; i++) {
    const at = performance.now();
    await redis.ping();
    times.push(performance.now() - at);
  }
  return times.sort((a, b) => a - b)[Math.floor(pings / 2)]!;
}

function latencyFinding(ms: number): Finding {
  const { ok, warn } = findings(group);
  const check = named('latency');
  return ms < slowMs ? ok(check, 'latency-good', ms) : warn(check, 'latency-slow', ms);
}
