/** “At eight in the morning, wherever you are”: the moments of one time of day, zone by zone. */
import type { Sql } from '../db/client.ts';
import type { LocalTime } from '../db/issues.ts';
import { type Mornings, readersTimeZones } from '../db/mornings.ts';
import { BroadsheetError } from '../errors.ts';
import { dayIn } from '../model/day.ts';
import { parseZonedTime } from './zoned-time.ts';

/** Where a day begins first and last on earth. */
const first = 'Pacific/Kiritimati';
const last = 'Etc/GMT+12';

const help = 'Write it as --local-time 08:00, with --at 2026-11-30 for the day.';

export interface LocalSend {
  local: LocalTime;
  /** When the first reader on earth may be due; undefined: that moment has passed, and the send starts at once. */
  startAt: Date | undefined;
  /** When it is that time where the publication is. */
  at: Date;
}

/**
 * @param time `08:00`
 * @param day `2026-11-30` by each reader's own calendar; undefined: the next day on which that time is still to come where the publication is
 * @throws BroadsheetError USAGE: not a time, not a day, or over everywhere
 */
export function localSend(time: string, day: string | undefined, timeZone: string, now = new Date()): LocalSend {
  const [, hours, minutes] = /^(\d\d):(\d\d)$/.exec(time.trim()) ?? [];
  const minuteOfDay = Number(hours) * 60 + Number(minutes);
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59)
    throw new BroadsheetError('USAGE', `“${time}” is not a time of day`, { help });
  if (day !== undefined && !/^\d{4}-\d\d-\d\d$/.test(day))
    throw new BroadsheetError('USAGE', `“${day}” is not a day`, { help });
  const local = { minutes: minuteOfDay, day: day ?? nextDay(time.trim(), timeZone, now) };
  if (momentOf(local, last) <= now)
    throw new BroadsheetError('USAGE', `${time} of ${local.day} is over everywhere`, { help });
  const startAt = momentOf(local, first);
  return { local, startAt: startAt > now ? startAt : undefined, at: momentOf(local, timeZone) };
}

function nextDay(time: string, timeZone: string, now: Date): string {
  const today = dayIn(timeZone, now);
  if (parseZonedTime(`${today} ${time}`, timeZone) > now) return today;
  const [year, month, date] = today.split('-').map(Number) as [number, number, number];
  return new Date(Date.UTC(year, month - 1, date + 1)).toISOString().slice(0, 10);
}

/** `08:00`. */
export function timeOfDay(minutes: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** @throws BroadsheetError USAGE; RangeError: no such zone */
function momentOf({ day, minutes }: LocalTime, timeZone: string): Date {
  return parseZonedTime(`${day} ${timeOfDay(minutes)}`, timeZone);
}

/** When each zone's readers are due. A zone that this machine does not know has the publication's moment: no name stops a send. */
export async function morningsOf(sql: Sql, local: LocalTime, timeZone: string): Promise<Mornings> {
  const otherwise = momentOf(local, timeZone);
  const zones = (await readersTimeZones(sql)).flatMap(zone => {
    try {
      return { zone, at: momentOf(local, zone) };
    } catch {
      return [];
    }
  });
  return { zones, otherwise };
}
