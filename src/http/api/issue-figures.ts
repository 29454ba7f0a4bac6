/** An issue's figures: the accounting, the report, the ledger row by row. */
import { z } from 'zod';
import { ledgerPage } from '../../db/api-pages.ts';
import { issueStates, recipientStates } from '../../model/states.ts';
import { trialMeasures } from '../../model/trial.ts';
import { glance } from '../../track/glance.ts';
import { readReport } from '../../track/report.ts';
import { requireView } from './issues.ts';
import { pageOf, pageQuery, readCursor, rowKey, writeCursor } from './pages.ts';
import { type Route, route } from './route.ts';

const n = z.int().nonnegative();

/** Parts of a trial's documents that change while it runs. */
const trialState = {
  share: n.meta({ description: 'Per cent of the audience.' }),
  measure: z.enum(trialMeasures),
  hours: n,
  sentAt: z.iso.datetime().nullable().meta({ description: 'When the last of its part had been tried once.' }),
  choosesAt: z.iso.datetime().nullable().meta({ description: 'Null before sentAt is known.' }),
  chosen: z.int().nullable().meta({ description: 'The variant, from 1, that the rest gets.' }),
  chosenAt: z.iso.datetime().nullable(),
  chosenBy: z
    .enum(['measure', 'default', 'editor'])
    .nullable()
    .meta({ description: 'default: too little was measured, so it is the first.' }),
};

/** Its times as the documents have them. */
function dated<T extends Record<'sentAt' | 'choosesAt' | 'chosenAt', Date | null>>(trial: T) {
  const iso = (date: Date | null) => date?.toISOString() ?? null;
  const { sentAt, choosesAt, chosenAt } = trial;
  return { ...trial, sentAt: iso(sentAt), choosesAt: iso(choosesAt), chosenAt: iso(chosenAt) };
}

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
    waiting: z
      .object({ for: z.enum(['local-time', 'trial']), readers: n, nextAt: z.iso.datetime().nullable() })
      .optional()
      .meta({
        description:
          'Readers, of the deferred, who have not been tried: they wait for their own time of day, or for the trial to choose.',
      }),
    trial: z.object({ subjects: z.array(z.string()), ...trialState }).optional(),
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
    trial: z
      .object({
        ...trialState,
        variants: z
          .array(
            z.object({ variant: n, subject: z.string(), sent: n, accepted: n, clicks: n, likes: n, unsubscribed: n }),
          )
          .meta({ description: 'Readers of the trial’s part only: machines’ clicks and likes left out.' }),
      })
      .optional(),
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
      const { warmUp, waiting, trial, ...rest } = await glance(wiring.sql, await requireView(wiring, params.issue));
      return {
        data: {
          ...rest,
          ...(warmUp && { warmUp: { ...warmUp, goesOnAt: warmUp.goesOnAt.toISOString() } }),
          ...(waiting && { waiting: { ...waiting, nextAt: waiting.nextAt?.toISOString() ?? null } }),
          ...(trial && { trial: dated(trial) }),
        },
      };
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
    async ({ wiring, params }) => {
      const { trial, ...rest } = await readReport(wiring.sql, (await requireView(wiring, params.issue)).id);
      return { data: { ...rest, ...(trial && { trial: dated(trial) }) } };
    },
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
