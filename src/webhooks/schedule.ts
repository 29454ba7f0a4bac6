/** When a message that was not taken is tried again. Pure. */

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Waits after the first, second … failed try, as Standard Webhooks recommends; after the last of them it is given up. */
const waits = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
] as const;

/**
 * @param tries made so far, at least 1
 * @param askedMs by `Retry-After`: never sooner than that
 * @param random 0 to 1: up to a fifth later, so that what failed together does not come together
 * @returns ms to wait; undefined: given up
 */
export function waitAfter(tries: number, askedMs: number | undefined, random = Math.random()): number | undefined {
  const wait = waits[tries - 1];
  if (wait === undefined) return undefined;
  return Math.round(Math.max(wait, askedMs ?? 0) * (1 + random / 5));
}
