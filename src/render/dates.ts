/** Dates as readers of a language write them, in the publication's time zone. */
import type { Publication } from '../model/publication.ts';
import type { Language } from './words.ts';

const locale: Record<Language, string> = { ko: 'ko-KR', en: 'en-US' };

/**
 * @param date a calendar day `YYYY-MM-DD`, which no zone moves, or a moment (ISO 8601), shown as the day it is in the publication's zone.
 * @returns '' when there is no date or it is not one.
 */
export function longDate(
  date: string | undefined,
  publication: Pick<Publication, 'language' | 'timeZone'>,
  weekday: boolean,
): string {
  const moment = new Date(date ?? Number.NaN);
  if (Number.isNaN(moment.getTime())) return '';
  const timeZone = /^\d{4}-\d{2}-\d{2}$/.test(date!) ? 'UTC' : publication.timeZone;
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale[publication.language], { timeZone, ...options }).format(moment);
  const day = format({ year: 'numeric', month: 'long', day: 'numeric' });
  if (!weekday) return day;
  const name = format({ weekday: 'short' });
  return publication.language === 'ko' ? `${day} (${name})` : `${name}, ${day}`;
}
