/** GET `/p/:slug/search?q=`: past issues and summaries that have the words, best first, in pages by key. */
import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import { findPublication } from '../../../db/publications.ts';
import { type SearchHit, type SearchKey, searchArchive } from '../../../db/search.ts';
import { maxQuery, type SearchQuery, searchQuery } from '../../../model/search-text.ts';
import { askedLanguage, sendPage } from '../page.tsx';
import type { Site } from '../reader.ts';
import type { Language } from '../words.ts';
import { excerptOf, type Piece } from './excerpt.ts';
import { ArchiveNav } from './nav.tsx';
import { bothPaths, type Paths } from './paths.ts';
import { archiveStyle } from './style.ts';
import { archiveWords } from './words.ts';

const pageSize = 10;
/** Postgres' word for a statement that was stopped (57014 query_canceled). */
const stopped = '57014';

export async function searchPage(c: Context, site: Site): Promise<Response> {
  const stored = await findPublication(site.sql, c.req.param('slug') ?? '');
  if (!stored) return c.notFound();
  const { id, publication } = stored;
  const lang = askedLanguage(c) ?? publication.language;
  const words = archiveWords[lang];
  const { here, out } = bothPaths(site, publication, lang);
  const asked = cleaned(c.req.query('q') ?? '');
  const query = searchQuery(asked);
  const hits = query && (await search(site, id, query, keyOf(c.req.query('after'))));
  const switched: Record<string, string> = lang === publication.language ? {} : { lang };
  const content = (
    <>
      <h1>{words.searchTitle}</h1>
      <SearchForm here={here} lang={lang} query={asked} hidden={switched} />
      {asked && (
        <Hits
          hits={query ? hits : []}
          query={asked}
          given={query}
          here={here}
          lang={lang}
          language={publication.language}
          more={switched}
        />
      )}
    </>
  );
  c.header('cache-control', 'public, max-age=30');
  const extra = {
    css: archiveStyle,
    layout: 'archive',
    skip: words.skip,
    nav: <ArchiveNav here={here} lang={lang} at="search" />,
    // Pages of results are no pages of their own.
    head: <link rel="canonical" href={out.search} />,
  };
  const kept: Record<string, string> = asked ? { q: asked } : {};
  const frame = { lang, base: site.base, publication, query: kept, indexed: !asked };
  return sendPage(c, { ...frame, title: words.searchTitle, extra }, content);
}

/** @returns undefined when it took too long */
async function search(site: Site, publicationId: number, query: SearchQuery, after: SearchKey | undefined) {
  try {
    return await searchArchive(site.sql, publicationId, query, pageSize + 1, after);
  } catch (error) {
    if ((error as { code?: unknown }).code === stopped) return undefined;
    throw error;
  }
}

function cleaned(text: string): string {
  return [...text.replace(/[\p{Cc}\p{Surrogate}]+/gu, ' ')].slice(0, maxQuery).join('').trim();
}

function keyOf(text: string | undefined): SearchKey | undefined {
  const match = /^(\d{1,9})-(\d{1,15})-(\d{1,9})$/.exec(text ?? '');
  return match ? { score: Number(match[1]), issueId: Number(match[2]), summary: Number(match[3]) } : undefined;
}

interface FormProps {
  here: Paths;
  lang: Language;
  query?: string;
  hidden?: Record<string, string>;
}

export function SearchForm({ here, lang, query = '', hidden = {} }: FormProps) {
  const words = archiveWords[lang];
  return (
    <search>
      <form class="find" action={here.search}>
        {Object.entries(hidden).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <input
          type="search"
          name="q"
          value={query}
          maxlength={maxQuery}
          placeholder={words.searchHint}
          aria-label={words.searchTitle}
          enterkeyhint="search"
        />
        <button type="submit">{words.searchButton}</button>
      </form>
    </search>
  );
}

interface HitsProps {
  hits: SearchHit[] | undefined;
  query: string;
  given: SearchQuery | undefined;
  here: Paths;
  lang: Language;
  language: Language;
  more: Record<string, string>;
}

function Hits({ hits, query, given, here, lang, language, more }: HitsProps) {
  const words = archiveWords[lang];
  if (!hits) return <p class="notice">{words.slow}</p>;
  if (hits.length === 0)
    return (
      <>
        <h2>{words.nothing(query)}</h2>
        <p class="quiet">{words.nothingHint}</p>
      </>
    );
  const shown = hits.slice(0, pageSize);
  const last = shown.at(-1)!;
  const next = new URLSearchParams({ ...more, q: query, after: `${last.score}-${last.issueId}-${last.summary}` });
  return (
    <>
      <h2>{words.found(query)}</h2>
      <ol class="hits">
        {shown.map(hit => (
          <Hit hit={hit} needles={given!.needles} here={here} lang={lang} language={language} />
        ))}
      </ol>
      {hits.length > pageSize && (
        <p>
          <a href={`?${next}`} rel="nofollow">
            {words.more}
          </a>
        </p>
      )}
    </>
  );
}

function Hit({
  hit,
  needles,
  here,
  lang,
  language,
}: { hit: SearchHit; needles: string[] } & Omit<FormProps, 'query' | 'hidden'> & { language: Language }) {
  const words = archiveWords[lang];
  const href = hit.summary === 0 ? here.issue(hit.issueSlug) : here.summary(hit.issueSlug, hit.summary);
  return (
    <li>
      <p class="meta">
        {hit.summary === 0 ? (
          words.whole
        ) : (
          <>
            {words.summary(hit.summary)}
            {' · '}
            <span lang={language}>{hit.issueTitle}</span>
          </>
        )}
      </p>
      <h3 class="title" lang={language}>
        <a href={href}>{pieces(excerptOf(hit.title, needles, 300))}</a>
      </h3>
      <p lang={language}>{pieces(excerptOf(hit.body, needles))}</p>
    </li>
  );
}

function pieces(of: readonly Piece[]): Child {
  return <>{of.map(piece => (piece.hit ? <mark>{piece.text}</mark> : piece.text))}</>;
}
