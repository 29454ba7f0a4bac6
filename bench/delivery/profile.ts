/** Where a sending process' CPU goes: a profile's samples by the work they belong to. */
import type { Profiler } from 'node:inspector';

interface Frame {
  name: string;
  url: string;
}

/** The first that holds, from the innermost frame outwards, names the work. */
const areas: [string, (frame: Frame) => boolean][] = [
  ['RSA-2048 signature, on the main thread', ({ name }) => name === 'signOneShot' || name === 'SignJob'],
  ["signing readers' links", ({ url }) => /track\/tokens|token-sheet/.test(url)],
  ['slots, encoding, header', ({ url }) => /src\/personalise\//.test(url)],
  ['SMTP: commands, body, dot, replies', ({ url }) => /deliver\/(wire-connection|replies|session)\.ts/.test(url)],
  ['ledger: claims and results (SQL)', ({ url }) => /node_modules\/postgres\/|src\/db\/|deliver\/clerk/.test(url)],
  ['queue (Redis)', ({ url }) => /bullmq|ioredis|src\/queue\//.test(url)],
  ['batches, pace, pools', ({ url }) => /src\/deliver\//.test(url)],
  ['garbage collection', ({ name }) => name === '(garbage collector)'],
];
const bodyHash = 'SHA-256 of the body';
const rest = 'Node itself: event loop, streams, sockets';
/** The profiler's own names for time in which the thread did nothing of ours. */
const nothing = new Set(['(idle)', '(root)']);

/**
 * Milliseconds by area, largest first. A profile sees the main threads only; what the processes took beyond that was the thread pool's
 * (signatures, when they are made there) and V8's own threads'. A profile counts time on the clock: on a busy machine it says too much.
 */
export function areasOf(profiles: readonly Profiler.Profile[], cpuMs: number): [area: string, ms: number][] {
  const microseconds = new Map<string, number>();
  for (const profile of profiles) addTo(microseconds, profile);
  const ms = [...microseconds].map(([area, spent]): [string, number] => [area, spent / 1000]);
  const others = cpuMs - ms.reduce((sum, [, spent]) => sum + spent, 0);
  if (others > 0) ms.push(['other threads: thread pool, V8', others]);
  return ms.sort((a, b) => b[1] - a[1]);
}

function addTo(microseconds: Map<string, number>, { nodes, samples = [], timeDeltas = [] }: Profiler.Profile): void {
  const byId = new Map(nodes.map(node => [node.id, node]));
  const parents = new Map(nodes.flatMap(node => (node.children ?? []).map(child => [child, node.id] as const)));
  const known = new Map<number, string | undefined>();
  const areaOf = (id: number): string | undefined => {
    const leaf = byId.get(id)!.callFrame.functionName;
    if (nothing.has(leaf)) return undefined;
    let isHash = false;
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const { functionName: name, url } = byId.get(at)!.callFrame;
      isHash ||= name === 'hash';
      if (isHash && url.endsWith('personalise/dkim.ts')) return bodyHash;
      const area = areas.find(([, holds]) => holds({ name, url }));
      if (area) return area[0];
    }
    return rest;
  };
  samples.forEach((id, i) => {
    if (!known.has(id)) known.set(id, areaOf(id));
    const area = known.get(id);
    if (area) microseconds.set(area, (microseconds.get(area) ?? 0) + (timeDeltas[i] ?? 0));
  });
}
