/** Manuscripts: texts that editors work on, with their history. Nothing that was saved is overwritten unseen. */
import type { Sql } from './client.ts';

export interface Manuscript {
  id: number;
  publicationId: number;
  title: string;
  source: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
  /** Address of who saved it last; null when that account is gone. */
  updatedBy: string | null;
  /** The issue that it became. */
  issueId: number | null;
  deletedAt: Date | null;
}

export type ManuscriptLine = Omit<Manuscript, 'source'>;

export interface ManuscriptVersion {
  version: number;
  at: Date;
  by: string | null;
  /** In characters. */
  length: number;
}

/** Versions of one person within so long become one in the history. */
const sameSitting = '5 minutes';
/** Kept per manuscript; the oldest go. */
const mostVersions = 200;
/** For which one that was thrown away can be had back. */
const keptDays = 30;

const line = (sql: Sql) => sql`
  m.id, m.publication_id, m.title, m.version, m.created_at, m.updated_at,
  (select email from staff where id = m.updated_by) as updated_by, m.issue_id, m.deleted_at`;

export async function insertManuscript(
  sql: Sql,
  given: { publicationId: number; title: string; source: string; by: number },
): Promise<number> {
  const [row] = await sql<{ id: number }[]>`
    with made as (
      insert into manuscripts (publication_id, title, source, updated_by)
      values (${given.publicationId}, ${given.title}, ${given.source}, ${given.by}) returning id, source
    ), kept as (
      insert into manuscript_versions (manuscript_id, version, source, by) select id, 1, source, ${given.by} from made
    )
    select id from made`;
  return row!.id;
}

/** Also one that was thrown away. */
export async function findManuscript(sql: Sql, id: number): Promise<Manuscript | undefined> {
  const [row] = await sql<Manuscript[]>`select ${line(sql)}, m.source from manuscripts m where m.id = ${id}`;
  return row;
}

/** Newest first, without those that were thrown away or became an issue. */
export async function listManuscripts(sql: Sql, limit: number): Promise<ManuscriptLine[]> {
  return sql<ManuscriptLine[]>`
    select ${line(sql)} from manuscripts m
    where m.deleted_at is null and m.issue_id is null
    order by m.updated_at desc limit ${limit}`;
}

/**
 * Saves a text that was begun from `version`; the same text again is the same version.
 * @param given.keep the version before stays in the history, also when it is of the same sitting
 * @returns the version it has now; undefined: somebody saved another meanwhile, or it is no more to be worked on
 */
export async function saveManuscript(
  sql: Sql,
  id: number,
  given: { version: number; title: string; source: string; by: number; keep?: boolean },
): Promise<number | undefined> {
  const { version, title, source, by, keep = false } = given;
  const [row] = await sql<{ version: number }[]>`
    with saved as (
      update manuscripts m set
        version = case when m.source = ${source} then m.version else m.version + 1 end,
        title = ${title}, source = ${source}, updated_by = ${by}, updated_at = now()
      where m.id = ${id} and m.version = ${version} and m.issue_id is null and m.deleted_at is null
      returning m.id, m.version, m.source
    ), changed as (
      select * from saved where version > ${version}
    ), dropped as (
      -- The last one of the same sitting makes room for this one; the first text of a sitting stays to be gone back to.
      delete from manuscript_versions v using changed c
      where not ${keep}::boolean and v.manuscript_id = c.id and v.version = ${version} and v.version > 1 and v.by = ${by}
        and exists (select from manuscript_versions o where o.manuscript_id = c.id and o.version < v.version
          and o.by = ${by} and o.at > now() - ${sameSitting}::interval)
    ), pruned as (
      delete from manuscript_versions v using changed c
      where v.manuscript_id = c.id and v.version <= (
        select o.version from manuscript_versions o where o.manuscript_id = c.id order by o.version desc offset ${mostVersions - 1} limit 1)
    ), kept as (
      insert into manuscript_versions (manuscript_id, version, source, by) select id, version, source, ${by} from changed
    )
    select version from saved`;
  return row?.version;
}

/** Newest first. */
export async function listVersions(sql: Sql, id: number): Promise<ManuscriptVersion[]> {
  return sql<ManuscriptVersion[]>`
    select v.version, v.at, (select email from staff where id = v.by) as by, char_length(v.source) as length
    from manuscript_versions v where v.manuscript_id = ${id} order by v.version desc limit ${mostVersions}`;
}

export async function findVersion(sql: Sql, id: number, version: number): Promise<string | undefined> {
  const [row] = await sql<{ source: string }[]>`
    select source from manuscript_versions where manuscript_id = ${id} and version = ${version}`;
  return row?.source;
}

/**
 * Says that it became an issue; its text stays as it was then. An issue that is deleted gives it back by itself (its foreign key).
 * @param version that was looked at
 * @returns false when it has another version by now, became another issue, or is thrown away; saying it twice of one issue is fine
 */
export async function closeManuscript(sql: Sql, id: number, version: number, issueId: number): Promise<boolean> {
  return (
    (
      await sql`
        update manuscripts set issue_id = ${issueId}, updated_at = now()
        where id = ${id} and version = ${version} and coalesce(issue_id, ${issueId}) = ${issueId} and deleted_at is null`
    ).count > 0
  );
}

/** Throws it away, or takes it back; what was thrown away long ago goes for good. @returns whether anything changed */
export async function throwAway(sql: Sql, id: number, away: boolean): Promise<boolean> {
  await sql`delete from manuscripts where deleted_at < now() - ${keptDays}::int * interval '1 day'`;
  return (
    (
      await sql`
        update manuscripts set deleted_at = case when ${away} then now() end
        where id = ${id} and (deleted_at is null) = ${away} and issue_id is null`
    ).count > 0
  );
}

/** The manuscript that became this issue, if any: there are few. */
export async function manuscriptOf(sql: Sql, issueId: number): Promise<number | undefined> {
  const [row] = await sql<{ id: number }[]>`select id from manuscripts where issue_id = ${issueId} order by id limit 1`;
  return row?.id;
}
