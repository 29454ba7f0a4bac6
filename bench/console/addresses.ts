/**
 * Every address that the web server answers to GET, from the routes themselves: pages added tomorrow are measured tomorrow. Parameters are
 * filled from the database, and by following the links of pages that could be opened.
 */
import type { Hono } from 'hono';
import type { Sql } from '../../src/db/client.ts';
import { letterLinks } from '../../src/model/letter.ts';
import { purposes } from '../../src/model/purposes.ts';
import type { Purpose } from '../../src/track/tokens.ts';
import type { Wiring } from '../../src/wiring.ts';

/** `follow` takes a path and gives the page's HTML, undefined when there is none. */
export type Follow = (path: string) => Promise<string | undefined>;

export interface Page {
  route: string;
  /** Addresses that fill it; none: nothing is known that would. */
  paths: string[];
}

/** Of one route at most; the states of an issue are five. */
const mostPaths = 5;
/** Pages opened for their links. */
const mostFollowed = 400;

/** Not pages: files whose bytes are in memory, and a click, which is written down. */
const isNoPage = (route: string) => route.includes('*') || route === '/r/:token';

export async function collect(app: Hono, wiring: Wiring, follow: Follow): Promise<{ pages: Page[]; left: string[] }> {
  const all = [...new Set(app.routes.filter(route => route.method === 'GET').map(route => route.path))];
  const pages = await filledWith(
    wiring,
    all.filter(route => !isNoPage(route)),
  );
  await addLinked(pages, follow);
  return { pages, left: all.filter(isNoPage) };
}

/** Routes of any method, with the addresses that the database's rows give them. */
export async function filledWith(wiring: Wiring, routes: readonly string[]): Promise<Page[]> {
  const known = await knownValues(wiring);
  return routes.map(route => ({ route, paths: filled(route, known) }));
}

/** The part of a route before a parameter, and the parameter → values; `*` before: any. */
type Known = Map<string, string[]>;

function filled(route: string, known: Known): string[] {
  const parts = route.split('/');
  const values = parts.map((part, i) => {
    if (!part.startsWith(':')) return [part];
    const name = /^:(\w+)/.exec(part)![1]!;
    if (name === 'token') return known.get(`token ${parts.at(-1)}`) ?? [];
    // A publication's own things below /p are those of its largest issue.
    return known.get(`${parts[i - 1]} ${name}`) ?? known.get(`${parts[1]} ${name}`) ?? known.get(`* ${name}`) ?? [];
  });
  const count = Math.max(...values.map(list => list.length));
  if (values.some(list => list.length === 0)) return [];
  return [
    ...new Set(Array.from({ length: count }, (_, n) => values.map(list => list[n % list.length]!).join('/'))),
  ].slice(0, mostPaths);
}

