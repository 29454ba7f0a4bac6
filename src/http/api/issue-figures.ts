/** An issue's figures: the accounting, the report, the ledger row by row. */
import { z } from 'zod';
import { ledgerPage } from '../../db/api-pages.ts';
import { issueStates, recipientStates } from '../../model/states.ts';
import { glance } from '../../track/glance.ts';
import { readReport } from '../../track/report.ts';
import { requireView } from './issues.ts';
import { pageOf, pageQuery, readCursor, rowKey, writeCursor } from './pages.ts';
import { type Route, route } from './route.ts';

const n = z.int().nonnegative();

const accounting = z
  .object({
    issue: z.string(),
    state: z.enum(issueStates),
    reason: z.string().optional(),
    ...{ audience: n, queued: n, sending: n, accepted: n, deferred: n, rejected: n, expired: n, unknown: n },
    excluded: z.record(z.string(), n).meta({ description: 'By reason.' }),
    rate: z.number().meta({ description: 'Messages a second of the last seconds; on the first look since it began.' }),
    eta: z.number().nullable().meta({ description: 'Seconds to go at this rate.' }),
    warmUp: z
      .object({ domain: z.string(), sent: n, allowance: n, goesOnAt: z.iso.datetime(), days: n })
      .optional()
      .meta({ description: 'While the warm-up of the sending domain spreads the issue over days.' }),
  })
  .meta({ id: 'IssueStatus' });

const issueReport = z
  .object({
    accepted: n,
    webLikes: n.meta({ description: 'The same from the web, without a reader’s link.' }),
    comments: z.object({ published: n, pending: n }),
    likes: n.meta({ description: 'Readers who like the issue as a whole; likes that machines gave are left out.' }),
    pressed: n.meta({
      description: 'Presses of its button: machines’, and likes taken back, included.',
    }),
    summaryLikes: z.array(z.object({ summary: n, title: z.string(), likes: n, pressed: n, webLikes: n })),
    clicks: z.object({
      all: n.meta({ description: 'Requests, machines’ included.' }),
      people: n.meta({ description: 'Readers with a click that does not look like a machine’s, once for each link.' }),
      links: z.array(z.object({ ref: n, url: z.string(), label: z.string(), all: n, people: n })),
    }),
    opens: z.null().meta({ description: 'Not measured.' }),
    unsubscribed: n,
    leftReasons: z.record(z.string(), n).meta({ description: 'Why, of those who cared to say.' }),
    complained: n,
    bounced: z.object({ hard: n, soft: n }),
  })
  .meta({ id: 'IssueReport' });

const ledgerRow = z
  .object({
    subscriber: z.int(),
    email: z.string().nullable().meta({ description: 'Null: deleted since.' }),
    state: z.enum(recipientStates),
    attempts: n,
    reply: z.string().nullable(),
    reason: z.string().nullable(),
    revision: z.int().nullable().meta({ description: 'That they were sent.' }),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'LedgerRow' });

export const issueFigureRoutes: Route[] = [
  route(
    {
      method: 'get',
      path: '/issues/{issue}/status',
      tag: 'Sending',
      summary: 'The accounting',
      scope: 'issues:read',
      response: accounting,
      status: [200],
      cost: 5,
    },
    async ({ wiring, params }) => {
      const { warmUp, ...rest } = await glance(wiring.sql, await requireView(wiring, params.issue));
      return { data: { ...rest, ...(warmUp && { warmUp: { ...warmUp, goesOnAt: warmUp.goesOnAt.toISOString() } }) } };
    },
  ),
  route(
    {
      method: 'get',
      path: '/issues/{issue}/report',
      tag: 'Sending',
      summary: 'What readers did',
      scope: 'issues:read',
      response: issueReport,
      status: [200],
      cost: 5,
    },
    async ({ wiring, params }) => ({
      data: await readReport(wiring.sql, (await requireView(wiring, params.issue)).id),
    }),
  ),
  route(
    {
      method: 'get',
      path: '/issues/{issue}/ledger',
      tag: 'Sending',
      summary: 'Who got it, who did not, and why',
      scope: 'subscribers:read',
      query: z.strictObject({ ...pageQuery, state: z.enum(recipientStates).optional() }),
      response: pageOf(ledgerRow),
      status: [200],
    },
    async ({ wiring, params, query }) => {
      const { id } = await requireView(wiring, params.issue);
      const [after = 0] = readCursor('ledger', rowKey, query.cursor) ?? [];
      const { rows, end } = await ledgerPage(wiring.sql, id, { ...query, after });
      const data = rows.map(row => ({ ...row, updatedAt: row.updatedAt.toISOString() }));
      return { data: { data, nextCursor: writeCursor('ledger', end === null ? null : [end]) } };
    },
  ),
];
