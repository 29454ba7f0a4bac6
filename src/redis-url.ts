/** How a Redis is named in configuration: one server, a Cluster, or a server that Sentinels watch. Pure. */

export type RedisAddress =
  | { kind: 'single'; url: string }
  | { kind: 'unix'; path: string }
  | { kind: 'cluster'; nodes: RedisNode[]; login: RedisLogin; tls: boolean }
  | { kind: 'sentinel'; nodes: RedisNode[]; login: RedisLogin; tls: boolean; master: string; db: number };

interface RedisNode {
  host: string;
  port: number;
}

interface RedisLogin {
  username?: string;
  password?: string;
}

const several =
  /^redis(?<tls>s)?-(?<kind>cluster|sentinel):\/\/(?:(?<user>[^:@/]*):(?<pass>[^@/]*)@)?(?<nodes>[^/?#]+)(?:\/(?<master>[\w.-]+)(?:\/(?<db>\d{1,3}))?)?\/?$/;

/**
 * `redis://…`, `rediss://…`, `redis+unix:///path`, `redis-cluster://user:password@host:port,host:port`,
 * `redis-sentinel://user:password@sentinel:port,sentinel:port/MASTER/DB`; `rediss-…` with TLS. The login is the servers', not the Sentinels'.
 * @returns undefined when it is none of them
 */
export function parseRedisUrl(text: string): RedisAddress | undefined {
  if (text.startsWith('redis+unix:///')) return { kind: 'unix', path: text.slice('redis+unix://'.length) };
  if (/^rediss?:\/\//.test(text)) return URL.canParse(text) ? { kind: 'single', url: text } : undefined;
  const found = several.exec(text)?.groups;
  const nodes = found?.nodes?.split(',').map(nodeOf);
  if (!found || !nodes || nodes.includes(undefined)) return undefined;
  const login: RedisLogin = {};
  try {
    if (found.user) login.username = decodeURIComponent(found.user);
    if (found.pass) login.password = decodeURIComponent(found.pass);
  } catch {
    return undefined;
  }
  const common = { nodes: nodes as RedisNode[], login, tls: found.tls !== undefined };
  if (found.kind === 'cluster') return found.master === undefined ? { kind: 'cluster', ...common } : undefined;
  return found.master === undefined
    ? undefined
    : { kind: 'sentinel', ...common, master: found.master, db: Number(found.db ?? 0) };
}

function nodeOf(text: string): RedisNode | undefined {
  const [, six, four, port] = /^(?:\[([0-9a-fA-F:]+)\]|([\w.-]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = six ?? four;
  return host !== undefined && Number(port) > 0 && Number(port) < 65_536 ? { host, port: Number(port) } : undefined;
}
