/** Builders of rows: a publication with readers, and an issue as `submit` stores it. */

import type { IssueRow } from '../../src/db/issues.ts';
import { putPublication } from '../../src/db/publications.ts';
import { ensureSubscribers } from '../../src/db/subscribers.ts';
import { submit } from '../../src/enqueue/submit.ts';
import { type Edition, editionSchema } from '../../src/model/edition.ts';
import { type Issue, issueSchema } from '../../src/model/issue.ts';
import { type Publication, publicationSchema } from '../../src/model/publication.ts';
import { parseAddress } from '../../src/subscribers/address.ts';
import type { Wiring } from '../../src/wiring.ts';

export function publicationOf(more: Record<string, unknown> = {}): Publication {
  return publicationSchema.parse({
    slug: 'weekly',
    name: '주간 시험',
    language: 'ko',
    timeZone: 'Asia/Seoul',
    from: { name: '주간 시험', address: 'news@example.org' },
    postalAddress: '서울',
    phone: '02-0',
    ...more,
  });
}

export function editionOf(more: Partial<Edition> = {}): Edition {
  return editionSchema.parse({
    lang: 'ko',
    subject: ['시험 호'],
    html: ['<html><body><p>안녕하세요, ', { kind: 'field', name: 'name', fallback: '독자' }, '님</p></body></html>'],
    text: ['안녕하세요\n'],
    links: [],
    summaries: [],
    sections: [],
    ...more,
  });
}

export const emptyIssue: Issue = issueSchema.parse({
  title: '시험 호',
  subject: '시험 호',
  preheader: '',
  lang: 'ko',
  sections: [],
});

/** A publication and `addresses.length` active subscribers; returns their ids. */
export async function audience(
  wiring: Wiring,
  addresses: string[],
  publication = publicationOf(),
): Promise<{ publicationId: number; subscriberIds: number[] }> {
  const { sql, hasher } = wiring;
  const { id } = await putPublication(sql, publication);
  const parsed = addresses.map(text => {
    const address = parseAddress(text);
    if ('problem' in address) throw new Error(address.problem);
    return address;
  });
  const subscriberIds = await ensureSubscribers(sql, hasher, parsed);
  await sql`
    insert into subscriptions (publication_id, subscriber_id, state, source)
    select ${id}, s, 'active', 'import' from unnest(${subscriberIds}::bigint[]) s`;
  return { publicationId: id, subscriberIds };
}

let texts = 0;

/** Submits an issue with a text of its own. */
export function submitIssue(
  wiring: Wiring,
  publicationId: number,
  more: Partial<Parameters<typeof submit>[1]> = {},
): Promise<IssueRow> {
  return submit(wiring, {
    publicationId,
    source: `text ${++texts}`,
    issue: emptyIssue,
    edition: editionOf(),
    slug: 'issue-1',
    again: false,
    ...more,
  });
}
