/** The frames of the console's pages. */
import { createHash } from 'node:crypto';
import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import { Icon, type IconName } from '../icons.tsx';
import { filesOf } from './assets.ts';
import type { Console, ConsoleContext } from './context.ts';
import { type Act, may } from './may.ts';
import { formToken } from './sessions.ts';
import { style } from './style.ts';

const styleVersion = createHash('sha256').update(style).digest('hex').slice(0, 10);

export const iconSvg =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect x="2" y="2" width="20" height="20" rx="3" fill="#96321f"/><path d="M6 7h12M6 11h7M6 15h7M6 19h4M16 11h2v8h-2z" stroke="#fffefb" stroke-width="1.8" fill="none"/></svg>';

/** Whether a script of ours asks for a part of a page. */
export const wantsPart = (c: ConsoleContext): boolean => c.req.header('hx-request') === 'true';

/** Answers with a part of a page, for htmx. */
export function sendPart(c: ConsoleContext, part: Child, status: 200 | 409 | 422 = 200) {
  c.status(status);
  return c.html(html`${part}`);
}

/** Answers with a page. */
export function sendPage(c: ConsoleContext, page: Child, status: 200 | 400 | 403 | 404 | 409 | 429 | 503 = 200) {
  c.status(status);
  c.header('content-language', c.get('language'));
  return c.html(html`<!doctype html>${page}`);
}

function Document({
  c,
  site,
  title,
  kind,
  scripts = [],
  children,
}: {
  c: ConsoleContext;
  site: Console;
  title: string;
  kind: 'alone' | 'desk';
  scripts?: readonly string[] | undefined;
  children: Child;
}) {
  return (
    <html lang={c.get('language')}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · ${c.get('words').name}`}</title>
        <link rel="icon" href={`${site.base}/console/icon.svg`} type="image/svg+xml" />
        <link rel="stylesheet" href={`${site.base}/console/style.css?v=${styleVersion}`} />
        {scripts.length > 0 && <meta name="form-token" content={formToken(c, site)} />}
        {scripts.length > 0 && <meta name="htmx-config" content='{"includeIndicatorCSS":false}' />}
        {scripts.map(name => (
          <Script site={site} name={name} />
        ))}
      </head>
      <body class={kind} data-palette={kind === 'desk' ? JSON.stringify(c.get('words').palette.said) : undefined}>
        {children}
      </body>
    </html>
  );
}

/** A bundle of client/, and its style sheet. */
async function Script({ site, name }: { site: Console; name: string }) {
  const { script, style } = await filesOf(name);
  const path = `${site.base}/console/assets/`;
  return (
    <>
      {style && <link rel="stylesheet" href={path + style} />}
      <script type="module" src={path + script} />
    </>
  );
}

/** Where a page is found at the side, with the act of `may` that shows it. */
const places = [
  ['issues', 'home', '', 'look'],
  ['readers', 'readers', '/readers', 'readers'],
  ['comments', 'comments', '/comments', 'write'],
  ['figures', 'figures', '/figures', 'look'],
  ['operate', 'operate', '/operate', 'look'],
  ['settings', 'settings', '/settings', 'settings'],
] as const satisfies readonly (readonly [string, IconName, string, Act])[];

export type Place = (typeof places)[number][0];

/** A page before login: one question on it. */
export function Alone({
  c,
  site,
  title,
  scripts,
  children,
}: {
  c: ConsoleContext;
  site: Console;
  title: string;
  scripts?: readonly string[];
  children: Child;
}) {
  return (
    <Document c={c} site={site} title={title} kind="alone" scripts={scripts}>
      <header>
        <span class="wordmark">{c.get('words').name}</span>
        <Languages c={c} site={site} />
      </header>
      <main>
        <div class="sheet card">
          <h1>{title}</h1>
          {children}
        </div>
      </main>
    </Document>
  );
}

/** Why something was not done; the way back is the browser's. */
export function refusedPage(c: ConsoleContext, site: Console, why: string, status: 400 | 403 | 404 | 409) {
  const words = c.get('words');
  return sendPage(
    c,
    <Desk c={c} site={site} title={words.notDone}>
      <h1>{words.notDone}</h1>
      <Message>{why}</Message>
      <p class="after">
        <a class="button" href={`${site.base}/console`}>
          {words.toIssues}
        </a>
      </p>
    </Desk>,
    status,
  );
}

/** What happened and what to do, above a form. */
export function Message({ children }: { children: Child }) {
  return (
    <div class="message" role="alert">
      <Icon name="alert" />
      <span>{children}</span>
    </div>
  );
}

/** A page for staff, with the places at its side. */
export function Desk({
  c,
  site,
  title,
  place,
  scripts = [],
  wide = false,
  children,
}: {
  c: ConsoleContext;
  site: Console;
  title: string;
  place?: Place;
  /** Bundles of client/ beside `base`, which every page has. */
  scripts?: readonly string[];
  /** The content takes the whole width. */
  wide?: boolean;
  children: Child;
}) {
  const words = c.get('words');
  const shown = places.filter(([, , , act]) => may(c.get('staff'), act));
  return (
    <Document c={c} site={site} title={title} kind="desk" scripts={['base', ...scripts]}>
      <a class="skip" href="#content">
        {words.skip}
      </a>
      <header class="side">
        <a class="wordmark" href={`${site.base}/console`}>
          {words.name}
        </a>
        <nav class="places" aria-label={words.navigation}>
          {shown.map(([name, icon, path]) => (
            <a
              href={`${site.base}/console${path}`}
              data-key={name[0]}
              aria-current={name === place ? 'page' : undefined}
            >
              <Icon name={icon} />
              {words.places[name]}
            </a>
          ))}
        </nav>
        <div class="me">
          <Languages c={c} site={site} />
          <a class="who quiet" href={`${site.base}/console/account`} title={words.account}>
            <Icon name="account" />
            <bdi>{c.get('staff').email}</bdi>
          </a>
          <form method="post" action={`${site.base}/console/logout`}>
            <Token c={c} site={site} />
            <button type="submit">
              <Icon name="leave" />
              {words.logout}
            </button>
          </form>
        </div>
      </header>
      <main id="content" class={wide ? 'wide' : undefined}>
        {children}
      </main>
    </Document>
  );
}

/** The hidden field that every form carries. */
export function Token({ c, site }: { c: ConsoleContext; site: Console }) {
  return <input type="hidden" name="token" value={formToken(c, site)} />;
}

function Languages({ c, site }: { c: ConsoleContext; site: Console }) {
  // The answer to a form has the form's address too, so the link may repeat it; its other parameters stay.
  const url = new URL(c.req.url);
  const to = (lang: string) => {
    url.searchParams.set('lang', lang);
    return `${site.base}${c.req.path}${url.search}`;
  };
  const language = c.get('language');
  return (
    <nav class="languages" aria-label={c.get('words').language}>
      <a href={to('ko')} lang="ko" aria-current={language === 'ko' ? 'true' : undefined}>
        한국어
      </a>
      <a href={to('en')} lang="en" aria-current={language === 'en' ? 'true' : undefined}>
        English
      </a>
    </nav>
  );
}
