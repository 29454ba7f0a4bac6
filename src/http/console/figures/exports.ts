/** Figures as files: CSV for spreadsheets (no cell of it runs), JSON for programs. */
import { findGrowth, listReports } from '../../../db/figures.ts';
import { csvLine } from '../../../subscribers/csv-line.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { reportOf } from './issue.tsx';
import { chosen, shownIssues } from './overview.tsx';
import { figuresOf, weeksOf } from './series.ts';

type Cell = string | number;
type Table = { head: string[]; rows: Cell[][] };

export const formats = ['csv', 'json'] as const;
type Format = (typeof formats)[number];

export async function exportIssues(c: ConsoleContext, site: Console, format: Format): Promise<Response> {
  const { one } = await chosen(c, site);
  if (!one) return c.notFound();
  const issues = figuresOf(await listReports(site.wiring.sql, one.id, shownIssues));
  return give(c, `${one.publication.slug}-issues`, format, {
    head: [
      'issue',
      'title',
      'sent_at',
      'counted_at',
      'accepted',
      'clicked_people',
      'clicks_all',
      'likes',
      'web_likes',
      'comments',
      'unsubscribed',
      'complained',
      'bounced_hard',
      'bounced_soft',
    ],
    rows: issues.map(i => [
      i.slug,
      i.title,
      i.startedAt.toISOString(),
      i.countedAt.toISOString(),
      i.accepted,
      i.clicks.people,
      i.clicks.all,
      i.likes,
      i.webLikes,
      i.comments.published,
      i.unsubscribed,
      i.complained,
      i.bounced.hard,
      i.bounced.soft,
    ]),
  });
}

export async function exportGrowth(c: ConsoleContext, site: Console, format: Format): Promise<Response> {
  const { one } = await chosen(c, site);
  const growth = one && (await findGrowth(site.wiring.sql, one.id));
  if (!one || !growth) return c.notFound();
  return give(c, `${one.publication.slug}-growth`, format, {
    head: ['week_from', 'joined', 'left', 'readers'],
    rows: weeksOf(growth).map(week => [week.from, week.joined, week.left, week.readers]),
  });
}

export async function exportLinks(c: ConsoleContext, site: Console): Promise<Response> {
  const found = await reportOf(c, site);
  if (!found) return c.notFound();
  return give(c, `${found.issue.slug}-links`, 'csv', {
    head: ['link', 'label', 'url', 'people', 'all'],
    rows: found.report.clicks.links.map(link => [link.ref, link.label, link.url, link.people, link.all]),
  });
}

export async function exportReport(c: ConsoleContext, site: Console): Promise<Response> {
  const found = await reportOf(c, site);
  if (!found) return c.notFound();
  name(c, `${found.issue.slug}-report.json`);
  return c.json({ issue: found.issue.slug, title: found.issue.title, ...found.report });
}

function give(c: ConsoleContext, file: string, format: Format, { head, rows }: Table): Response {
  name(c, `${file}.${format}`);
  if (format === 'json') return c.json(rows.map(row => Object.fromEntries(head.map((key, i) => [key, row[i]]))));
  // The mark tells Excel that it is UTF-8.
  const text = `\uFEFF${csvLine(head)}${rows.map(row => csvLine(row.map(String))).join('')}`;
  return c.body(text, 200, { 'content-type': 'text/csv; charset=utf-8' });
}

function name(c: ConsoleContext, file: string): void {
  const plain = file.replace(/[^\w.-]/g, '_');
  c.header('content-disposition', `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(file)}`);
}
