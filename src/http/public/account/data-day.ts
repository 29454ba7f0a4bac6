/** Links to a reader's data work for some days: the day they were written is the number in their token. */

const dayMs = 86_400_000;
const validDays = 7;

/** Days since 1970, as a token's number. */
export function today(now: Date): number {
  return Math.floor(now.getTime() / dayMs) % 65_536;
}

export function isFresh(ref: number, now: Date): boolean {
  const age = today(now) - ref;
  return age >= 0 && age <= validDays;
}
