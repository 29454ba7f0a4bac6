/** The public copy of an edition: the same for everyone, with no reader in it. */

import type { Edition, LinkTarget, Part } from '../model/edition.ts';
import { agreedToAdvertising } from '../model/reader.ts';
import { destination, issueUrl, type Place, publicationUrl } from './links.ts';
import type { Imprint } from './press.ts';
import { escapeHtml } from './values.ts';

/**
 * The HTML with fallbacks for merge fields and, of the conditional blocks, those meant for readers of whom nothing is known.
 * Click slots become their destinations; what only a reader can do leads to the publication's page.
 */
export function webHtml(edition: Edition, imprint: Pick<Imprint, 'publication' | 'issue' | 'publicUrl'>): string {
  return neutral(edition.html, edition, imprint);
}

function neutral(parts: readonly Part[], edition: Edition, place: Place): string {
  return parts
    .map(part => {
      if (typeof part === 'string') return part;
      if (part.kind === 'field') return escapeHtml(part.fallback);
      if (part.kind === 'link') return escapeHtml(publicLink(part.link, edition, place));
      const isShown = part.condition.op === 'absent' || part.condition.field === agreedToAdvertising;
      return isShown ? neutral(part.parts, edition, place) : '';
    })
    .join('');
}

function publicLink(link: LinkTarget, edition: Edition, place: Place): string {
  if (link.to === 'click') return destination(edition, link.ref);
  const about = (page: string, summary: number) =>
    `${issueUrl(edition, place)}/${page}${summary ? `?summary=${summary}` : ''}`;
  if (link.to === 'share' || link.to === 'like') return about(link.to, link.summary);
  if (link.to === 'comment') return about('comments', 0);
  return link.to === 'web' ? issueUrl(edition, place) : publicationUrl(place);
}
