/** Segments of a publication: named rules that a send can go to instead of to everybody. */
import { z } from 'zod';
import {
  deleteSegment,
  findSegment,
  listSegments,
  lookAtSegment,
  lookedAt,
  mostSegments,
  putSegment,
  type SegmentRow,
} from '../../db/api-segments.ts';
import { BroadsheetError } from '../../errors.ts';
import { segmentRuleSchema } from '../../model/segment.ts';
import { wrongField } from './problems.ts';
import { requirePublication } from './publications.ts';
import { type Route, route } from './route.ts';

const name = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}]*$/u, 'must be one line without control characters');

const segmentSchema = z
  .object({
    slug: z.string(),
    name: z.string(),
    rule: segmentRuleSchema,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Segment' });

const lookSchema = z
  .object({
    looked: z.int().meta({ description: `Subscriptions looked at, the first ${lookedAt} at most.` }),
    matching: z.int().meta({ description: 'Of those, active subscribers that the rule holds and that may be mailed.' }),
    isExact: z.boolean().meta({ description: 'All were looked at.' }),
    sample: z.array(z.object({ subscriber: z.int(), email: z.string(), name: z.string() })),
  })
  .meta({ id: 'SegmentLook' });

const documentOf = (row: SegmentRow) => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

const path = '/publications/{publication}/segments';
const onePath = `${path}/{segment}` as const;
const unknown = (slug: string) => new BroadsheetError('SEGMENT_UNKNOWN', `there is no segment ${slug}`);

export const segmentRoutes: Route[] = [
  route(
    {
      method: 'get',
      path,
      tag: 'Segments',
      summary: 'Segments of a publication, by slug',
      scope: 'subscribers:read',
      response: z.object({ data: z.array(segmentSchema) }),
      status: [200],
    },
    async ({ wiring, params }) => {
      const { id } = await requirePublication(wiring, params.publication);
      return { data: { data: (await listSegments(wiring.sql, id)).map(documentOf) } };
    },
  ),
  route(
    {
      method: 'get',
      path: onePath,
      tag: 'Segments',
      summary: 'One segment',
      scope: 'subscribers:read',
      response: segmentSchema,
      status: [200],
    },
    async ({ wiring, params }) => {
      const { id } = await requirePublication(wiring, params.publication);
      const row = await findSegment(wiring.sql, id, params.segment);
      if (!row) throw unknown(params.segment);
      return { data: documentOf(row) };
    },
  ),
  route(
    {
      method: 'put',
      path: onePath,
      tag: 'Segments',
      summary: 'Create a segment, or replace it',
      description: 'A send that was stored before keeps the rule it was stored with.',
      scope: 'subscribers:write',
      body: z.strictObject({ name, rule: segmentRuleSchema }),
      response: segmentSchema,
      status: [200, 201],
    },
    async ({ wiring, params, body }) => {
      const { id } = await requirePublication(wiring, params.publication);
      const put = await putSegment(wiring.sql, id, { slug: params.segment, ...body });
      if (!put) throw wrongField('', `the publication has ${mostSegments} segments, as many as it may have`);
      return {
        data: documentOf(put.row),
        status: put.created ? 201 : 200,
        location: `/publications/${params.publication}/segments/${params.segment}`,
      };
    },
  ),
  route(
    {
      method: 'delete',
      path: onePath,
      tag: 'Segments',
      summary: 'Delete a segment',
      scope: 'subscribers:write',
      status: [204],
    },
    async ({ wiring, params }) => {
      const { id } = await requirePublication(wiring, params.publication);
      if (!(await deleteSegment(wiring.sql, id, params.segment))) throw unknown(params.segment);
      return { data: undefined };
    },
  ),
  route(
    {
      method: 'get',
      path: `${onePath}/look`,
      tag: 'Segments',
      summary: 'Whom a segment holds: a count and a few of them',
      scope: 'subscribers:read',
      response: lookSchema,
      status: [200],
      cost: 20,
    },
    async ({ wiring, params }) => {
      const { id } = await requirePublication(wiring, params.publication);
      const row = await findSegment(wiring.sql, id, params.segment);
      if (!row) throw unknown(params.segment);
      const look = await lookAtSegment(wiring.sql, id, row.rule);
      return { data: { ...look, isExact: look.looked < lookedAt } };
    },
  ),
];
