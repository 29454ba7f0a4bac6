/** One mail: what a reader sees, and everything that a mail program hides. */
import { Icon, type IconName } from '../http/icons.tsx';
import { frameSandbox, hasRemoteImages } from './frame.ts';
import { Layout, linkTo, type View } from './layout.tsx';
import { fullTime } from './list-page.tsx';
import { gmailClipBytes, type Mail } from './mail.ts';
import type { MailEntry } from './store.ts';
import { formatBytes } from './words.ts';

export const mailViews = ['html', 'text', 'headers', 'source'] as const;
type MailView = (typeof mailViews)[number];

/** So much of the source is shown in the page. */
const sourceShownBytes = 200 * 1024;

export interface MailState {
  entry: MailEntry;
  mail: Mail;
  source: Buffer;
  shown: MailView;
  width: 390 | 700;
  scheme: 'light' | 'dark';
  remoteImages: boolean;
  newer: string | undefined;
  older: string | undefined;
}

export function MailPage({ view, state }: { view: View; state: MailState }) {
  const { words } = view;
  const { entry, mail, shown } = state;
  return (
    <Layout view={view} title={`${entry.subject || words.noSubject} · ${words.title}`}>
      <Trail view={view} state={state} />
      <Head view={view} entry={entry} />
      <div class="sheet main-sheet">
        <div class="strip">
          <nav class="tabs" aria-label={words.views}>
            {mailViews.map(name => (
              <a href={linkTo(view.url, { view: name })} aria-current={name === shown ? 'page' : undefined}>
                {words[name]}
              </a>
            ))}
          </nav>
          {shown === 'html' && mail.html !== undefined && <Switches view={view} state={state} />}
        </div>
        {mail.broken !== undefined && <p class="note warn">{`${words.broken} (${mail.broken})`}</p>}
        {shown === 'html' && <HtmlView view={view} state={state} />}
        {shown === 'text' && <TextView view={view} mail={mail} />}
        {shown === 'headers' && <HeaderView view={view} mail={mail} />}
        {shown === 'source' && <SourceView view={view} source={state.source} />}
        {mail.attachments.length > 0 && <Attachments view={view} state={state} />}
      </div>
    </Layout>
  );
}

function Trail({ view, state }: { view: View; state: MailState }) {
  const { words, url } = view;
  const step = (id: string | undefined, name: IconName, label: string) =>
    id && (
      <a
        class="button"
        href={`/mail/${id}${linkTo(url, {}).slice(url.pathname.length)}`}
        title={label}
        aria-label={label}
      >
        <Icon name={name} />
      </a>
    );
  return (
    <div class="trail">
      <a class="button" href="/">
        <Icon name="back" />
        {words.back}
      </a>
      <div class="steps">
        {step(state.newer, 'newer', words.newer)}
        {step(state.older, 'older', words.older)}
        <a class="button" href={`/mail/${state.entry.id}/source.eml`}>
          <Icon name="download" />
          {words.download}
        </a>
      </div>
    </div>
  );
}

function Head({ view, entry }: { view: View; entry: MailEntry }) {
  const { words, language } = view;
  const { envelope } = entry;
  return (
    <div class="sheet mail-head">
      <h2>
        <bdi>{entry.subject || words.noSubject}</bdi>
      </h2>
      <dl>
        <dt>{words.from}</dt>
        <dd>
          <bdi>{entry.from}</bdi>
        </dd>
        <dt>{words.to}</dt>
        <dd>
          <bdi>{entry.to}</bdi>
        </dd>
        <dt>{words.arrived}</dt>
        <dd>
          <time datetime={entry.at.toISOString()}>{fullTime(entry.at, language)}</time> ·{' '}
          <span class="nowrap">{formatBytes(entry.bytes)}</span>
        </dd>
        <dt>{words.envelope}</dt>
        <dd class="quiet">
          <bdi>{envelope.from || words.nobody}</bdi> → <bdi>{envelope.to.join(', ')}</bdi>
        </dd>
      </dl>
    </div>
  );
}

