/** A large issue that was sent and read, and older ones beside it. */
import type { Wiring } from '../../src/wiring.ts';
import { fillReaders, submitSource } from '../stage.ts';
import { shortIssue } from '../support.ts';

export interface Seeded {
  issueId: number;
  firstReader: number;
  links: number;
}

/** Of events, this share at most is the large issue's own. */
const ownEvents = 2_000_000;
const olderIssues = 4;

/**
 * @param readers each with an accepted ledger row of the issue
 * @param events of all issues: clicks over three days, a fifth of them machines', and a like for each tenth
 */
export async function seed(wiring: Wiring, readers: number, events: number): Promise<Seeded> {
  const { sql } = wiring;
  const publicationId = await fillReaders(wiring, readers, ['gmail.com', 'naver.com', 'example.net']);
  const { id: issueId } = await submitSource(wiring, publicationId, manyLinks());
  await sql`update issues set planned_at = now(), state = 'sent', started_at = now() - interval '3 days', finished_at = now() - interval '2 days' where id = ${issueId}`;
  const [bounds] = await sql<{ first: number }[]>`select min(id) as first from subscribers`;
  const first = bounds!.first;
  await sql`insert into batches (issue_id, lane, size) select ${issueId}, 'other', 1000 from generate_series(1, ${readers / 1000}::int)`;
  await sql`insert into recipients (issue_id, subscriber_id, batch_id, state, updated_at)
    select ${issueId}, id, (select min(id) from batches where issue_id = ${issueId}), case when id % 100 = 1 then 'rejected' else 'accepted' end,
      now() - interval '3 days' from subscribers`;
  const older = await sql<{ id: number }[]>`
    insert into issues (publication_id, slug, state, title, source_hash, revision_id, planned_at, started_at, finished_at)
    select publication_id, slug || n, 'sent', title, source_hash, revision_id, now(), now() - interval '3 days', now() - interval '2 days'
    from issues, generate_series(1, ${olderIssues}::int) n where id = ${issueId} returning id`;
  // Written first and indexed afterwards, as a restore does.
  const indexes = await sql<{ name: string; definition: string }[]>`
    select indexname as name, indexdef as definition from pg_indexes where tablename = 'events' and indexname <> 'events_pkey'`;
  for (const { name } of indexes) await sql`drop index ${sql(name)}`;
  const own = Math.min(ownEvents, events);
  await addEvents(issueId, own);
  for (const { id } of older) await addEvents(id, Math.floor((events - own) / olderIssues));
  for (const { definition } of indexes) await sql.unsafe(definition);
  await sql`insert into likes (issue_id, subscriber_id, summary) select issue_id, subscriber_id, ref from events where kind = 'like' on conflict do nothing`;
  await sql`vacuum analyze events`;
  await sql`vacuum analyze recipients`;
  await sql`vacuum analyze likes`;
  return { issueId, firstReader: first, links: 10 };

  async function addEvents(issue: number, n: number): Promise<void> {
    if (n === 0) return;
    await sql`
      insert into events (issue_id, subscriber_id, kind, ref, machine, at)
      select ${issue}, ${first}::bigint + (n * 7919::bigint) % ${readers}::bigint, case when n % 11 = 0 then 'like' else 'click' end,
        case when n % 11 = 0 then 0 else 1 + n % 10 end, case when n % 5 = 0 then 'agent' end,
        now() - interval '3 days' + n * (interval '70 hours' / ${n}::float8)
      from generate_series(1, ${n}::int) n`;
  }
}

function manyLinks(): string {
  const links = Array.from({ length: 10 }, (_, i) => `[link ${i}](https://example.org/${i})`);
  return shortIssue() + links.map(link => `\n${link}\n`).join('');
}
