/** `move-in`: subscribers and past issues out of another newsletter system's export. Shows what it would do unless told to do it. */
import { BroadsheetError } from '../errors.ts';
import { findFiles } from '../subscribers/move-in/files.ts';
import { hasPastPosts } from '../subscribers/move-in/past-posts.ts';
import { type MoveInReport, moveIn, refuseNothing } from '../subscribers/move-in/run.ts';
import { sourceSystems } from '../subscribers/move-in/systems.ts';
import { keepHeapLean } from './lean-heap.ts';
import { requirePublication } from './lists.ts';
import type { Output } from './output.ts';
import type { PastIssuesOptions, PastIssuesReport } from './past-issues.ts';
import { rowsBar } from './rows-bar.ts';
import { withWiring } from './wired.ts';

export interface MoveInCommandOptions {
  publication: string;
  apply?: boolean;
  as?: string;
  site?: string;
}

export async function moveInCommand(
  from: string,
  paths: string[],
  options: MoveInCommandOptions,
  output: Output,
): Promise<number> {
  const system = sourceSystems.find(each => each.name === from);
  if (!system) throw usage(`FROM is one of ${sourceSystems.map(each => each.name).join(', ')}`);
  const { as } = options;
  if (as !== undefined && as !== 'pending' && as !== 'unsubscribed') throw usage('--as is pending or unsubscribed');
  const site = siteOf(options.site);
  return withWiring('move-in', async wiring => {
    const { id, publication } = await requirePublication(wiring, options.publication);
    keepHeapLean();
    const bar = rowsBar(output);
    const apply = options.apply ?? false;
    try {
      // Whatever cannot be read is found out before anything is written.
      const found = await findFiles(system, paths);
      const { sql } = wiring;
      const issues = await pastIssues({ sql, system, paths, publicationId: id, publication, apply, site });
      const report = await moveIn(wiring, {
        system,
        paths,
        found,
        publicationId: id,
        publication,
        apply,
        as,
        onProgress: bar.update,
      });
      bar.stop();
      refuseNothing(report, issues.new + issues.known + issues.skipped + issues.rejectedTotal, system);
      const notes = as === undefined && system.note && report.files.length > 0 ? [system.note] : [];
      output.result({ from, applied: apply, ...report, issues, notes }, [
        ...linesOf(report, apply),
        ...issueLines(issues, apply),
        ...notes,
        ...(apply ? [] : ['Nothing was written. Add --apply to do it.']),
      ]);
      return 0;
    } finally {
      bar.stop();
    }
  });
}

const noIssues: PastIssuesReport = { new: 0, known: 0, skipped: 0, skippedWhy: {}, rejected: [], rejectedTotal: 0 };

/** Composing and rendering take a hundred megabytes to load: not for systems of which no posts are read. */
async function pastIssues(options: PastIssuesOptions): Promise<PastIssuesReport> {
  if (!options.system.posts) return noIssues;
  if (!(await hasPastPosts(options.system, options.paths))) return noIssues;
  return (await import('./past-issues.ts')).moveInIssues(options);
}

function siteOf(text: string | undefined): string | undefined {
  if (text === undefined || /^https?:\/\/[^/]/.test(text)) return text;
  throw usage('--site is an address with https://');
}

function usage(detail: string): BroadsheetError {
  return new BroadsheetError('USAGE', detail);
}

function linesOf(report: MoveInReport, apply: boolean): string[] {
  const suppressed = Object.values(report.suppressed).reduce((sum, count) => sum + count, 0);
  const { active, pending, unsubscribed, completed, skipped, rejectedTotal } = report;
  return [
    ...report.files.map(({ file, rows, encoding }) => `${file}: ${rows} rows, ${encoding}`),
    ...report.passedOver.slice(0, 10).map(file => `${file}: no subscribers, passed over`),
    ...(report.passedOver.length > 10 ? [`… and ${report.passedOver.length - 10} more passed over`] : []),
    `${apply ? 'Moved in' : 'Would be moved in'}: ${active} active, ${pending} pending, ${unsubscribed} unsubscribed, ${suppressed} suppressed${suppressed > 0 ? ` (${counts(report.suppressed)})` : ''}.`,
    ...(completed > 0 ? [`${completed} subscriptions of an earlier import got their dates.`] : []),
    ...(skipped > 0 ? [`${skipped} change nothing (${counts(report.skippedWhy)}).`] : []),
    ...(rejectedTotal > 0 ? [`${rejectedTotal} rejected:`] : []),
    ...report.rejected.slice(0, 20).map(({ file, line, reason }) => `  ${file}:${line}: ${reason}`),
    ...(rejectedTotal > 20 ? [`  … and ${rejectedTotal - 20} more; --json lists them`] : []),
  ];
}

function issueLines(issues: PastIssuesReport, apply: boolean): string[] {
  const { known, skipped, rejected, rejectedTotal } = issues;
  if (issues.new + known + skipped + rejectedTotal === 0) return [];
  return [
    `Past issues: ${issues.new} ${apply ? 'put' : 'would be put'} into the archive, ${known} there already, ${skipped} left out${skipped > 0 ? ` (${counts(issues.skippedWhy)})` : ''}, ${rejectedTotal} rejected.`,
    ...rejected.slice(0, 20).map(({ file, line, reason }) => `  ${file}${line > 0 ? `:${line}` : ''}: ${reason}`),
    ...(rejectedTotal > 20 ? [`  … and ${rejectedTotal - 20} more; --json lists them`] : []),
  ];
}

function counts(of: Record<string, number>): string {
  return Object.entries(of)
    .map(([why, count]) => `${count} ${why}`)
    .join(', ');
}
