/** What staff do to one reader. */
import { z } from 'zod';
import { forgetPerson } from '../../../db/personal-data.ts';
import { editPerson, findPerson, suppressPerson } from '../../../db/reader-view.ts';
import { retag } from '../../../db/tags.ts';
import { tagSchema } from '../../../model/tag.ts';
import { cleanText, maxAttribute, maxName } from '../../../subscribers/csv/rows.ts';
import { unsubscribe } from '../../../subscribers/subscriptions.ts';
import type { ConsoleContext } from '../context.ts';
import { type ConsoleRoute, change, idOf } from '../routes.ts';
import { problem, publicationsOf } from './frame.tsx';
import { mostFields } from './person.tsx';

const subjectOf = (id: number) => `reader ${id}`;

/** @throws BroadsheetError when the path names nobody */
function readerHere(c: ConsoleContext): number {
  const id = idOf(c);
  if (id === undefined) throw problem(c, 'gone');
  return id;
}

const attributeFields = Object.fromEntries(
  Array.from({ length: mostFields }).flatMap((_, at) => [
    [`f${at}`, z.string().max(40).optional()],
    [`a${at}`, z.string().max(4000).optional()],
  ]),
) as Record<string, z.ZodOptional<z.ZodString>>;

export const personActs: ConsoleRoute[] = [
  change(
    '/readers/:id{[0-9]+}',
    'readers',
    'reader.edit',
    { name: z.string().max(4000), ...attributeFields },
    async (c, site, form) => {
      const id = readerHere(c);
      const person = await findPerson(site.wiring.sql, id);
      if (!person) throw problem(c, 'gone');
      const known = new Set((await publicationsOf(site)).flatMap(one => Object.keys(one.publication.fields)));
      const fields = form as Record<string, string | undefined>;
      const attributes: Record<string, string> = {};
      for (let at = 0; at < mostFields; at++) {
        const [field, value] = [fields[`f${at}`], cleanText(fields[`a${at}`] ?? '')];
        if (field === undefined) continue;
        if (!(known.has(field) || Object.hasOwn(person.attributes, field)) || value.length > maxAttribute)
          throw problem(c, 'attribute');
        attributes[field] = value;
      }
      const name = cleanText(form.name).slice(0, maxName);
      await editPerson(site.wiring.sql, id, { name, attributes });
      const changed = Object.keys(attributes).filter(field => attributes[field] !== (person.attributes[field] ?? ''));
      const detail = { changed: [...(name === person.name ? [] : ['name']), ...changed] };
      return { to: `/readers/${id}`, said: 'saved', subject: subjectOf(id), detail };
    },
  ),
  ...(['tag', 'untag'] as const).map(act =>
    change(
      `/readers/:id{[0-9]+}/${act}`,
      'readers',
      `reader.${act}`,
      { tag: z.string().max(500) },
      async (c, site, form) => {
        const id = readerHere(c);
        const tag = tagSchema.safeParse(form.tag);
        if (!tag.success) throw problem(c, 'tag');
        const done = await retag(site.wiring.sql, id, act === 'tag' ? { add: [tag.data] } : { remove: [tag.data] });
        if (!done) throw problem(c, 'tag');
        return {
          to: `/readers/${id}`,
          said: act === 'tag' ? 'tagged' : 'untagged',
          subject: subjectOf(id),
          detail: { tag: tag.data },
        };
      },
    ),
  ),
  change('/readers/:id{[0-9]+}/end/:publication', 'readers', 'reader.end', {}, async (c, site) => {
    const id = readerHere(c);
    const publication = (await publicationsOf(site)).find(one => one.publication.slug === c.req.param('publication'));
    if (!publication) throw problem(c, 'gone');
    await unsubscribe(site.wiring.sql, { publicationId: publication.id, subscriberId: id });
    return {
      to: `/readers/${id}`,
      said: 'ended',
      subject: subjectOf(id),
      detail: { publication: publication.publication.slug },
    };
  }),
  change('/readers/:id{[0-9]+}/suppress', 'readers', 'reader.suppress', {}, async (c, site) => {
    const id = readerHere(c);
    await suppressPerson(site.wiring.sql, id);
    return { to: `/readers/${id}`, said: 'suppressed', subject: subjectOf(id) };
  }),
  change('/readers/:id{[0-9]+}/delete', 'readers', 'reader.delete', { sure: z.literal('yes') }, async (c, site) => {
    const id = readerHere(c);
    if (!(await forgetPerson(site.wiring.sql, id))) throw problem(c, 'gone');
    return { to: '/readers', said: 'removed', subject: subjectOf(id) };
  }),
];
