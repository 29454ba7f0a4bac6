/** What all pages of the inbox share. */
import { createHash } from 'node:crypto';
import type { Child } from 'hono/jsx';
import { Icon } from '../http/icons.tsx';
import type { Language } from '../http/language.ts';
import { listScript, style } from './style.ts';
import type { Words } from './words.ts';

/** Everything a page needs to know about how it is asked for. */
export interface View {
  language: Language;
  words: Words;
  /** Path and query, for links that change one thing. */
  url: URL;
}

const fingerprint = createHash('sha256').update(style).update(listScript).digest('hex').slice(0, 10);

/** The same page with some query parameters changed; null removes one. */
export function linkTo(url: URL, changes: Record<string, string | null>): string {
  const query = new URLSearchParams(url.search);
  query.delete('lang');
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return text ? `${url.pathname}?${text}` : url.pathname;
}

export function Layout({
  view,
  title,
  live,
  children,
}: {
  view: View;
  title: string;
  live?: boolean;
  children: Child;
}) {
  const { words, language, url } = view;
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href={`/style.css?v=${fingerprint}`} />
        {live && (
          <noscript>
            <meta http-equiv="refresh" content="5" />
          </noscript>
        )}
        {live && <script src={`/list.js?v=${fingerprint}`} defer />}
      </head>
      <body class={live ? 'list' : 'mail'}>
        <header class="bar">
          <h1>
            <a href="/">
              <Icon name="inbox" />
              {words.title}
            </a>
          </h1>
          <p class="quiet small explain">{words.explain}</p>
          <nav class="languages" aria-label={words.language}>
            <a href={linkTo(url, { lang: 'ko' })} lang="ko" aria-current={language === 'ko' ? 'true' : undefined}>
              한국어
            </a>
            <a href={linkTo(url, { lang: 'en' })} lang="en" aria-current={language === 'en' ? 'true' : undefined}>
              English
            </a>
          </nav>
        </header>
        <main>{children}</main>
      </body>
    </html>
  );
}

/** The tab's icon: an envelope in the accent colour. */
export const iconSvg =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#c4523e" stroke-width="2" stroke-linejoin="round"><path d="M3 5h18v14H3z"/><path d="m3 6 9 7 9-7"/></svg>';
