/** Days at which a pause may end: calendar days of the publication's zone, `YYYY-MM-DD`. */
import { parseZonedTime } from '../../../enqueue/zoned-time.ts';

/** Months ahead that a pause may last. */
const mostMonths = 12;

export function nextDay(day: string): string {
  const [year, month, date] = partsOf(day);
  return isoDay(new Date(Date.UTC(year, month - 1, date + 1)));
}

/** The same day so many months later; the month's last when it has no such day. */
function monthsLater(day: string, months: number): string {
  const [year, month, date] = partsOf(day);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return isoDay(new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))));
}

export function lastPauseDay(today: string): string {
  return monthsLater(today, mostMonths);
}

/**
 * When a pause ends that a form asks for: the beginning of that day.
 * @param today of the publication's zone
 * @returns undefined when it asks for none that is allowed: tomorrow to a year from now
 */
export function pauseEnd(form: { months?: string; date?: string }, today: string, timeZone: string): Date | undefined {
  const day = form.months === '1' || form.months === '3' ? monthsLater(today, Number(form.months)) : (form.date ?? '');
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || day <= today || day > lastPauseDay(today)) return undefined;
  try {
    return parseZonedTime(`${day} 00:00`, timeZone);
  } catch {
    // 30 February.
    return undefined;
  }
}

function partsOf(day: string): [number, number, number] {
  const [year, month, date] = day.split('-').map(Number);
  return [year!, month!, date!];
}

function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}
