/** Old rows go, and every report says what it said: before, in the middle, after. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { likeState, setLike } from '../../src/db/likes.ts';
import { countDue, foldActs, foldLedger } from '../../src/db/retention.ts';
import { listRevisions } from '../../src/db/revisions.ts';
import { planAndQueue } from '../../src/enqueue/plan.ts';
import { report } from '../../src/track/report.ts';
import { retain } from '../../src/track/retention.ts';
import { status } from '../../src/track/status.ts';
import { broadsheet } from '../support/cli.ts';
import { audience, editionOf, publicationOf, submitIssue } from '../support/fixtures.ts';
import { openServices, type Services } from '../support/services.ts';

const terms = { eventsMonths: 13, ledgerMonths: 25 };
const link = (ref: number) => ({ ref, section: 's1', url: `https://example.org/${ref}`, label: `link ${ref}` });
const edition = editionOf({
  links: [link(1), link(2), link(3), link(4), link(5)],
  summaries: [{ number: 1, id: 's1', title: 'One' }],
});

let services: Services;
let publicationId: number;
let readers: number[];

beforeAll(async () => {
  services = await openServices();
  const addresses = Array.from({ length: 40 }, (_, i) => `r${i}@example.net`);
  ({ publicationId, subscriberIds: readers } = await audience(services, addresses, publicationOf()));
});
afterAll(() => services.close());

/** A sent issue with something of everything. @param age as Postgres writes an interval */
async function pastIssue(slug: string, age: string, kind: 'regular' | 'rehearsal' = 'regular'): Promise<number> {
  const { sql } = services;
  const { id } = await submitIssue(services, publicationId, { slug, edition });
  await planAndQueue(services, id);
  await sql`update recipients set state = case subscriber_id % 8 when 0 then 'rejected' when 1 then 'excluded' when 2 then 'unknown' else 'accepted' end,
    reason = case subscriber_id % 8 when 1 then 'suppressed' end, revision = 1 + (subscriber_id % 2)::int where issue_id = ${id}`;
  await sql`insert into revisions (issue_id, number, source, issue, edition) select issue_id, 2, source, issue, edition from revisions where issue_id = ${id}`;
  await sql`update issues set revision_id = (select id from revisions where issue_id = ${id} and number = 2) where id = ${id}`;
  // Clicks of people and programs, one reader on every link within a moment, and one on the same link twice.
  for (const [n, reader] of readers.entries()) {
    const at = sql`now() - ${age}::interval + ${n}::int * interval '1 minute'`;
    if (n % 3 === 0)
      await sql`insert into events (issue_id, subscriber_id, kind, ref, machine, at)
        select ${id}, ${reader}, 'click', ref, ${n % 2 === 0 ? 'agent' : null}, ${at} from unnest(array[1, 1, 2]) ref`;
    if (n === 5)
      await sql`insert into events (issue_id, subscriber_id, kind, ref, at) select ${id}, ${reader}, 'click', ref, ${at} from generate_series(1, 5) ref`;
    if (n % 5 === 0)
      await sql`insert into events (issue_id, subscriber_id, kind) select ${id}, ${reader}, kind from unnest(array['bounce-soft', 'bounce-policy']) kind`;
    if (n % 10 === 0)
      await sql`insert into events (issue_id, subscriber_id, kind) values (${id}, ${reader}, 'bounce-hard')`;
    if (n === 7) await sql`insert into events (issue_id, subscriber_id, kind) values (${id}, ${reader}, 'complaint')`;
    if (n % 4 === 0) await setLike(sql, { issueId: id, subscriberId: reader, summary: n % 8 === 0 ? 0 : 1 }, true);
  }
  await sql`update issues set state = 'sent', kind = ${kind}, finished_at = now() - ${age}::interval where id = ${id}`;
  return id;
}

async function whole(id: number) {
  const { sql } = services;
  const { id: _reader, ...like } = { id: 0, ...(await likeState(sql, { issueId: id, subscriberId: -1, summary: 0 })) };
  return {
    report: await report(sql, id),
    status: await status(sql, { id }),
    revisions: await listRevisions(sql, id),
    like,
  };
}

