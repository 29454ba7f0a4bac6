/** The archive's routes beside its front page. All are GET, cacheable, and the same for everyone. */
import { Hono } from 'hono';
import type { Site } from '../reader.ts';
import { Cards } from './cards.ts';
import { feed } from './feeds.tsx';
import { Glossaries } from './glossary.ts';
import { glossaryPage, termPage } from './glossary-pages.tsx';
import { searchPage } from './search-page.tsx';
import { robots, Sitemaps } from './sitemap.ts';
import { WebIssues } from './web-issues.tsx';

export function archiveRoutes(site: Site): Hono {
  const glossaries = new Glossaries(site);
  const web = new WebIssues(site, glossaries);
  const cards = new Cards(site);
  const sitemaps = new Sitemaps(site);
  return new Hono()
    .get('/robots.txt', c => robots(c, site))
    .get('/sitemap.xml', c => sitemaps.first(c))
    .get('/sitemap/:part{[0-9]+\\.xml}', c => sitemaps.part(c))
    .get('/p/:slug/search', c => searchPage(c, site))
    .get('/p/:slug/glossary', c => glossaryPage(c, site, glossaries))
    .get('/p/:slug/glossary/:term', c => termPage(c, site, glossaries))
    .get('/p/:slug/feed.xml', c => feed(c, site, 'xml'))
    .get('/p/:slug/feed.json', c => feed(c, site, 'json'))
    .get('/p/:slug/card.png', c => cards.ofPublication(c))
    .get('/p/:slug/:issue/card.png', c => cards.ofIssue(c))
    .get('/p/:slug/:issue/:summary{[0-9]{1,6}}/card.png', c => cards.ofIssue(c))
    .get('/p/:slug/:issue/:summary{[0-9]{1,6}}', c => web.summary(c))
    .get('/p/:slug/:issue', c => web.issue(c))
    .get('/r/:token/web', c => web.ofLink(c));
}
