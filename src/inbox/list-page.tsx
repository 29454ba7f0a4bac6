/** The list: newest mails first, fifty a page. */
import { Icon } from '../http/icons.tsx';
import { Layout, linkTo, type View } from './layout.tsx';
import type { MailEntry } from './store.ts';
import { formatBytes } from './words.ts';

const pageSize = 50;

export interface ListState {
  query: string;
  /** From 1; past the end means the last. */
  page: number;
  /** All mails that match, newest first. */
  matching: readonly MailEntry[];
  total: number;
  version: string;
  smtpUrl: string;
}

export function ListPage({ view, state }: { view: View; state: ListState }) {
  const { words, language } = view;
  const number = (n: number) => n.toLocaleString(language);
  const pages = Math.max(1, Math.ceil(state.matching.length / pageSize));
  const page = Math.min(Math.max(1, state.page), pages);
  const shown = state.matching.slice((page - 1) * pageSize, page * pageSize);
  return (
    <Layout view={view} title={state.total ? `${words.title} (${number(state.total)})` : words.title} live>
      <div data-version={state.version}>
        {state.total > 0 && (
          <div class="tools">
            <search>
              <form action="/">
                <Icon name="search" />
                <input
                  type="search"
                  name="q"
                  value={state.query}
                  placeholder={words.search}
                  aria-label={words.search}
                  maxlength={200}
                />
              </form>
            </search>
            <p class="quiet small count" role="status">
              {state.query ? words.found(number(state.matching.length), state.query) : words.count(number(state.total))}{' '}
              {state.query && <a href="/">{words.showAll}</a>}
            </p>
            <DeleteAll view={view} total={number(state.total)} />
          </div>
        )}
        <div class="sheet mails">
          {shown.length ? (
            <MailTable view={view} mails={shown} />
          ) : (
            <Empty view={view} smtpUrl={state.total === 0 ? state.smtpUrl : undefined} />
          )}
        </div>
        {pages > 1 && (
          <nav class="pages" aria-label={words.page(page, pages)}>
            {page > 1 && <a href={linkTo(view.url, { page: String(page - 1) })}>{words.newerPage}</a>}
            <span class="quiet small">{words.page(page, pages)}</span>
            {page < pages && <a href={linkTo(view.url, { page: String(page + 1) })}>{words.olderPage}</a>}
          </nav>
        )}
      </div>
    </Layout>
  );
}

function MailTable({ view, mails }: { view: View; mails: readonly MailEntry[] }) {
  const { words, language } = view;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{words.to}</th>
          <th scope="col">{words.subject}</th>
          <th scope="col" class="number">
            {words.size}
          </th>
          <th scope="col" class="number">
            {words.arrived}
          </th>
        </tr>
      </thead>
      <tbody>
        {mails.map(mail => (
          <tr>
            <td class="who">
              <span>
                <bdi>{mail.envelope.to.join(', ') || mail.to}</bdi>
              </span>
            </td>
            <td class="subject">
              <a href={`/mail/${mail.id}`}>
                <bdi>{mail.subject || words.noSubject}</bdi>
              </a>
            </td>
            <td class="bytes number">
              <span>{formatBytes(mail.bytes)}</span>
            </td>
            <td class="when number">
              <span>
                <time datetime={mail.at.toISOString()} title={fullTime(mail.at, language)}>
                  {shortTime(mail.at, language)}
                </time>
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** @param smtpUrl of an inbox without any mail; none when only the search found nothing */
function Empty({ view, smtpUrl }: { view: View; smtpUrl: string | undefined }) {
  const { words } = view;
  return (
    <div class="empty">
      {smtpUrl && <h2>{words.emptyTitle}</h2>}
      <p>{smtpUrl ? words.emptyText : words.nothingFound}</p>
      {smtpUrl && <code>SMTP_URL={smtpUrl}</code>}
    </div>
  );
}

function DeleteAll({ view, total }: { view: View; total: string }) {
  return (
    <details class="delete">
      <summary>
        <Icon name="trash" />
        {view.words.deleteAll}
      </summary>
      <form class="sheet" method="post" action="/delete">
        <p class="small">{view.words.deleteAsk(total)}</p>
        <button type="submit" class="main">
          {view.words.deleteYes}
        </button>
      </form>
    </details>
  );
}

/** In the zone of this machine, which is the reader's: the time of today's mails, the day of older ones. */
function shortTime(at: Date, language: string): string {
  const today = at.toDateString() === new Date().toDateString();
  return today
    ? at.toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
    : at.toLocaleDateString(language, {
        month: 'short',
        day: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      });
}

/** With its zone. */
export function fullTime(at: Date, language: string): string {
  return at.toLocaleString(language, { dateStyle: 'long', timeStyle: 'long', hourCycle: 'h23' });
}
