/** Tags of subscribers: one row per tag and person. */
import { mostTags } from '../model/tag.ts';
import type { Sql } from './client.ts';

/** Gives and takes tags, one statement; again it changes nothing. @returns false: the person is gone, or would have too many */
export async function retag(
  sql: Sql,
  subscriberId: number,
  { add = [], remove = [] }: { add?: readonly string[]; remove?: readonly string[] },
): Promise<boolean> {
  const [row] = await sql<{ fits: boolean }[]>`
    with person as (
      select id from subscribers where id = ${subscriberId} and (
        select count(*) from (
          select tag from subscriber_tags where subscriber_id = ${subscriberId} and tag <> all(${[...remove]}::text[])
          union select unnest(${[...add]}::text[])) t) <= ${mostTags}
    ), taken as (
      delete from subscriber_tags t using person p
      where t.subscriber_id = p.id and t.tag = any(${[...remove]}::text[]) and t.tag <> all(${[...add]}::text[])
    ), given as (
      insert into subscriber_tags (tag, subscriber_id) select distinct tag, p.id from person p, unnest(${[...add]}::text[]) tag
      on conflict do nothing
    )
    select exists (select from person) as fits`;
  return row!.fits;
}

/** Different tags in use, by name: each is one step into the index, however many readers have it. */
export async function tagsInUse(sql: Sql, limit = 200): Promise<string[]> {
  const rows = await sql<{ tag: string }[]>`
    with recursive tags as (
      (select tag, 1 as n from subscriber_tags order by tag limit 1)
      union all
      select (select t.tag from subscriber_tags t where t.tag > tags.tag order by t.tag limit 1), n + 1 from tags
      where tags.tag is not null and n < ${limit}
    )
    select tag from tags where tag is not null`;
  return rows.map(row => row.tag);
}
