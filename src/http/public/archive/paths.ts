/** Addresses of the archive. Paths begin with the site's own; a public address is the same below PUBLIC_URL. */
import type { Publication } from '../../../model/publication.ts';
import type { Site } from '../reader.ts';
import type { Language } from '../words.ts';

/** Where addresses of one publication are made: `base` is a path ('' mostly) or the public address of the site. */
export interface Paths {
  home: string;
  search: string;
  glossary: string;
  term(slug: string): string;
  issue(slug: string): string;
  summary(slug: string, number: number): string;
  /** The picture of a shared link. */
  card(slug?: string, number?: number): string;
  feed(kind: 'xml' | 'json'): string;
}

/** @param query of every page's address, `?lang=en`; '' mostly */
export function pathsOf(base: string, publicationSlug: string, query = ''): Paths {
  const home = `${base}/p/${publicationSlug}`;
  const issue = (slug: string) => `${home}/${encodeURIComponent(slug)}`;
  const summary = (slug: string, number: number) => `${issue(slug)}/${number}`;
  return {
    home: home + query,
    search: `${home}/search${query}`,
    glossary: `${home}/glossary${query}`,
    term: slug => `${home}/glossary/${encodeURIComponent(slug)}${query}`,
    issue: slug => issue(slug) + query,
    summary: (slug, number) => summary(slug, number) + query,
    card: (slug, number) =>
      `${slug === undefined ? home : number === undefined ? issue(slug) : summary(slug, number)}/card.png`,
    feed: kind => `${home}/feed.${kind}`,
  };
}

/** The language that a reader switched to, for addresses of the same publication: it stays with them from page to page. */
export function languageQuery({ language }: Pick<Publication, 'language'>, lang: Language): string {
  return lang === language ? '' : `?lang=${lang}`;
}

/** The same pages for a reader of the site, in the language they read it in, and for the world outside. */
export function bothPaths(
  { base, config }: Pick<Site, 'base' | 'config'>,
  publication: Pick<Publication, 'slug' | 'language'>,
  lang: Language,
): { here: Paths; out: Paths } {
  const { slug } = publication;
  return { here: pathsOf(base, slug, languageQuery(publication, lang)), out: pathsOf(config.publicUrl, slug) };
}
