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
