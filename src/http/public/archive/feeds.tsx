/** Atom (RFC 4287) and JSON Feed 1.1 of a publication: its newest issues, each with its highlights and the list of its summaries. */

import { Feed } from 'feed';
import type { Context } from 'hono';
import { getRevisionText } from '../../../db/archive.ts';
import { findPublication, type StoredPublication } from '../../../db/publications.ts';
import { listPublished, type PublishedIssue } from '../../../db/readers.ts';
import { Memo } from '../../../memo.ts';
import { summaryNumbers } from '../../../model/edition.ts';
import type { Publication } from '../../../model/publication.ts';
import { escapeText } from '../../../render/escape.ts';
import { placesOf } from '../../../render/walk.ts';
import { oneFor } from '../../one-for.ts';
import type { Site } from '../reader.ts';
import { Blocks, Inlines, WebAnchors } from './blocks.tsx';
import { answerCached, type Cacheable, cacheable } from './caching.ts';
import { neutralIssue, neutralText } from './neutral.ts';
import { bothPaths, type Paths } from './paths.ts';

const newest = 20;
/** A feed reader asks some times an hour. */
const feedSeconds = 300;
const kept = 16;

type Kind = 'xml' | 'json';
const types: Record<Kind, string> = {
  xml: 'application/atom+xml; charset=UTF-8',
  json: 'application/feed+json; charset=UTF-8',
};

interface Entry {
  row: PublishedIssue;
  published: Date;
  modified: Date;
  summary: string;
  html: string;
}

const memoOf = oneFor((_: Site) => new Memo<string, { answer: Cacheable; modified: Date }>(kept, 60_000));

/** GET `/p/:slug/feed.xml` and `feed.json`. */
export async function feed(c: Context, site: Site, kind: Kind): Promise<Response> {
  const stored = await findPublication(site.sql, c.req.param('slug') ?? '');
  if (!stored) return c.notFound();
  const { answer, modified } = await memoOf(site).get(`${stored.id} ${kind}`, () => write(site, stored, kind));
  return answerCached(c, answer, feedSeconds, modified);
}

async function write(site: Site, stored: StoredPublication, kind: Kind) {
  const { publication } = stored;
  const { out } = bothPaths(site, publication, publication.language);
  const rows = await listPublished(site.sql, stored.id, newest);
  const entries: Entry[] = [];
  for (const row of rows) entries.push(await entryOf(site, publication, row, out));
  // Of a publication without issues there is no better date that stays the same.
  const modified = new Date(Math.max(0, ...entries.map(one => one.modified.getTime())));
  const made = feedOf(publication, entries, out, modified);
  const body = kind === 'xml' ? made.atom1() : jsonFeed(made, publication);
  return { modified, answer: cacheable(body, { 'content-type': types[kind] }) };
}

async function entryOf(site: Site, publication: Publication, row: PublishedIssue, out: Paths): Promise<Entry> {
  const text = await getRevisionText(site.sql, row.revisionId);
  const issue = neutralIssue(text.issue, publication);
  const numbers = summaryNumbers(issue, text.summaries);
  const url = out.issue(row.slug);
  const cx = {
    outline: { level: 2 },
    anchors: new WebAnchors(placesOf(issue).present, id => `${url}#${encodeURIComponent(id)}`),
    terms: undefined,
  };
  const content = (
    <>
      {issue.sections.map(section => {
        if (section.type === 'greeting') return <Blocks of={section.body} cx={cx} />;
        if (section.type !== 'highlights' || section.items.length === 0) return '';
        return (
          <ul>
            {section.items.map(item => (
              <li>
                <Inlines of={item} cx={cx} />
              </li>
            ))}
          </ul>
        );
      })}
      {numbers.size > 0 && (
        <ol>
          {[...numbers].map(([summary, number]) => (
            <li value={summary.number}>
              <a href={out.summary(row.slug, number)}>{summary.title}</a>
              {summary.work && ` — ${summary.work}`}
            </li>
          ))}
        </ol>
      )}
    </>
  );
  const published = text.startedAt ?? text.createdAt;
  return {
    row,
    published,
    modified: new Date(Math.max(published.getTime(), text.createdAt.getTime())),
    summary: neutralText(issue.preheader, publication),
    html: String(content),
  };
}

function feedOf(publication: Publication, entries: readonly Entry[], out: Paths, updated: Date): Feed {
  const made = new Feed({
    id: out.home,
    title: publication.name,
    ...(publication.description ? { description: publication.description } : {}),
    link: out.home,
    language: publication.language,
    updated,
    generator: 'Broadsheet',
    feedLinks: { atom: out.feed('xml'), json: out.feed('json') },
    author: { name: publication.from.name, link: out.home },
    copyright: publication.from.name,
  });
  for (const { row, published, modified, summary, html } of entries)
    made.addItem({
      id: out.issue(row.slug),
      link: out.issue(row.slug),
      // The library writes both as HTML.
      title: escapeText(clean(row.title)),
      ...(summary ? { description: escapeText(clean(summary)) } : {}),
      content: html,
      date: modified,
      published,
      image: out.card(row.slug),
    });
  return made;
}

/** What XML 1.0 cannot hold. */
function clean(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]|[\p{Surrogate}\ufffe\uffff]/gu, '');
}

/** The library writes version 1; 1.1 names authors in a list and the language, and its titles are plain text. */
function jsonFeed(made: Feed, publication: Publication): string {
  const plain = (text: unknown) =>
    typeof text === 'string' ? text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&') : text;
  const { author, items, ...rest } = JSON.parse(made.json1()) as Record<string, unknown>;
  return JSON.stringify({
    ...rest,
    version: 'https://jsonfeed.org/version/1.1',
    language: publication.language,
    ...(author ? { authors: [author] } : {}),
    items: (items as Record<string, unknown>[]).map(item => ({
      ...item,
      title: plain(item.title),
      ...(item.summary ? { summary: plain(item.summary) } : {}),
    })),
  });
}
