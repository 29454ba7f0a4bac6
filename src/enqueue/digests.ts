/** Monthly digests: an issue of its own for readers who want one mail a month, listing what came out. */
import type { Sql } from '../db/client.ts';
import { type DueDigest, dueDigests, storeDigest } from '../db/digests.ts';
import { listPublishedIn } from '../db/readers.ts';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Edition } from '../model/edition.ts';
import type { Issue } from '../model/issue.ts';
import type { Publication } from '../model/publication.ts';
import { digestIssue, digestSource } from './digest-issue.ts';
import { hashOf } from './submit.ts';

interface Deps {
  sql: Sql;
  log: Logger;
  publicUrl: string;
  /** `render/render` as the process hands it in: enqueue does not render. */
  render: (issue: Issue, options: { publication: Publication; sendDate: string }) => Promise<Edition>;
}

/**
 * Stores the digests that are due; the rest of the way is that of any scheduled issue. Any process may run this at any time: each digest is
 * stored once. One publication's trouble does not stop the others.
 * @param now for tests
 * @returns ids of the issues stored now
 */
export async function writeDigests(deps: Deps, now = new Date()): Promise<number[]> {
  const stored: number[] = [];
  for (const digest of await dueDigests(deps.sql, now)) {
    const id = await writeDigest(deps, digest, now).catch(error => {
      deps.log.error({ publication: digest.publication.slug, error: messageOf(error) }, 'digest not written');
      return undefined;
    });
    if (id !== undefined) stored.push(id);
  }
  return stored;
}

/** A month without an issue has no digest. */
async function writeDigest(
  { sql, log, publicUrl, render }: Deps,
  { publicationId, publication, month }: DueDigest,
  now: Date,
): Promise<number | undefined> {
  const listed = await listPublishedIn(sql, publicationId, month);
  if (listed.length === 0) return undefined;
  const issue = digestIssue(publication, month, listed, publicUrl);
  const edition = await render(issue, { publication, sendDate: now.toISOString() });
  const source = digestSource(issue, listed);
  const sourceHash = hashOf(`${publication.slug} ${month}\n${source}`);
  const id = await storeDigest(sql, { publicationId, month, source, sourceHash, issue, edition });
  if (id !== undefined) log.info({ issue: id, month, issues: listed.length }, 'digest stored');
  return id;
}
