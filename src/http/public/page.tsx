/** The frame of every reader's page, and how one is answered. */
import type { Context } from 'hono';
import { raw } from 'hono/html';
import type { Child, PropsWithChildren } from 'hono/jsx';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Publication } from '../../model/publication.ts';
import { pagePolicy } from '../security.ts';
import { sourceHash, styleSheet } from './style.ts';
import { type Language, languages, words } from './words.ts';

export interface PageOptions {
  title: string;
  lang: Language;
  /** Without a trailing slash: path of the site below its host, '' mostly. */
  base: string;
  /** Undefined: a page of the whole site. */
  publication?: Publication | undefined;
  /** The publication's own first page: what stands above leads to all of them. */
  front?: boolean;
  status?: ContentfulStatusCode;
  /** Kept in the language switch's address. */
  query?: Record<string, string>;
  /** For search engines; readers' own pages are not indexed. */
  indexed?: boolean;
  /** For a page that loads more than its style sheet. */
  policy?: (styleHash: string) => string;
  /** What a kind of page adds. */
  extra?: PageExtra;
}

export interface PageExtra {
  /** For `<head>`: canonical link, feeds, what a shared link shows. */
  head?: Child;
  /** Style rules after those of all pages. */
  css?: string;
  /** One small script, which only improves. */
  script?: string;
  /** Shows pictures of an issue. */
  images?: boolean;
  /** Of `<body>`. */
  layout?: string;
  /** Words of the link that leads past the masthead to `<main>`. */
  skip?: string;
  /** Between masthead and content. */
  nav?: Child;
}

/** `?lang=`, when it is one of ours. */
export function askedLanguage(c: Context): Language | undefined {
  return languages.find(lang => lang === c.req.query('lang'));
}

/** For pages that belong to no publication: what the browser prefers. */
export function browserLanguage(c: Context): Language {
  const asked = askedLanguage(c);
  if (asked) return asked;
  const accepted = (c.req.header('accept-language') ?? '').slice(0, 200).split(',');
  return (
    languages.find(
      lang => lang === accepted.map(one => one.trim().slice(0, 2).toLowerCase()).find(one => /^(ko|en)$/.test(one)),
    ) ?? 'en'
  );
}

export interface WrittenPage {
  html: string;
  headers: Record<string, string>;
}

/** A whole page, and the headers it needs: a policy that allows its own style sheet and script and nothing else. */
export function writePage(options: PageOptions, content: Child): WrittenPage {
  const { lang, extra = {} } = options;
  const sheet = styleSheet(options.publication?.brand.accent, extra.css);
  const { script, images = false } = extra;
  const page = (
    <Document options={options} css={sheet.css}>
      {content}
    </Document>
  );
  return {
    html: `<!doctype html>${page}`,
    headers: {
      'content-security-policy':
        options.policy?.(sheet.hash) ?? pagePolicy(sheet.hash, { images, scriptHash: script && sourceHash(script) }),
      'content-language': lang,
      ...(options.indexed ? {} : { 'x-robots-tag': 'noindex, nofollow' }),
    },
  };
}

export function sendPage(c: Context, options: PageOptions, content: Child): Response | Promise<Response> {
  const { html, headers } = writePage(options, content);
  return c.html(html, options.status ?? 200, headers);
}

function Document({ options, css, children }: PropsWithChildren<{ options: PageOptions; css: string }>) {
  const { lang, title, base, publication, extra = {} } = options;
  const name = publication?.name;
  return (
    <html lang={lang}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{name && name !== title ? `${title} · ${name}` : title}</title>
        <link rel="icon" href="data:," />
        {extra.head}
        <style>{raw(css)}</style>
      </head>
      <body class={extra.layout}>
        {extra.skip && (
          <a class="skip" href="#page-main">
            {extra.skip}
          </a>
        )}
        <header class="mast">
          {publication && !options.front ? (
            <a
              class="name"
              lang={publication.language}
              href={`${base}/p/${publication.slug}${lang === publication.language ? '' : `?lang=${lang}`}`}
            >
              {publication.name}
            </a>
          ) : (
            <a class="name" href={`${base}/`}>
              {words[lang].home.title}
            </a>
          )}
          <LanguageSwitch options={options} />
        </header>
        {extra.nav}
        <main id={extra.skip && 'page-main'}>{children}</main>
        {publication && <Imprint publication={publication} />}
        {extra.script && <script>{raw(extra.script)}</script>}
      </body>
    </html>
  );
}

/** To the same page: a relative reference keeps the path, whatever it is. */
function LanguageSwitch({ options }: { options: PageOptions }) {
  const other = languages.find(lang => lang !== options.lang)!;
  const query = new URLSearchParams({ ...options.query, lang: other });
  return (
    <a class="lang" href={`?${query}`} lang={other} hreflang={other} rel="nofollow">
      {words[other].language}
    </a>
  );
}

/** Who sends this: the same identity as under every issue. */
function Imprint({ publication }: { publication: Publication }) {
  const { from, replyTo, postalAddress, phone } = publication;
  const address = replyTo ?? from.address;
  return (
    <footer class="foot" lang={publication.language}>
      <p>{from.name}</p>
      <p>
        {[postalAddress, phone].filter(Boolean).join(' · ')} · <a href={`mailto:${address}`}>{address}</a>
      </p>
    </footer>
  );
}

/** Lucide's `check` and `heart`, drawn at 20 px. */
const paths = {
  check: 'M20 6 9 17l-5-5',
  heart:
    'M2 9.5a5.5 5.5 0 0 1 9.591-3.676.56.56 0 0 0 .818 0A5.49 5.49 0 0 1 22 9.5c0 2.29-1.5 4-3 5.5l-5.492 5.313a2 2 0 0 1-3 .019L5 15c-1.5-1.5-3-3.2-3-5.5',
};

/** Decoration beside words that say the same. */
export function Icon({ name, filled = false }: { name: keyof typeof paths; filled?: boolean }) {
  return (
    <svg
      width="20"
      height="20"
      viewBox="0 0 24 24"
      fill={filled ? 'currentColor' : 'none'}
      stroke="currentColor"
      stroke-width="2.25"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}

/** A form that posts to the page it is on, its language included: the one way anything changes. */
export function Act({
  action,
  second = false,
  more = {},
  children,
}: PropsWithChildren<{ action: string; second?: boolean; more?: Record<string, string> }>) {
  return (
    <form method="post">
      <input type="hidden" name="action" value={action} />
      {Object.entries(more).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button type="submit" class={second ? 'second' : undefined}>
        {children}
      </button>
    </form>
  );
}
