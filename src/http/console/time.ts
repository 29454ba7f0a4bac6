/** A moment as the console shows it: on a 24-hour clock, in a zone that is told beside it. */
export function timeIn(at: Date, language: string, timeZone: string, style: Intl.DateTimeFormatOptions): string {
  return at.toLocaleString(language, { ...style, hourCycle: 'h23', timeZone });
}

/** With day and zone, in one line. */
export const momentIn = (at: Date, language: string, timeZone: string): string =>
  timeIn(at, language, timeZone, {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
