/** What the pages of readers share: tabs, messages, routes that answer a form without changing anything. */
import type { Child } from 'hono/jsx';
import { listPublications, type StoredPublication } from '../../../db/publications.ts';
import { BroadsheetError } from '../../../errors.ts';
import { readForm } from '../../form.ts';
import { Icon } from '../../icons.tsx';
import type { Console, ConsoleContext } from '../context.ts';
import { Desk, refusedPage, sendPage } from '../layout.tsx';
import type { Act } from '../may.ts';
import type { ConsoleRoute } from '../routes.ts';
import { isFormToken } from '../sessions.ts';
import { timeIn } from '../time.ts';
import { type ReadersWords, readersWords } from './words.ts';

export const textOf = (c: ConsoleContext) => readersWords[c.get('language')];
export const numberIn = (c: ConsoleContext, n: number) => n.toLocaleString(c.get('language'));

/** A form's POST that is answered at once and changes nothing: a search, since addresses do not belong in URLs. */
export function ask(
  path: string,
  act: Act,
  handle: (c: ConsoleContext, site: Console, form: Record<string, string>) => Promise<Response>,
): ConsoleRoute {
  return {
    method: 'post',
    path,
    act,
    handle: async (c, site) => {
      const form = await readForm(c);
      if (!isFormToken(c, site, c.req.header('x-form-token') ?? form.token))
        return refusedPage(c, site, c.get('words').formOld, 403);
      return handle(c, site, form);
    },
  };
}

/** Whether htmx asked, for a part. */
export const isPart = (c: ConsoleContext) => c.req.header('hx-request') === 'true';

/** In the words of the page: what `change` and `call` show. */
export function problem(c: ConsoleContext, key: keyof ReadersWords['problem']): BroadsheetError {
  const text = textOf(c);
  return new BroadsheetError('USAGE', text.problem[key].replace(/\.$/, ''), { help: text.correct });
}

/** The number in the path; undefined when it is none. */
export function idOf(c: ConsoleContext, name = 'id'): number | undefined {
  const given = c.req.param(name) ?? '';
  return /^[1-9]\d{0,14}$/.test(given) ? Number(given) : undefined;
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
