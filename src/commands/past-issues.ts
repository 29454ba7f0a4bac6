/** Past issues of another system, into the archive: HTML → Markdown → composed and rendered as any issue, sent to nobody. */
import { stringify } from 'yaml';
import { compose } from '../compose/compose.ts';
import { markdownFromHtml } from '../compose/from-html.ts';
import type { Sql } from '../db/client.ts';
import { hasPastIssue, insertPastIssue } from '../db/past-issues.ts';
import { hashOf } from '../enqueue/submit.ts';
import { dayIn } from '../model/day.ts';
import type { Issue } from '../model/issue.ts';
import type { Publication } from '../model/publication.ts';
import { render } from '../render/render.ts';
import type { SourceSystem } from '../subscribers/move-in/moved.ts';
import { readPastPosts } from '../subscribers/move-in/past-posts.ts';
import type { PastPost } from '../subscribers/move-in/posts.ts';

export interface PastIssuesReport {
  new: number;
  /** In the archive already. */
  known: number;
  skipped: number;
  skippedWhy: Record<string, number>;
  /** The first 1,000. */
  rejected: { file: string; line: number; reason: string }[];
  rejectedTotal: number;
}

export interface PastIssuesOptions {
  sql: Sql;
  system: SourceSystem;
  paths: readonly string[];
  publicationId: number;
  publication: Publication;
  apply: boolean;
  /** Address of the old site, for links that name none. */
  site: string | undefined;
}

const maxRejected = 1000;

/** Problems of compose that mean words were lost or the text stands there as raw marks. */
const fatal = new Set(['source-too-large', 'too-complex']);

/** Stores past issues, or counts what that would do: each is composed all the same, so that what cannot be taken whole is known before. */
export async function moveInIssues(options: PastIssuesOptions): Promise<PastIssuesReport> {
  const { sql, system, paths, publicationId, publication, apply, site } = options;
  const report: PastIssuesReport = { new: 0, known: 0, skipped: 0, skippedWhy: {}, rejected: [], rejectedTotal: 0 };
  // A second file that cannot be read must not be found out after the first was stored.
  if (apply) for await (const read of readPastPosts(system, paths)) void read;
  for await (const read of readPastPosts(system, paths)) {
    const { file, line } = read;
    const reject = (reason: string) => {
      report.rejectedTotal++;
      if (report.rejected.length < maxRejected) report.rejected.push({ file, line, reason });
    };
    if ('problem' in read) reject(read.problem);
    else if ('skip' in read) {
      report.skipped++;
      report.skippedWhy[read.skip] = (report.skippedWhy[read.skip] ?? 0) + 1;
    } else if (await hasPastIssue(sql, publicationId, read.post.slug, read.post.publishedAt)) {
      report.known++;
    } else {
      const composed = composePost(read.post, publication, site);
      if ('problem' in composed) {
        reject(`“${read.post.title.slice(0, 80)}”: ${composed.problem}`);
        continue;
      }
      const { source, issue } = composed;
      const edition = await render(issue, { publication, sendDate: issue.date ?? '' });
      if (apply) {
        const stored = { publicationId, slug: read.post.slug, source, sourceHash: hashOf(source), issue, edition };
        await insertPastIssue(sql, stored, read.post.publishedAt);
      }
      report.new++;
    }
  }
  return report;
}

/** A post as the file an editor would have written. */
function composePost(
  post: PastPost,
  publication: Publication,
  site: string | undefined,
): { source: string; issue: Issue } | { problem: string } {
  const converted = markdownFromHtml(post.html, site);
  if ('problem' in converted) return converted;
  if (converted.markdown === '') return { problem: 'it has no text' };
  const title = plain(post.title, 200) || post.slug;
  const subtitle = plain(post.subtitle, 300);
  const date = dayIn(publication.timeZone, post.publishedAt);
  const front = stringify(
    { title, subject: title, ...(subtitle ? { preheader: subtitle } : {}), date, slug: post.slug },
    { lineWidth: 0 },
  );
  const source = `---\n${front}---\n\n${converted.markdown}\n`;
  const { issue, problems } = compose(source, { publication });
  const lost = problems.find(problem => fatal.has(problem.code));
  return lost ? { problem: lost.message } : { source, issue };
}

/** For a header: no merge fields of ours, of bearable length. */
function plain(text: string, max: number): string {
  return text.replace(/\{\{/g, '{ {').slice(0, max).trim();
}