const rowsLeft = async (id: number) => {
  const [row] = await services.sql`select
    (select count(*) from recipients where issue_id = ${id}) as ledger, (select count(*) from events where issue_id = ${id}) as events,
    (select count(*) from likes where issue_id = ${id}) as likes, (select count(*) from batches where issue_id = ${id}) as batches`;
  return row!;
};

test('reports, accounting, likes and revisions stay the same in every moment while the rows go', async () => {
  const { sql } = services;
  const id = await pastIssue('old', '30 months');
  const before = await whole(id);
  expect(before.report).toMatchObject({ accepted: 25, complained: 1, bounced: { hard: 4, soft: 4 }, likes: 5 });
  expect(before.report.clicks.people).toBeGreaterThan(0);
  expect(before.report.clicks.all).toBeGreaterThan(before.report.clicks.people);
  // A process that dies after any statement leaves a whole report.
  for (const kind of ['click', 'like']) {
    const part = await foldActs(sql, id, kind, 0, 3);
    expect(part.rows).toBeGreaterThan(0);
    expect(await whole(id), kind).toEqual(before);
  }
  const part = await foldLedger(sql, id, 0, 7);
  expect(part).toMatchObject({ last: readers[6] });
  expect(await whole(id)).toEqual(before);

  let batches = 0;
  await retain(sql, terms, async () => {
    batches++;
    expect(await whole(id)).toEqual(before);
  });
  expect(batches).toBeGreaterThan(3);
  expect(await rowsLeft(id)).toEqual({ ledger: 0, events: 0, likes: 0, batches: 0 });
  // No reader is named in what stays.
  const totals = JSON.stringify(await sql`select * from issue_totals where issue_id = ${id}`);
  expect(totals).not.toContain('subscriber');
  const editions =
    await sql`select number, edition ? 'html' as whole from revisions where issue_id = ${id} order by number`;
  expect([...editions]).toEqual([
    { number: 1, whole: false },
    { number: 2, whole: true },
  ]);
  expect(await retain(sql, terms, async () => {})).toBe(0);
});

test('a middling issue loses what readers did and keeps its ledger; a young one keeps all', async () => {
  const { sql } = services;
  const middling = await pastIssue('middling', '14 months');
  const young = await pastIssue('young', '12 months');
  const before = [await whole(middling), await whole(young), await rowsLeft(young)];
  await retain(sql, terms, async () => {});
  expect([await whole(middling), await whole(young), await rowsLeft(young)]).toEqual(before);
  const kinds = await sql`select distinct kind from events where issue_id = ${middling} order by 1`;
  expect(kinds.map(row => row.kind)).toEqual(['bounce-hard', 'bounce-policy', 'bounce-soft', 'complaint']);
  expect(await rowsLeft(middling)).toMatchObject({ ledger: 40, likes: 10 });
});

test('a rehearsal’s ledger goes after a month; nothing goes where the term is never, or the issue is open', async () => {
  const { sql } = services;
  const rehearsal = await pastIssue('trial', '31 days', 'rehearsal');
  const open = await pastIssue('open', '40 months');
  await sql`update issues set state = 'held', finished_at = null where id = ${open}`;
  const forever = await pastIssue('forever', '40 months');
  const before = [await whole(rehearsal), await whole(open), await rowsLeft(open), await rowsLeft(forever)];
  await retain(sql, { eventsMonths: null, ledgerMonths: null }, async () => {});
  expect([await whole(rehearsal), await whole(open), await rowsLeft(open), await rowsLeft(forever)]).toEqual(before);
  expect(await rowsLeft(rehearsal)).toMatchObject({ ledger: 0, batches: 0 });
});

test('the command shows what would go, then takes it', async () => {
  const { sql, env } = services;
  const due = await countDue(sql, terms);
  expect(due).toEqual([{ issue: 'forever', acts: expect.any(Number), ledger: 40, likes: 10, reports: 21, batches: 1 }]);
  const shown = await broadsheet(['retention', '--dry-run', '--json'], env);
  expect(shown.json, shown.stderr).toEqual({ terms, due });
  expect(await countDue(sql, terms)).toEqual(due);
  const done = await broadsheet(['retention', '--json'], env);
  const { acts, ledger, likes, reports, batches } = due[0]!;
  // And the edition of its first revision.
  expect(done.json.rows, done.stderr).toBe(acts + ledger + likes + reports + batches + 1);
  expect(await countDue(sql, terms)).toEqual([]);
});
