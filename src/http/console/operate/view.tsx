/** What the parts of the operations page share: words, numbers, times, and how a part stands on it. */
import type { Child } from 'hono/jsx';
import type { Console, ConsoleContext } from '../context.ts';
import { reasonWords } from '../reason-words.ts';
import { timeIn } from '../time.ts';
import { type OperateWords, operateWords } from './words.ts';

/** What every part of the page needs. */
export interface View {
  c: ConsoleContext;
  site: Console;
  words: OperateWords;
  number: (n: number, digits?: number) => string;
  /** In UTC: operators of one newsroom may sit anywhere. */
  time: (at: Date) => string;
}

export function viewOf(c: ConsoleContext, site: Console): View {
  const language = c.get('language');
  return {
    c,
    site,
    words: operateWords(language),
    number: (n, digits = 0) => n.toLocaleString(language, { maximumFractionDigits: digits }),
    time: at => {
      const isToday = at.toISOString().slice(0, 10) === new Date().toISOString().slice(0, 10);
      const day: Intl.DateTimeFormatOptions = isToday ? {} : { month: 'short', day: 'numeric' };
      return `${timeIn(at, language, 'UTC', { ...day, hour: '2-digit', minute: '2-digit' })} UTC`;
    },
  };
}

/** A share as people read it: `12.3 %`. */
export function percent(view: View, part: number, whole: number): string {
  return whole === 0 ? view.words.none : `${view.number((100 * part) / whole, part / whole < 0.01 ? 2 : 1)} %`;
}

/** What a span of time is called in one unit. */
export function span(words: OperateWords, ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return words.seconds(seconds);
  return seconds < 7200 ? words.minutes(Math.round(seconds / 60)) : words.hours(Math.round(seconds / 3600));
}

/** A part of the page, or why it cannot be shown. */
export function Part<T>({
  view,
  name,
  hint,
  of,
  children,
}: {
  view: View;
  name: string;
  hint?: string;
  of: { value: T } | { error: string };
  children: (value: T) => Child;
}) {
  return (
    <section class="part operate-part">
      <h2>{name}</h2>
      {hint && <p class="quiet small">{hint}</p>}
      {'error' in of ? (
        <p class="operate-unread">
          {view.words.unreadable(name, reasonWords(of.error, view.c.get('language')) ?? of.error)}
        </p>
      ) : (
        children(of.value)
      )}
    </section>
  );
}
