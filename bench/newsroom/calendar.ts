/** When the newsroom's issues went out, and how its readership grew: pure arithmetic, the same for the same size. */

export interface Size {
  readers: number;
  /** With a ledger: sent ones, one being sent, one held. Drafts, a scheduled one and a cancelled one come on top. */
  issues: number;
  /** Rows of the ledger, about. */
  ledger: number;
  seed: number;
}

export interface Series {
  /** Share of the readers that subscribe to it, as people.ts draws them. */
  share: number;
  issues: number;
  stepDays: number;
  /** Milliseconds from now back to the start of the newest issue. */
  newestMs: number;
}

export interface Calendar {
  /** The weekly in Korean, and the monthly in English. */
  series: [Series, Series];
  /** Readers there were before the first issue, as a share of today's. */
  early: number;
  /** The n-th of N readers came at ((n / N − early) / (1 − early))^(1 / growth) of the newsroom's life. */
  growth: number;
  days: number;
}

const dayMs = 86_400_000;
const minuteMs = 60_000;
const early = 0.02;
/** Of those who ever subscribed, the part that gets an average issue of its time: some left, paused, or have not confirmed. */
const stays = 0.885;

/** Issues a series begins with at least, so that each has sent ones beside the one that is open. */
const fewest = 3;

export function calendarOf({ readers, issues, ledger }: Size): Calendar {
  const monthly = Math.max(fewest, Math.round(issues * 0.22));
  const weekly: Series = { share: 0.9, issues: issues - monthly, stepDays: 7, newestMs: 15 * minuteMs };
  if (weekly.issues < fewest) throw new RangeError(`a newsroom has at least ${2 * fewest} issues`);
  const other: Series = { share: 0.25, issues: monthly, stepDays: 28, newestMs: 120 * minuteMs };
  const series: [Series, Series] = [weekly, other];
  const days = 7 + Math.max(...series.map(one => (one.issues - 1) * one.stepDays));
  const rows = (growth: number) => {
    const joined = (at: number) => early + (1 - early) * at ** growth;
    const times = series.map(one =>
      Array.from(
        { length: one.issues },
        (_, k) => 1 - (one.newestMs / dayMs + (one.issues - 1 - k) * one.stepDays) / days,
      ),
    );
    return series.reduce(
      (sum, one, s) => sum + times[s]!.reduce((n, at) => n + readers * one.share * stays * joined(at), 0),
      0,
    );
  };
  // Steeper growth, fewer rows: halved until it fits. Below the least it grows no slower, and the ledger stays smaller than wanted.
  let [low, high] = [0.2, 60];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (rows(middle) > ledger) low = middle;
    else high = middle;
  }
  return { series, early, growth: (low + high) / 2, days };
}

/** Milliseconds from now back to the start of a series' k-th issue, counted from 0. */
export const startedAgoMs = (series: Series, k: number): number =>
  series.newestMs + (series.issues - 1 - k) * series.stepDays * dayMs;
