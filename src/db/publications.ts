/** Publications: one document each, found by slug. */
import { type Publication, publicationSchema } from '../model/publication.ts';
import type { Db } from './client.ts';

export interface StoredPublication {
  id: number;
  publication: Publication;
}

/** Creates the publication of this slug or replaces its document. Guarantees: its id never changes. */
export async function putPublication(sql: Db, publication: Publication): Promise<{ id: number; created: boolean }> {
  const [row] = await sql<{ id: number; created: boolean }[]>`
    insert into publications (slug, document) values (${publication.slug}, ${sql.json(publication)})
    on conflict (slug) do update set document = excluded.document, updated_at = now()
    returning id, xmax = 0 as created`;
  return row!;
}

/** Creates it. @returns false: another one has the slug */
export async function createPublication(sql: Db, publication: Publication): Promise<boolean> {
  const rows = await sql`
    insert into publications (slug, document) values (${publication.slug}, ${sql.json(publication)}) on conflict do nothing`;
  return rows.count > 0;
}

export interface VersionedPublication extends StoredPublication {
  /** Names what is stored: another document has another. */
  version: string;
}

export async function findVersion(sql: Db, slug: string): Promise<VersionedPublication | undefined> {
  const [row] = await sql<{ id: number; document: unknown; version: string }[]>`
    select id, document, md5(document::text) as version from publications where slug = ${slug}`;
  return row && { ...stored(row), version: row.version };
}

/** Replaces the document while it is the one that was read. @returns false: somebody else changed it meanwhile */
export async function changePublication(sql: Db, id: number, version: string, now: Publication): Promise<boolean> {
  const rows = await sql`
    update publications set document = ${sql.json(now)}, updated_at = now() where id = ${id} and md5(document::text) = ${version}`;
  return rows.count > 0;
}

export async function findPublication(sql: Db, slug: string): Promise<StoredPublication | undefined> {
  const [row] = await sql<{ id: number; document: unknown }[]>`
    select id, document from publications where slug = ${slug}`;
  return row && stored(row);
}

/** The publication of an id that a row refers to. */
export async function getPublication(sql: Db, id: number): Promise<Publication> {
  const [row] = await sql<{ id: number; document: unknown }[]>`select id, document from publications where id = ${id}`;
  return stored(row!).publication;
}

/** All of them, by slug: a newsroom has a few. */
export async function listPublications(sql: Db): Promise<StoredPublication[]> {
  const rows = await sql<{ id: number; document: unknown }[]>`select id, document from publications order by slug`;
  return rows.map(stored);
}

function stored(row: { id: number; document: unknown }): StoredPublication {
  return { id: row.id, publication: publicationSchema.parse(row.document) };
}
