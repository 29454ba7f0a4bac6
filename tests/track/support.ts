/** An issue as it stands in the database once it is being sent. */
import { createHash } from 'node:crypto';
import type { Sql } from '../../src/db/client.ts';
import { putPublication } from '../../src/db/publications.ts';
import type { Edition } from '../../src/model/edition.ts';
import { issueSchema } from '../../src/model/issue.ts';
import { type Publication, publicationSchema } from '../../src/model/publication.ts';
import type { Services } from '../support/services.ts';

export interface SentIssue {
  publicationId: number;
  publication: Publication;
  issueId: number;
  slug: string;
  subscriberIds: number[];
}

export interface SentOptions {
  readers: number;
  slug?: string;
  publication?: Record<string, unknown>;
  links?: Edition['links'];
  kind?: 'regular' | 'test' | 'rehearsal';
  state?: string;
  title?: string;
  /** Front matter's. */
  issue?: Record<string, unknown>;
  html?: Edition['html'];
}

/** Readers `reader0@example.net` …, active, each with a queued ledger row; six tracked links, two summaries. */
export async function sendIssue(
  { sql, hasher }: Pick<Services, 'sql' | 'hasher'>,
  options: SentOptions,
): Promise<SentIssue> {
  const { readers, slug = 'first', kind = 'regular', state = 'sending', title = '첫 호' } = options;
  const publication = publicationSchema.parse({
    slug: 'watch',
    name: 'LLM Watch',
    language: 'ko',
    timeZone: 'Asia/Seoul',
    from: { name: 'LLM Watch', address: 'news@example.org' },
    postalAddress: '서울시 종로구 1',
    ...options.publication,
  });
  const { id: publicationId } = await putPublication(sql, publication);
  const subscriberIds: number[] = [];
  for (let i = 0; i < readers; i++) {
    const email = `reader${i}@example.net`;
    const [row] = await sql<{ id: number }[]>`
      insert into subscribers (email, email_key, domain, name, address_hash)
      values (${email}, ${email}, 'example.net', '독자', ${hasher.hash(email)})
      on conflict (email_key) do update set email = excluded.email returning id`;
    subscriberIds.push(row!.id);
  }
  await sql`insert into subscriptions (publication_id, subscriber_id, state, source)
    select ${publicationId}, id, 'active', 'import' from unnest(${subscriberIds}::bigint[]) id on conflict do nothing`;
  const [issue] = await sql<{ id: number }[]>`
    insert into issues (publication_id, slug, kind, state, title, source_hash, started_at)
    values (${publicationId}, ${slug}, ${kind}, ${state}, ${title}, ${createHash('sha256').update(slug).digest()}, now()) returning id`;
  const edition: Edition = {
    lang: 'ko',
    subject: [title],
    html: options.html ?? [
      '<!doctype html><html lang="ko"><head><title>x</title></head><body><p>안녕하세요 ',
      { kind: 'field', name: 'name', fallback: '독자' },
      '님</p></body></html>',
    ],
    text: ['안녕하세요'],
    links:
      options.links ??
      [1, 2, 3, 4, 5, 6].map(ref => ({
        ref,
        url: `https://arxiv.org/abs/2406.0000${ref}`,
        section: 's1',
        label: '논문',
      })),
    summaries: [
      { number: 1, id: 'paper-1', title: '첫 논문' },
      { number: 2, id: 'paper-2', title: '둘째 논문' },
    ],
    sections: [],
  };
  const document = issueSchema.parse({
    title,
    subject: title,
    preheader: '',
    lang: 'ko',
    sections: [
      {
        type: 'greeting',
        id: 'greeting',
        body: [
          {
            type: 'paragraph',
            children: [
              { type: 'text', value: '안녕하세요 ' },
              { type: 'field', name: 'name', fallback: '독자' },
              { type: 'text', value: '님' },
            ],
          },
        ],
      },
      ...edition.summaries.map(({ number, id, title }) => ({
        type: 'summary',
        id,
        number,
        title,
        work: '',
        workLabel: '',
        links: edition.links
          .filter(link => link.ref === number)
          .map(({ label, url }) => ({ label, url, kind: 'paper' })),
        lead: [],
        parts: [],
      })),
    ],
    ...options.issue,
  });
  const [revision] = await sql<{ id: number }[]>`
    insert into revisions (issue_id, number, source, issue, edition)
    values (${issue!.id}, 1, 'x', ${sql.json(document as never)}, ${sql.json(edition as never)}) returning id`;
  await sql`update issues set revision_id = ${revision!.id} where id = ${issue!.id}`;
  await sql`insert into recipients (issue_id, subscriber_id, state)
    select ${issue!.id}, id, 'queued' from unnest(${subscriberIds}::bigint[]) id`;
  return { publicationId, publication, issueId: issue!.id, slug, subscriberIds };
}

/** Marks these readers' rows as accepted some time ago. */
export async function acceptAll(sql: Sql, issueId: number, subscriberIds: number[], agoMs: number): Promise<void> {
  await sql`update recipients set state = 'accepted', updated_at = now() - ${agoMs}::int * interval '1 millisecond'
    where issue_id = ${issueId} and subscriber_id in ${sql(subscriberIds)}`;
}