async function knownValues({ sql, tokens, queues }: Wiring): Promise<Known> {
  const largest = await sql<{ id: number; slug: string; publicationId: number; publication: string }[]>`
    select i.id, i.slug, p.id as publication_id, p.slug as publication from issues i join publications p on p.id = i.publication_id
    where i.state = 'sent' and i.kind = 'regular' order by i.id desc limit 8`;
  const sizes = await sql<{ issueId: number }[]>`
    select issue_id from batches where issue_id = any(${largest.map(one => one.id)}::bigint[]) group by 1 order by sum(size) desc limit 1`;
  const issue = largest.find(one => one.id === sizes[0]?.issueId) ?? largest[0];
  if (!issue) return new Map();
  const states = await sql<{ id: number }[]>`
    select distinct on (state) id from issues where state in ('sending', 'scheduled', 'held', 'draft') order by state, id desc`;
  const texts = async (query: ReturnType<Sql>) =>
    (await query).map(row => String((row as Record<string, unknown>).value));
  const ids = [issue.id, ...states.map(one => one.id)].map(String);
  const readers = await texts(sql`
    (select subscriber_id as value from recipients where issue_id = ${issue.id} and state = 'accepted' order by subscriber_id limit 1)
    union all (select max(id) from subscribers)`);
  const lists = {
    '* issue': [issue.slug],
    'issues issue': [String(issue.id)],
    'issues id': ids,
    'p slug': [issue.publication],
    'publications publication': [issue.publication],
    '* publication': [issue.publication],
    'publications id': [String(issue.publicationId)],
    'publications slug': [issue.publication],
    'subscribers subscriber': readers,
    'readers id': readers,
    'subscribers id': readers,
    'p summary': await texts(
      sql`select summary as value from search_documents where issue_id = ${issue.id} and summary > 0 order by 1 limit 1`,
    ),
    'segments segment': await texts(sql`select slug as value from segments order by id limit 1`),
    'segments slug': await texts(sql`select slug as value from segments order by id limit 1`),
    'segments id': await texts(sql`select id as value from segments order by id limit 1`),
    'manuscripts id': await texts(sql`select id as value from manuscripts order by id desc limit 1`),
    'imports id': await texts(sql`select id as value from imports order by id desc limit 1`),
    'alerts id': await texts(sql`select id as value from alerts where closed_at is null order by id desc limit 1`),
    'comments id': await texts(sql`select id as value from comments where state = 'pending' order by id desc limit 1`),
    'webhooks id': await texts(sql`select id as value from webhooks order by id limit 1`),
    'staff id': await texts(sql`select id as value from staff order by id desc limit 1`),
    '* queueName': [queues.all()[0]!.name],
    '* part': ['1.xml'],
  };
  const letters: readonly Purpose[] = Object.values(letterLinks);
  const token = (purpose: Purpose) =>
    tokens.sign({
      purpose,
      issueId: letters.includes(purpose) ? issue.publicationId : issue.id,
      subscriberId: Number(readers[0]),
      ref: 0,
    });
  const signed = Object.fromEntries(purposes.map(purpose => [`token ${purpose}`, [token(purpose)]]));
  return new Map(Object.entries({ ...lists, ...signed }));
}

/** Follows links breadth-first, from each route the first page only, and gives routes the addresses that lead to them. */
async function addLinked(pages: Page[], follow: Follow): Promise<void> {
  const patterns = pages.map(page => ({ page, pattern: patternOf(page.route) }));
  // The most literal route first: /a/new is no /a/:id.
  patterns.sort((a, b) => a.page.route.split(':').length - b.page.route.split(':').length);
  const followed = new Set<string>();
  const waiting = pages.filter(page => page.paths.length > 0).map(page => page.paths[0]!);
  for (let path = waiting.shift(); path !== undefined && followed.size < mostFollowed; path = waiting.shift()) {
    if (followed.has(path)) continue;
    followed.add(path);
    const html = (await follow(path)) ?? '';
    if (/<input\b[^>]*\sname="q"/.test(html)) addSearches(patterns, path);
    for (const [, href] of html.matchAll(/\s(?:href|src)="(\/[^"#]*)(?:#[^"]*)?"/g)) {
      const linked = href!.replaceAll('&amp;', '&');
      if (isSame(linked)) continue;
      const page = patterns.find(one => one.pattern.test(linked.split('?')[0]!))?.page;
      // A link with a query is one more look at the page: a filter, the next page.
      const isWanted =
        page &&
        !page.paths.includes(linked) &&
        page.paths.length < (linked.includes('?') ? mostPaths : Math.max(1, page.paths.length));
      if (!isWanted || isNoPage(page.route)) continue;
      page.paths.push(linked);
      if (page.paths.length === 1) waiting.push(linked);
    }
  }
}

/** The same page in another language, or a file with the number of its version. */
const isSame = (linked: string): boolean => /\?(?:lang|v)=\w*$/.test(linked);

/** What people look for: a word of many issues, a reader's login, a whole name. */
const sought = ['모델', 'minjun', '김민준'];

function addSearches(patterns: readonly { page: Page; pattern: RegExp }[], path: string): void {
  const plain = path.split('?')[0]!;
  const page = patterns.find(one => one.pattern.test(plain))?.page;
  if (page?.paths[0]?.split('?')[0] === plain)
    page.paths.push(...sought.map(text => `${plain}?q=${encodeURIComponent(text)}`));
}

/** As Hono reads a route: `:name` or `:name{pattern}` is one part of the path. */
function patternOf(route: string): RegExp {
  const parts = route.split('/').map(part => {
    const inner = /^:\w+(?:\{(.+)\})?$/.exec(part);
    return inner ? (inner[1] ?? '[^/]+') : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}$`);
}
