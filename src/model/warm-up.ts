/** Warm-up: how a sending domain's mail grows day by day. Pure; a day is one of UTC. */

/** How fast it grows: `delivery.warmUp` of a publication. */
export interface Ramp {
  /** Messages of the first day, and of every day after which little went out. */
  start: number;
  /** A day may have so many times the largest day before. */
  factor: number;
  /** From so many a day on there is no limit. */
  until: number;
}

/** Where a domain stands today. */
export interface WarmUp extends Ramp {
  domain: string;
  sent: number;
  /** Messages that may go out today. */
  allowance: number;
  /** When the next day's may. */
  goesOnAt: Date;
}

/** Null: no limit any more. @param most messages of the largest day before */
export function allowanceAfter(most: number, { start, factor, until }: Ramp): number | null {
  return most * factor >= until ? null : Math.max(start, Math.floor(most * factor));
}

/** Ramps that grow more slowly than this takes are not told to the end. */
const mostDays = 366;

/**
 * How many of `messages` go out today, tomorrow and so on, when each day's allowance is used up by them.
 * @returns one entry a day, the first may be 0; at most a year
 */
export function daysOf(messages: number, ramp: Ramp, today: { sent: number; allowance: number }): number[] {
  const days: number[] = [];
  let left = messages;
  let room: number | null = Math.max(0, today.allowance - today.sent);
  // Today's allowance is what the days before make it.
  let most = Math.max(today.sent, today.allowance > ramp.start ? today.allowance / ramp.factor : 0);
  for (let before = today.sent; days.length < mostDays && (left > 0 || days.length === 0); before = 0) {
    const now: number = Math.min(left, room ?? left);
    days.push(now);
    left -= now;
    most = Math.max(most, before + now);
    room = allowanceAfter(most, ramp);
  }
  return days;
}

/** Seconds until the last of `messages`, at the rate of the last day; null when it cannot be told. */
export function secondsLeft(messages: number, warmUp: WarmUp, now: Date, perSecond: number): number | null {
  const days = daysOf(messages, warmUp, warmUp);
  if (days.length === 1) return perSecond > 0 ? Math.round(messages / perSecond) : null;
  const lastDay = (warmUp.goesOnAt.getTime() - now.getTime()) / 1000 + (days.length - 2) * 86_400;
  return Math.round(Math.max(0, lastDay) + (perSecond > 0 ? days.at(-1)! / perSecond : 0));
}
