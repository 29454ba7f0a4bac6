/** Merge fields in one-line texts: `{{name|독자}}` in a subject or preheader. Bodies carry them as `field` nodes. */
import type { Slot } from '../model/edition.ts';
import { mergeFields, type Publication } from '../model/publication.ts';

type Field = Extract<Slot, { kind: 'field' }>;

const pattern = /\{\{\s*([\p{L}_][\p{L}\p{N}_-]{0,39})\s*(?:\|([^{}]*))?\}\}/gu;

/**
 * Splits text at the publication's merge fields. Braces around anything else stay text: whether they are a mistake is for
 * compose's checks to say. A field without a fallback takes the publication's default.
 */
export function splitFields(text: string, publication: Publication): (string | Field)[] {
  const known = new Set(mergeFields(publication));
  const parts: (string | Field)[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const name = match[1]!;
    if (!known.has(name)) continue;
    if (match.index > from) parts.push(text.slice(from, match.index));
    parts.push({ kind: 'field', name, fallback: match[2]?.trim() || publication.fields[name] || '' });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}
