/** What the pages of readers share: tabs, messages, routes that answer a form without changing anything. */
import type { Child } from 'hono/jsx';
import { listPublications, type StoredPublication } from '../../../db/publications.ts';
import { Icon } from '../../icons.tsx';
import type { Console, ConsoleContext } from '../context.ts';
import { PageRefusal } from '../errors.ts';
import { Desk, sendPage } from '../layout.tsx';
import { timeIn } from '../time.ts';
import { type ReadersWords, readersWords } from './words.ts';

export const textOf = (c: ConsoleContext) => readersWords[c.get('language')];
export const numberIn = (c: ConsoleContext, n: number) => n.toLocaleString(c.get('language'));

/** In the words of the page: what `change` and `call` show. */
export function problem(c: ConsoleContext, key: keyof ReadersWords['problem']): PageRefusal {
  const text = textOf(c);
  return new PageRefusal(text.problem[key], text.correct);
}

const places = [
  ['list', '/readers'],
  ['segments', '/readers/segments'],
  ['imports', '/readers/imports'],
  ['suppressed', '/readers/suppressed'],
] as const;

export type ReadersPlace = (typeof places)[number][0];

/** Answers with a page under the tabs. */
export function sendReaders(
  c: ConsoleContext,
  site: Console,
  { title, at, scripts, actions }: { title: string; at?: ReadersPlace; scripts?: string[]; actions?: Child },
  children: Child,
  status: 200 | 404 = 200,
) {
  const text = textOf(c);
  const said = text.said[c.req.query('said') ?? ''];
  return sendPage(
    c,
    <Desk c={c} site={site} title={title} place="readers" scripts={scripts ?? []}>
      <nav class="tabs" aria-label={text.title}>
        {places.map(([name, path]) => (
          <a href={`${site.base}/console${path}`} aria-current={name === at ? 'page' : undefined}>
            {text.tabs[name]}
          </a>
        ))}
      </nav>
      <div class="head">
        <h1>
          <bdi>{title}</bdi>
        </h1>
        {actions}
      </div>
      {said && (
        <p class="said readers-said" role="status">
          {said}
        </p>
      )}
      {children}
    </Desk>,
    status,
  );
}

export function Time({ c, at, zone, day }: { c: ConsoleContext; at: Date; zone: string; day?: boolean }) {
  const style: Intl.DateTimeFormatOptions = day
    ? { year: 'numeric', month: 'short', day: 'numeric' }
    : { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' };
  return (
    <time datetime={at.toISOString()} class="nowrap">
      {timeIn(at, c.get('language'), zone, style)}
    </time>
  );
}

const stateIcons = { pending: 'clock', active: 'done', paused: 'pause', unsubscribed: 'cancelled' } as const;

export function StandingMark({ c, state }: { c: ConsoleContext; state: keyof typeof stateIcons }) {
  return (
    <span class={`state readers-${state}`}>
      <Icon name={stateIcons[state]} />
      {textOf(c).states[state]}
    </span>
  );
}

export async function publicationsOf(site: Console): Promise<StoredPublication[]> {
  return listPublications(site.wiring.sql);
}

/** The zone that times are shown in where several publications meet: the first one's. */
export const zoneOf = (publications: readonly StoredPublication[]) => publications[0]?.publication.timeZone ?? 'UTC';
