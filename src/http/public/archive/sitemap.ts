/** What search engines are told: robots.txt (RFC 9309) and the sitemap (sitemaps.org 0.9), in parts once it is long. */
import type { Context } from 'hono';
import { countAddresses, listAddresses } from '../../../db/archive.ts';
import { listPublications } from '../../../db/publications.ts';
import { Memo } from '../../../memo.ts';
import { escapeAttribute } from '../../../render/escape.ts';
import type { Site } from '../reader.ts';
import { answerCached, type Cacheable, cacheable } from './caching.ts';
import { pathsOf } from './paths.ts';

/** The protocol allows 50,000 addresses a file; half of that is some two megabytes. */
const perFile = 25_000;
/** The index may name 50,000 files; so many are a million pages, and bound what a number in the path can ask for. */
const mostFiles = 40;
const memoMs = 10 * 60_000;
const maxAge = 3600;
const xml = { 'content-type': 'application/xml; charset=UTF-8' };

export class Sitemaps {
  readonly #site: Site;
  readonly #memo = new Memo<number, Cacheable | undefined>(4, memoMs);
  readonly #perFile: number;

  /** @param perFilePages for tests */
  constructor(site: Site, perFilePages = perFile) {
    this.#site = site;
    this.#perFile = perFilePages;
  }

  /** GET `/sitemap.xml`: all addresses, or the list of the parts that have them. */
  async first(c: Context): Promise<Response> {
    const answer = await this.#memo.get(0, async () => {
      const pages = await countAddresses(this.#site.sql);
      if (pages <= this.#perFile) return this.#part(1);
      const { publicUrl } = this.#site.config;
      const files = Math.min(mostFiles, Math.ceil(pages / this.#perFile));
      const rows = Array.from(
        { length: files },
        (_, at) => `<sitemap><loc>${escapeAttribute(`${publicUrl}/sitemap/${at + 1}.xml`)}</loc></sitemap>`,
      );
      return cacheable(`${declaration}<sitemapindex ${namespace}>${rows.join('')}</sitemapindex>\n`, xml);
    });
    return answer ? answerCached(c, answer, maxAge) : c.notFound();
  }

  /** GET `/sitemap/1.xml` and on. */
  async part(c: Context): Promise<Response> {
    const part = Number.parseInt(c.req.param('part') ?? '', 10);
    if (!(part >= 1 && part <= mostFiles)) return c.notFound();
    const answer = await this.#memo.get(part, () => this.#part(part));
    return answer ? answerCached(c, answer, maxAge) : c.notFound();
  }

  async #part(part: number): Promise<Cacheable | undefined> {
    const { sql, config } = this.#site;
    const rows = await listAddresses(sql, this.#perFile, (part - 1) * this.#perFile);
    if (rows.length === 0 && part > 1) return undefined;
    const fronts = part === 1 ? await listPublications(sql) : [];
    const urls = [
      ...(part === 1 ? [{ url: `${config.publicUrl}/`, changed: undefined }] : []),
      ...fronts.flatMap(({ publication }) => {
        const paths = pathsOf(config.publicUrl, publication.slug);
        return [paths.home, paths.glossary].map(url => ({ url, changed: undefined }));
      }),
      ...rows.map(({ publication, issue, summary, changed }) => {
        const paths = pathsOf(config.publicUrl, publication);
        return { url: summary === 0 ? paths.issue(issue) : paths.summary(issue, summary), changed };
      }),
    ];
    return cacheable(`${declaration}<urlset ${namespace}>${urls.map(urlRow).join('')}</urlset>\n`, xml);
  }
}

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
const namespace = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"';

function urlRow({ url, changed }: { url: string; changed: string | undefined }): string {
  return `<url><loc>${escapeAttribute(url)}</loc>${changed ? `<lastmod>${changed}</lastmod>` : ''}</url>`;
}

/** GET `/robots.txt`: readers' own links are nobody else's business. */
export function robots(c: Context, { base, config }: Pick<Site, 'base' | 'config'>): Response {
  const closed = ['/r/', '/console', '/api/', '/hooks/', '/metrics'].map(path => `Disallow: ${base}${path}`);
  const body = `User-agent: *\n${closed.join('\n')}\n\nSitemap: ${config.publicUrl}/sitemap.xml\n`;
  return answerCached(c, cacheable(body, { 'content-type': 'text/plain; charset=UTF-8' }), maxAge);
}
