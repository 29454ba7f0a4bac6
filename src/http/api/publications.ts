/** Publications: read, and written whole. */
import { z } from 'zod';
import { tryOut } from '../../commands/try-publication.ts';
import { findPublication, listPublications, putPublication, type StoredPublication } from '../../db/publications.ts';
import { BroadsheetError } from '../../errors.ts';
import { publicationSchema } from '../../model/publication.ts';
import type { Wiring } from '../../wiring.ts';
import { wrongField } from './problems.ts';
import { type Route, route } from './route.ts';

/** With each of its templates as long as it may be. */
const documentBytes = 1024 * 1024;

const publication = publicationSchema.meta({ id: 'Publication' });

/** @throws BroadsheetError PUBLICATION_UNKNOWN */
export async function requirePublication({ sql }: Pick<Wiring, 'sql'>, slug: string): Promise<StoredPublication> {
  const found = await findPublication(sql, slug);
  if (!found) throw new BroadsheetError('PUBLICATION_UNKNOWN', `there is no publication ${slug}`);
  return found;
}

export const publicationRoutes: Route[] = [
  route(
    {
      method: 'get',
      path: '/publications',
      tag: 'Publications',
      summary: 'All publications, by slug',
      scope: 'publications:read',
      response: z.object({ data: z.array(publication) }),
      status: [200],
    },
    async ({ wiring }) => ({ data: { data: (await listPublications(wiring.sql)).map(found => found.publication) } }),
  ),
  route(
    {
      method: 'get',
      path: '/publications/{publication}',
      tag: 'Publications',
      summary: 'One publication',
      scope: 'publications:read',
      response: publication,
      status: [200],
    },
    async ({ wiring, params }) => ({ data: (await requirePublication(wiring, params.publication)).publication }),
  ),
  route(
    {
      method: 'put',
      path: '/publications/{publication}',
      tag: 'Publications',
      summary: 'Create a publication, or replace its document',
      description:
        'What the document leaves out gets its default, also where the stored one had another value. A sample issue is rendered with it before it is stored.',
      scope: 'publications:write',
      body: publicationSchema,
      maxBody: documentBytes,
      response: publication,
      status: [200, 201],
    },
    async ({ wiring, params, body }) => {
      if (body.slug !== params.publication) throw wrongField('/slug', 'is not the slug in the address');
      await tryOut(wiring.config, body);
      const { created } = await putPublication(wiring.sql, body);
      return { data: body, status: created ? 201 : 200, location: `/publications/${body.slug}` };
    },
  ),
];
