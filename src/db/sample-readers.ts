/** A publication's readers as those whose copy of an issue an editor looks at. */
import type { Reader } from '../model/reader.ts';
import type { Sql } from './client.ts';

export interface SampleReader {
  id: number;
  email: string;
  name: string;
}

/** Names are looked for among so many of the newest; an address is found wherever it is. */
const lookedAt = 2000;

/** Active readers whose name or address holds the words, newest first; all when there are none. */
export async function findSampleReaders(
  sql: Sql,
  publicationId: number,
  words: string,
  limit: number,
): Promise<SampleReader[]> {
  const pattern = `%${words.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
  return sql<SampleReader[]>`
    select s.id, s.email, s.name from (
      (select subscriber_id, state from subscriptions where publication_id = ${publicationId}
        order by subscriber_id desc limit ${lookedAt})
      union
      select n.subscriber_id, n.state from subscribers s
        join subscriptions n on n.publication_id = ${publicationId} and n.subscriber_id = s.id
        where s.email_key = ${words.toLowerCase()}
    ) n join subscribers s on s.id = n.subscriber_id
    where n.state = 'active' and (s.email_key like ${pattern} or lower(s.name) like ${pattern})
    order by s.id desc limit ${limit}`;
}

/** Undefined when they read something else. */
export async function sampleReaderOf(sql: Sql, publicationId: number, id: number): Promise<Reader | undefined> {
  const [row] = await sql<Reader[]>`
    select s.id as subscriber_id, s.email, s.name, s.attributes, n.advertising from subscribers s
    join subscriptions n on n.publication_id = ${publicationId} and n.subscriber_id = s.id
    where s.id = ${id}`;
  return row && { ...row, code: 'SAMPLE-CODE' };
}
