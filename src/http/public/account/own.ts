/** Links to a reader's own settings: of an issue (`preferences`) or of a letter (`manage`). Both open the same page. */
import type { Context } from 'hono';
import { type OpenLetterLink, openLetterLink, openLink, type Site } from '../reader.ts';

export type OwnPage = 'preferences' | 'manage';

export interface OwnLink extends OpenLetterLink {
  page: OwnPage;
  /** Whose link was used; undefined: a letter's. */
  issueId: number | undefined;
  subscriber: NonNullable<OpenLetterLink['subscriber']>;
}

/** @returns undefined for anything that is no link of ours to this page, or whose reader is gone */
export async function openOwn(c: Context, site: Site, page: OwnPage): Promise<OwnLink | undefined> {
  const link = page === 'manage' ? await openLetterLink(c, site, page) : await openLink(c, site, page);
  if (!link?.subscriber) return undefined;
  const { subscriber, token } = link;
  return { ...link, subscriber, page, issueId: page === 'manage' ? undefined : token.issueId };
}
