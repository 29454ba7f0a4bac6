/** What the sink counted, and what it says. Pure. */

/** What the providers behind the sink are like. */
export const lanes = {
  google: { domain: 'gmail.com', takesMs: 60 },
  naver: { domain: 'naver.com', takesMs: 60 },
  kakao: { domain: 'hanmail.net', takesMs: 90 },
} as const;
export type Lane = keyof typeof lanes;
export const laneNames = Object.keys(lanes) as Lane[];

/** Messages in bins of so many milliseconds since the sink's start. */
export const binMs = 500;
export interface Seen {
  accepted: Record<Lane, number[]>;
  refused: Record<Lane, number[]>;
}

/** Times in seconds since the sink's start. */
export interface Run {
  seen: Seen;
  from: number;
  storm: { from: number; to: number };
  to: number;
}

const binsPerSecond = 1000 / binMs;

/** Messages a second between two times, to the bin. */
export function rate(bins: readonly number[], from: number, to: number): number {
  const [first, last] = [Math.ceil(from * binsPerSecond), Math.floor(to * binsPerSecond)];
  let sum = 0;
  for (let bin = first; bin < last; bin++) sum += bins[bin] ?? 0;
  return (sum / (last - first)) * binsPerSecond;
}

export function before({ seen, from, storm }: Run, lane: Lane): number {
  return rate(seen.accepted[lane], from, storm.from);
}

/** Seconds from the storm's begin until what the lane tries, accepted or not, is a tenth of the rate before, over a second. */
export function fallSeconds(run: Run): number | undefined {
  const { accepted, refused } = run.seen;
  for (let at = Math.ceil(run.storm.from * binsPerSecond) / binsPerSecond; at < run.storm.to; at += binMs / 1000) {
    const tried = rate(accepted.google, at, at + 1) + rate(refused.google, at, at + 1);
    if (tried <= before(run, 'google') / 10) return at - run.storm.from;
  }
  return undefined;
}

/** Seconds from the storm's end until the lane has had nine tenths of the rate before, over five seconds. */
export function recoverySeconds(run: Run): number | undefined {
  for (let at = Math.ceil(run.storm.to * binsPerSecond) / binsPerSecond; at + 5 <= run.to; at += binMs / 1000) {
    if (rate(run.seen.accepted.google, at, at + 5) >= before(run, 'google') * 0.9) return at - run.storm.to;
  }
  return undefined;
}
