/** When a deferred recipient is tried again (rule 2.2). */

/** Waits before the second, third … attempt. The first lets greylisting pass. */
const waitsMinutes = [8, 30, 60, 120, 240];
/** The first waits after a connection that was lost: the relay said nothing about this reader. */
const lostWaitsSeconds = [5, 30, 120];

/**
 * @param attempts how many were made
 * @param lost the connection broke, rather than the relay asking to wait
 * @param random 0 ≤ x < 1: spreads waits by ± 20 %, so that a whole batch does not come back at once
 * @returns milliseconds to wait
 */
export function retryDelayMs(attempts: number, lost: boolean, random: number): number {
  const index = Math.max(0, attempts - 1);
  const base =
    lost && index < lostWaitsSeconds.length
      ? lostWaitsSeconds[index]! * 1000
      : waitsMinutes[Math.min(index, waitsMinutes.length - 1)]! * 60_000;
  return Math.round(base * (0.8 + 0.4 * random));
}
