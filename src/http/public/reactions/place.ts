/** What a reaction is about: a published issue or one of its summaries, from the address or from a reader's link. */
import type { Context } from 'hono';
import { findPublication } from '../../../db/publications.ts';
import { findPublished, type PublishedIssue } from '../../../db/readers.ts';
import type { Publication } from '../../../model/publication.ts';
import { askedLanguage, type PageOptions } from '../page.tsx';
import type { Site } from '../reader.ts';
import type { Language } from '../words.ts';

export interface Place {
  publicationId: number;
  publication: Publication;
  issue: PublishedIssue;
  /** 0: the issue itself. */
  summary: number;
  /** What is liked, commented or shared. */
  title: string;
  lang: Language;
  frame: Omit<PageOptions, 'title'>;
}

/** Of `/p/:slug/:issue/…?summary=n`; undefined when there is no such issue or summary. */
export async function openPlace(c: Context, site: Site, given: { summary?: string } = {}): Promise<Place | undefined> {
  const summary = summaryNumber(given.summary ?? c.req.query('summary'));
  const found = await findPublication(site.sql, c.req.param('slug') ?? '');
  if (!found || summary === undefined) return undefined;
  const { id: publicationId, publication } = found;
  const issue = await findPublished(site.sql, publicationId, c.req.param('issue') ?? '');
  const title = issue && (summary === 0 ? issue.title : await site.contents.summaryTitle(issue.id, summary));
  if (!issue || title === undefined) return undefined;
  const lang = askedLanguage(c) ?? publication.language;
  const query: Record<string, string> = summary === 0 ? {} : { summary: String(summary) };
  return {
    publicationId,
    publication,
    issue,
    summary,
    title,
    lang,
    frame: { lang, base: site.base, publication, query },
  };
}

/** 0 when none is named; undefined for what is no number of a summary. */
export function summaryNumber(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return 0;
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return number <= 65_535 ? number : undefined;
}

/** Of an issue's pages; a path below the site's own, or a public address. */
export interface IssuePaths {
  /** The issue, or the page of a summary. */
  text: (summary?: number) => string;
  like: (summary?: number) => string;
  comments: (summary?: number) => string;
  share: (summary?: number) => string;
}

/** @param base '' mostly, or PUBLIC_URL @param lang that the reader sees the pages in */
export function issuePaths(
  base: string,
  publication: Pick<Publication, 'slug' | 'language'>,
  issueSlug: string,
  lang: Language = publication.language,
): IssuePaths {
  const issue = `${base}/p/${publication.slug}/${encodeURIComponent(issueSlug)}`;
  const language: Record<string, string> = lang === publication.language ? {} : { lang };
  const at = (path: string, more: Record<string, string> = {}) => {
    const query = new URLSearchParams({ ...more, ...language }).toString();
    return query ? `${path}?${query}` : path;
  };
  const about = (page: string) => (summary: number | undefined) =>
    at(`${issue}/${page}`, summary ? { summary: String(summary) } : {});
  return {
    text: summary => at(summary ? `${issue}/${summary}` : issue),
    like: about('like'),
    comments: about('comments'),
    share: about('share'),
  };
}
