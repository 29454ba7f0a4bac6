/** Addresses of the archive. Paths begin with the site's own; a public address is the same below PUBLIC_URL. */
import type { Site } from '../reader.ts';

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

export function pathsOf(base: string, publicationSlug: string): Paths {
  const home = `${base}/p/${publicationSlug}`;
  const issue = (slug: string) => `${home}/${encodeURIComponent(slug)}`;
  const summary = (slug: string, number: number) => `${issue(slug)}/${number}`;
  return {
    home,
    search: `${home}/search`,
    glossary: `${home}/glossary`,
    term: slug => `${home}/glossary/${encodeURIComponent(slug)}`,
    issue,
    summary,
    card: (slug, number) =>
      `${slug === undefined ? home : number === undefined ? issue(slug) : summary(slug, number)}/card.png`,
    feed: kind => `${home}/feed.${kind}`,
  };
}

/** The same pages for a reader of the site, and for the world outside. */
export function bothPaths({ base, config }: Pick<Site, 'base' | 'config'>, slug: string): { here: Paths; out: Paths } {
  return { here: pathsOf(base, slug), out: pathsOf(config.publicUrl, slug) };
}
