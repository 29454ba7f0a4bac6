/** Events: what readers and mailbox providers did. Subscribers by id only. */
import { z } from 'zod';
import { eventPage } from '../../db/api-pages.ts';
import { eventKinds } from '../../model/states.ts';
import { pageQuery, readCursor, writeCursor } from './pages.ts';
import { type Route, route } from './route.ts';

const event = z
  .object({
    id: z.int(),
    issue: z.int(),
    subscriber: z.int(),
    kind: z.string(),
    ref: z.int().meta({ description: 'Of a click the link’s number, of a like the summary’s; 0: the issue.' }),
    machine: z.string().nullable().meta({ description: 'Why it is not counted as a person’s.' }),
    at: z.iso.datetime(),
  })
  .meta({ id: 'Event' });

/** Microseconds since 1970, and the event's id. */
const eventKey = z.tuple([z.int().nonnegative(), z.int().nonnegative()]);

export const eventRoutes: Route[] = [
  route(
    {
      method: 'get',
      path: '/events',
      tag: 'Events',
      summary: 'Events in the order of their time',
      description:
        'Events appear a few seconds after they happened. Keep the last cursor you got and ask again with it: nothing is passed by.',
      scope: 'events:read',
      query: z.strictObject({
        ...pageQuery,
        issue: z.coerce.number().int().positive().optional(),
        kind: z.enum(eventKinds).optional(),
        since: z.iso.datetime({ offset: true }).optional().meta({ description: 'Without a cursor: where to begin.' }),
      }),
      response: z.object({
        data: z.array(event),
        nextCursor: z.string().nullable().meta({ description: 'Where to go on, now or later; null: no event yet.' }),
        hasMore: z.boolean(),
      }),
      status: [200],
    },
    async ({ wiring, query }) => {
      const since = query.since === undefined ? null : ([Math.max(0, Date.parse(query.since)) * 1000, 0] as const);
      const after = readCursor('events', eventKey, query.cursor) ?? since;
      const { rows, end, hasMore } = await eventPage(wiring.sql, { ...query, after });
      const data = rows.map(row => ({ ...row, at: row.at.toISOString() }));
      return { data: { data, nextCursor: end ? writeCursor('events', end) : (query.cursor ?? null), hasMore } };
    },
  ),
];