function Switches({ view, state }: { view: View; state: MailState }) {
  const { words, url } = view;
  const choice = (name: IconName, label: string, chosen: boolean, change: Record<string, string>) => (
    <a href={linkTo(url, change)} title={label} aria-label={label} aria-current={chosen ? 'true' : undefined}>
      <Icon name={name} />
    </a>
  );
  return (
    <div class="switches">
      <nav class="switch width" aria-label={words.width}>
        {choice('monitor', words.desktop, state.width === 700, { width: '700' })}
        {choice('phone', words.phone, state.width === 390, { width: '390' })}
      </nav>
      <nav class="switch" aria-label={words.scheme}>
        {choice('sun', words.light, state.scheme === 'light', { scheme: 'light' })}
        {choice('moon', words.dark, state.scheme === 'dark', { scheme: 'dark' })}
      </nav>
    </div>
  );
}

function HtmlView({ view, state }: { view: View; state: MailState }) {
  const { words } = view;
  const { mail, entry, scheme, width, remoteImages } = state;
  if (mail.html === undefined) return <p class="empty quiet">{words.noHtml}</p>;
  const left = gmailClipBytes - mail.htmlBytes;
  const size = formatBytes(mail.htmlBytes);
  return (
    <>
      {left >= 0 ? (
        <p class="note">{words.clipOk(size, formatBytes(left))}</p>
      ) : (
        <p class="note warn">
          <Icon name="alert" />
          {words.clipped(size, formatBytes(-left))}
        </p>
      )}
      {!remoteImages && hasRemoteImages(mail.html) && (
        <p class="note">
          {words.images}
          <a class="button" href={linkTo(view.url, { images: '1' })}>
            {words.showImages}
          </a>
        </p>
      )}
      <div class="stage">
        <iframe
          class={`w${width} ${scheme}`}
          title={words.frame}
          sandbox={frameSandbox}
          src={`/mail/${entry.id}/html?scheme=${scheme}${remoteImages ? '&images=1' : ''}`}
        />
      </div>
    </>
  );
}

function TextView({ view, mail }: { view: View; mail: Mail }) {
  if (mail.text === undefined) return <p class="empty quiet">{view.words.noText}</p>;
  return (
    <pre class="text">
      {mail.text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}])/).map((part, index) =>
        index % 2 === 1 ? (
          <a href={part} target="_blank" rel="noopener noreferrer">
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </pre>
  );
}

function HeaderView({ view, mail }: { view: View; mail: Mail }) {
  const { words } = view;
  return (
    <>
      <table class="fields">
        <thead>
          <tr>
            <th scope="col">{words.name}</th>
            <th scope="col">{words.value}</th>
          </tr>
        </thead>
        <tbody>
          {mail.headers.map(header => (
            <tr>
              <th scope="row">{header.name}</th>
              <td>
                <bdi>{header.value}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <details class="raw">
        <summary>{words.rawHeaders}</summary>
        <pre>{mail.headerText}</pre>
      </details>
    </>
  );
}

function SourceView({ view, source }: { view: View; source: Buffer }) {
  return (
    <>
      {source.length > sourceShownBytes && <p class="note">{view.words.cut(formatBytes(sourceShownBytes))}</p>}
      <pre>{source.subarray(0, sourceShownBytes).toString('utf8')}</pre>
    </>
  );
}

function Attachments({ view, state }: { view: View; state: MailState }) {
  return (
    <div class="attachments">
      <h2>
        <Icon name="clip" />
        {view.words.attachments}
      </h2>
      <ul>
        {state.mail.attachments.map((part, index) => (
          <li>
            <a href={`/mail/${state.entry.id}/attachment/${index}`}>
              <bdi>{part.name}</bdi>
            </a>{' '}
            <span class="quiet">
              {part.type}, {formatBytes(part.content.length)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
