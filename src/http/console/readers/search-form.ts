/** The search's form as it arrives, read into a query. It stays in bodies: a piece of an address does not belong in a URL. */

import { z } from 'zod';
import { isReadersDomain, type ReaderQuery } from '../../../db/reader-search.ts';
import { asDomain, maxSearch, needleOf } from '../../../model/reader-search.ts';
import { subscriptionStates } from '../../../model/states.ts';
import { rowIdText } from '../../row-id.ts';
import type { Console } from '../context.ts';

const optional = (schema: z.ZodType<string>) => schema.optional().catch(undefined);

const schema = z.object({
  q: z
    .string()
    .max(maxSearch * 4)
    .default('')
    .catch(''),
  publication: optional(rowIdText),
  state: z.enum(subscriptionStates).optional().catch(undefined),
  tag: optional(z.string().trim().min(1).max(60)),
  field: optional(z.string().trim().min(1).max(40)),
  value: optional(z.string().trim().min(1).max(1000)),
  order: z.enum(['newest', 'oldest']).default('newest').catch('newest'),
  after: optional(rowIdText),
});

export type SearchForm = z.infer<typeof schema>;

export const readSearch = (form: Record<string, string>): SearchForm => schema.parse(form);

/** @returns `short` when the text is too short to be looked for */
export async function queryOf(site: Console, form: SearchForm): Promise<ReaderQuery | 'short'> {
  const needle = needleOf(form.q);
  if (needle === 'short') return 'short';
  const domain = needle && asDomain(needle);
  const isDomain = domain !== undefined && (await isReadersDomain(site.wiring.sql, domain));
  return {
    needle: isDomain ? { kind: 'domain', domain } : needle,
    publicationId: form.publication ? Number(form.publication) : undefined,
    state: form.state,
    tag: form.tag?.normalize('NFC'),
    attribute: form.field && form.value ? { field: form.field, value: form.value } : undefined,
    order: form.order,
  };
}
