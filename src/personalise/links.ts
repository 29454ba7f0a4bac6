/** Where a reader's link leads: a public address, the same for all, or one signed for this reader. No address of a reader in any. */
import { type Edition, type LinkTarget, trapRef } from '../model/edition.ts';
import type { Publication } from '../model/publication.ts';
import type { Purpose } from '../track/tokens.ts';

export interface Place {
  publication: Publication;
  issue: { slug: string };
  /** Without a trailing slash. */
  publicUrl: string;
}

/** A link signed per reader: `before` + token + `after`. */
interface SignedLink {
  purpose: Purpose;
  ref: number;
  before: string;
  after: string;
}

/** The public web issue, or the page of one summary when `summary` is not 0. */
function issueUrl(place: Place, summary: number): string {
  const url = `${publicationUrl(place)}/${encodeURIComponent(place.issue.slug)}`;
  return summary === 0 ? url : `${url}/${summary}`;
}

function publicationUrl(place: Pick<Place, 'publication' | 'publicUrl'>): string {
  return `${place.publicUrl}/p/${place.publication.slug}`;
}

/** The destination of a click slot. @throws Error when the edition lacks it: a fault in rendering, met before anything is sent */
function destination(edition: Edition, ref: number): string {
  const link = edition.links.find(one => one.ref === ref);
  if (!link) throw new Error(`the edition has a click slot ${ref} but no such link`);
  return link.url;
}

/** @returns a string for links that are the same for every reader */
export function resolveLink(link: LinkTarget, edition: Edition, place: Place): string | SignedLink {
  const before = `${place.publicUrl}/r/`;
  switch (link.to) {
    case 'share':
      if (link.summary === 0) return { purpose: 'share', ref: 0, before, after: '/share' };
      return issueUrl(place, link.summary);
    case 'subscribe':
      return publicationUrl(place);
    case 'click':
      destination(edition, link.ref);
      return { purpose: 'click', ref: link.ref, before, after: '' };
    case 'trap':
      return { purpose: 'click', ref: trapRef, before, after: '' };
    case 'like':
      return { purpose: 'like', ref: link.summary, before, after: '/like' };
    default:
      return { purpose: link.to, ref: 0, before, after: `/${link.to}` };
  }
}
