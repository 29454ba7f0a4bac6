/** Saving the rule that was built as a segment, to be picked by name the next time. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { mostSegments, putSegment } from '../../../db/api-segments.ts';
import { BroadsheetError } from '../../../errors.ts';
import { PageRefusal } from '../errors.ts';
import { type ConsoleRoute, change } from '../routes.ts';
import { openDesk } from './desk.ts';
import { audienceOf, queryOf, wishOf } from './wish.ts';

const name = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}]*$/u);

export const segmentRoutes: ConsoleRoute[] = [
  change(
    '/manuscripts/:id/segment',
    'write',
    'segment.save',
    { name, wish: z.string().max(20_000) },
    async (c, site, form) => {
      const desk = await openDesk(c, site);
      if (desk instanceof Response) throw new BroadsheetError('ISSUE_STATE', 'the manuscript is sent or gone');
      const { manuscript, publication, words } = desk;
      const { sql } = site.wiring;
      const wish = wishOf(new URLSearchParams(form.wish));
      const audience = await audienceOf(sql, manuscript.publicationId, publication.timeZone, { ...wish, to: 'rule' });
      if (audience.problem || audience.rule === null) throw new PageRefusal(words.ruleIncomplete, words.rowWrong);
      const slug = slugOf(form.name);
      const put = await putSegment(sql, manuscript.publicationId, { slug, name: form.name, rule: audience.rule });
      if (!put) throw new PageRefusal(words.segmentsFull, String(mostSegments));
      const next = { ...wish, to: 'saved' as const, segment: slug };
      return {
        to: `/manuscripts/${manuscript.id}/send?${queryOf(next)}&saved=1`,
        subject: `publication ${manuscript.publicationId}`,
        detail: { segment: slug },
      };
    },
  ),
];

/** Of Latin letters what can be read, and always a few that no other has: saving never replaces. */
function slugOf(text: string): string {
  const letters = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 24)
    .replace(/^-+|-+$/g, '');
  return `${letters || 'segment'}-${randomBytes(3).toString('hex')}`;
}
