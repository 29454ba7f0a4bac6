/** Mailbox domains whose lane was looked up in DNS. */
import type { Sql } from './client.ts';

export interface DomainAnswer {
  domain: string;
  /** Null: none of ours. Undefined: no answer; a lane that is known already stays. */
  lane: string | null | undefined;
}

/**
 * The domains of a publication's active subscribers that were not looked up lately (7 days when it found a lane, 1 day when not), those
 * with most readers first.
 * @param known domains whose lane needs no look-up
 */
export async function domainsToLookUp(
  sql: Sql,
  publicationId: number,
  known: readonly string[],
  limit: number,
): Promise<string[]> {
  const rows = await sql<{ domain: string }[]>`
    with readers as (
      select s.domain, count(*) as readers
      from subscriptions n join subscribers s on s.id = n.subscriber_id
      where n.publication_id = ${publicationId} and n.state = 'active'
      group by s.domain
    )
    select r.domain from readers r left join mailbox_domains d on d.domain = r.domain
    where r.domain <> all (${[...known]}::text[])
      and (d.domain is null or d.looked_at < now() - case when d.lane is null then interval '1 day' else interval '7 days' end)
    order by r.readers desc, r.domain limit ${limit}`;
  return rows.map(row => row.domain);
}

/** Keeps what was found. Guarantees: no answer changes no known lane, it only puts off the next look-up. */
export async function keepDomainLanes(sql: Sql, answers: readonly DomainAnswer[]): Promise<void> {
  // In order, since two planners may write the same rows.
  const rows = answers.toSorted((a, b) => (a.domain < b.domain ? -1 : 1));
  const found = rows.filter(row => row.lane !== undefined);
  const silent = rows.filter(row => row.lane === undefined);
  await sql`
    insert into mailbox_domains (domain, lane)
    select * from unnest(${found.map(row => row.domain)}::text[], ${found.map(row => row.lane ?? null)}::text[])
    on conflict (domain) do update set lane = excluded.lane, looked_at = now()`;
  await sql`
    insert into mailbox_domains (domain) select unnest(${silent.map(row => row.domain)}::text[])
    on conflict (domain) do update set looked_at = now()`;
}
