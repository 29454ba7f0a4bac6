/** The newsroom's issues: composed, rendered, stored and put into the archive by the product itself; only their dates are set afterwards. */
import { randomUUID } from 'node:crypto';
import { Archivist } from '../../src/archive/archive.ts';
import { compose } from '../../src/compose/compose.ts';
import type { Sql } from '../../src/db/client.ts';
import { insertIssue } from '../../src/db/issues.ts';
import { putPublication } from '../../src/db/publications.ts';
import { inBatch } from '../../src/db/subscribers.ts';
import { hashOf } from '../../src/enqueue/submit.ts';
import type { IssueState } from '../../src/model/states.ts';
import { render } from '../../src/render/render.ts';
import type { Wiring } from '../../src/wiring.ts';
import { type Calendar, startedAgoMs } from './calendar.ts';
import { publications } from './publications.ts';
import type { Advance } from './steps.ts';
import { textOf } from './texts.ts';

/** Beside those with a ledger, by publication: a text and where it stands. */
const beside: readonly { publication: 0 | 1; state: IssueState }[] = [
  { publication: 0, state: 'scheduled' },
  { publication: 0, state: 'draft' },
  { publication: 0, state: 'draft' },
  { publication: 1, state: 'draft' },
  { publication: 1, state: 'cancelled' },
];

export const issuesIn = (calendar: Calendar): number =>
  beside.length + calendar.series.reduce((n, one) => n + one.issues, 0);

/** A row of `bench_issues` for each issue that has a ledger, `k` counting from 0 in its publication. @returns the publications' ids */
export async function insertIssues(sql: Sql, calendar: Calendar, advance: Advance): Promise<number[]> {
  await sql`
    create unlogged table bench_issues (publication_id bigint, k int, issue_id bigint, at timestamptz, state text, refs int[], summaries int[])`;
  const ids: number[] = [];
  for (const one of publications) ids.push((await putPublication(sql, one)).id);
  // Oldest first, as they came; the highest ids are the newest issues.
  const due = calendar.series.flatMap((series, s) =>
    Array.from({ length: series.issues }, (_, k) => ({
      s: s as 0 | 1,
      k,
      agoMs: startedAgoMs(series, k),
      isNewest: k === series.issues - 1,
    })),
  );
  for (const { s, k, agoMs, isNewest } of due.sort((a, b) => b.agoMs - a.agoMs)) {
    const { id, refs, summaries } = await store(sql, ids[s]!, s, k + 1, agoMs);
    // The newest of the weekly is going out, the newest of the monthly is held.
    const state = !isNewest ? 'sent' : s === 0 ? 'sending' : 'held';
    await settle(sql, id, state, agoMs);
    await sql`insert into bench_issues values (${ids[s]!}, ${k}, ${id}, ${new Date(Date.now() - agoMs)}, ${state}, ${refs}::int[], ${summaries}::int[])`;
    advance(1);
  }
  const next = calendar.series.map(series => series.issues + 1);
  for (const { publication, state } of beside) {
    const { id } = await store(sql, ids[publication]!, publication, next[publication]!++, 86_400_000);
    await settle(sql, id, state, 86_400_000);
    advance(1);
  }
  return ids;
}

async function store(sql: Sql, publicationId: number, of: 0 | 1, number: number, agoMs: number) {
  const publication = publications[of];
  const date = new Date(Date.now() - agoMs).toISOString().slice(0, 10);
  const { source } = textOf(publication.language, number, date);
  const { issue } = compose(source, { publication });
  const edition = await render(issue, { publication, sendDate: date });
  const stored = await inBatch(sql, tx =>
    insertIssue(tx, {
      publicationId,
      slug: issue.slug ?? `issue-${number}`,
      kind: 'regular',
      source,
      sourceHash: hashOf(source),
      issue,
      edition,
    }),
  );
  return {
    id: stored.id,
    refs: edition.links.map(link => link.ref),
    summaries: edition.summaries.map(one => one.number),
  };
}

/** Sets the dates that an issue in this state has. */
async function settle(sql: Sql, id: number, state: IssueState, agoMs: number): Promise<void> {
  const started = new Date(Date.now() - agoMs);
  const written = new Date(started.getTime() - 26 * 3600_000);
  const hasStarted = state === 'sent' || state === 'sending' || state === 'held';
  const reason = state === 'held' ? '6 of 4196 readers reported it as spam, more than 0.1 %' : null;
  await sql`
    update issues set state = ${state}, reason = ${reason}, created_at = ${written},
      scheduled_at = case when ${state === 'scheduled'} then now() + interval '10 hours' when ${hasStarted} then ${started}::timestamptz end,
      planned_at = case when ${hasStarted} then ${started}::timestamptz + interval '20 seconds' end,
      started_at = case when ${hasStarted} then ${started}::timestamptz end,
      finished_at = case when ${state === 'sent'} then ${started}::timestamptz + interval '2 hours' when ${state === 'cancelled'} then now() end
    where id = ${id}`;
  await sql`update revisions set created_at = ${written} where issue_id = ${id}`;
}

/** Search documents and glossary rows, written by the product. */
export async function archiveAll(wiring: Wiring): Promise<void> {
  const archivist = new Archivist(wiring, randomUUID());
  while ((await archivist.work()) > 0);
}
