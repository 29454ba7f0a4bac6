/** Redis: whether it keeps queued work, and answers fast. */
import { messageOf } from '../errors.ts';
import { masters, type Redis } from '../queue/redis.ts';
import { type Finding, findings } from './finding.ts';

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
    return [
      fail('Server', messageOf(error), 'Check REDIS_URL and that Redis runs: without it a send is stored, and waits.'),
    ];
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
  const name = `${valkey ? 'Valkey' : 'Redis'} ${version}${isEmbedded ? ' (embedded)' : ''}`;
  const policy = facts.get('maxmemory_policy') ?? 'not told';
  const [used, most] = [Number(facts.get('used_memory')), Number(facts.get('maxmemory'))];
  const isTight = most > 0 && used > most * 0.8;
  return [
    Number.parseInt(version, 10) >= oldest
      ? ok('Server', name)
      : fail('Server', name, 'Use Redis 7 or newer, or Valkey.'),
    policy === 'noeviction'
      ? ok('Eviction', 'maxmemory-policy noeviction')
      : fail('Eviction', `maxmemory-policy ${policy}: queued work may be thrown away`, 'maxmemory-policy noeviction'),
    ...(isTight
      ? [
          warn(
            'Memory',
            `${Math.round((used / most) * 100)} % of maxmemory is used; when it is full sends stop`,
            'Raise maxmemory, or find out who else keeps things there.',
          ),
        ]
      : [ok('Memory', most > 0 ? `${Math.round((used / most) * 100)} % of maxmemory used` : 'no limit of its own')]),
    facts.get('aof_enabled') === '1'
      ? ok('Persistence', 'append-only file')
      : warn(
          'Persistence',
          'no append-only file',
          'appendonly yes',
          'Without it a restart costs a pause; no reader is lost.',
        ),
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
  const found = `${ms.toFixed(1)} ms to an answer`;
  return ms < slowMs
    ? ok('Latency', found)
    : warn('Latency', found, 'Put workers and Redis near each other: each permit to send asks it.');
}
