/** What the pages of figures share. */
import type { Child } from 'hono/jsx';
import type { Publication } from '../../../model/publication.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { timeIn } from '../time.ts';
import { type FiguresWords, figuresWords } from './words.ts';

export interface View {
  c: ConsoleContext;
  site: Console;
  words: FiguresWords;
  number: (n: number) => string;
  /** `12.3 %`; a dash when there is none. */
  share: (part: number, whole: number) => string;
  /** In the publication's zone. */
  day: (at: Date) => string;
  time: (at: Date) => string;
}

export function viewOf(c: ConsoleContext, site: Console, { timeZone }: Pick<Publication, 'timeZone'>): View {
  const language = c.get('language');
  return {
    c,
    site,
    words: figuresWords(language),
    number: n => n.toLocaleString(language),
    share: (part, whole) => {
      if (whole === 0) return '–';
      const value = (100 * part) / whole;
      return `${value.toLocaleString(language, { maximumFractionDigits: value < 1 ? 2 : 1 })} %`;
    },
    day: at => timeIn(at, language, timeZone, { dateStyle: 'medium' }),
    time: at => `${timeIn(at, language, timeZone, { dateStyle: 'medium', timeStyle: 'short' })} (${timeZone})`,
  };
}

/** One number, what it is, and what it is measured by. */
export function Key({ name, value, hint }: { name: string; value: string; hint?: string | undefined }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        {hint && <small>{hint}</small>}
      </dd>
    </div>
  );
}

export function Part({ name, hint, tools, children }: { name: string; hint?: string; tools?: Child; children: Child }) {
  return (
    <section class="part figures-part">
      <div class="head">
        <h2>{name}</h2>
        {tools}
      </div>
      {hint && <p class="quiet small">{hint}</p>}
      {children}
    </section>
  );
}

/** A share as a bar beside its number. @param of 0 to 1 */
export function Bar({ of }: { of: number }) {
  return (
    <svg class="figures-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect width={(100 * Math.min(1, Math.max(0, of))).toFixed(1)} height="8" />
    </svg>
  );
}

/** Data for the script that draws; `<` is escaped, so that no text of it ends the element. */
export function PageData({ id, of }: { id: string; of: unknown }) {
  const json = JSON.stringify(of).replace(/</g, '\\u003c');
  return <script type="application/json" id={id} dangerouslySetInnerHTML={{ __html: json }} />;
}
