/** How long a send takes to get back to full rate. Pure. */

const windowMs = 1000;
const beforeMs = 2000;
const share = 0.8;
/** Below this many messages a second before the strike, a rate says nothing. */
const leastRate = 5;

export interface Strike {
  /** When it struck: the rate before is that of the two seconds before this moment. Milliseconds, as all times here. */
  at: number;
  /** When an outage ended; from here the way back is measured. A killed worker's begins with the kill. */
  over?: number;
}

/**
 * Seconds from the strike (or the outage's end) until a second begins in which at least 80 % of the rate before is taken again; 0: it never fell below.
 * @param acceptedAt moments of the relay's 250s, ascending, milliseconds
 * @param until the next strike, where watching ends
 * @returns undefined when the send was not at a steady rate before, or ended (or was struck again) before it was back
 */
export function recoverySeconds(
  acceptedAt: readonly number[],
  strike: Strike,
  until = Number.POSITIVE_INFINITY,
): number | undefined {
  const { at, over = at } = strike;
  const before = countBetween(acceptedAt, at - beforeMs, at) / (beforeMs / 1000);
  if (before < leastRate) return undefined;
  const isBack = (begin: number) =>
    countBetween(acceptedAt, begin, begin + windowMs) >= before * share * (windowMs / 1000);
  if (over + windowMs > until) return undefined;
  if (isBack(over)) return 0;
  for (let i = lowerBound(acceptedAt, over); i < acceptedAt.length; i++) {
    const begin = acceptedAt[i]!;
    if (begin + windowMs > until) return undefined;
    if (isBack(begin)) return (begin - over) / 1000;
  }
  return undefined;
}

function countBetween(sorted: readonly number[], from: number, to: number): number {
  return lowerBound(sorted, to) - lowerBound(sorted, from);
}

/** Index of the first value ≥ x. */
function lowerBound(sorted: readonly number[], x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
}
