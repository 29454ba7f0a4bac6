/** Issues: listed, stored as drafts from Markdown, replaced, deleted. */
import { z } from 'zod';
import {
  deleteDraft,
  type IssueView,
  insertIssueAtOnce,
  issueSource,
  listIssues,
  replaceDraft,
  viewIssue,
} from '../../db/api-issues.ts';
import { getPublication } from '../../db/publications.ts';
import { BroadsheetError } from '../../errors.ts';
import { segmentRuleSchema } from '../../model/segment.ts';
import { issueStates } from '../../model/states.ts';
import { trialMeasures } from '../../model/trial.ts';
import type { Wiring } from '../../wiring.ts';
import { localTimeDocument, localTimeSchema } from './issue-when.ts';
import { pageOf, pageQuery, readCursor, rowKey, writeCursor } from './pages.ts';
import { requirePublication } from './publications.ts';
import { type Route, route } from './route.ts';
import { prepareText, sourceBodyBytes, storable } from './texts.ts';

const kinds = ['regular', 'test', 'rehearsal', 'erratum', 'digest'] as const;
const time = z.iso.datetime().nullable();

const trialSchema = z
  .object({
    subjects: z.array(z.string()),
    share: z.int().meta({ description: 'Per cent of the audience.' }),
    measure: z.enum(trialMeasures),
    hours: z.int(),
    chosen: z.int().nullable().meta({ description: 'The variant, from 1, that the rest gets; null: not chosen yet.' }),
  })
  .meta({ id: 'Trial' });

export const issueSchema = z
  .object({
    id: z.int(),
    publication: z.string(),
    slug: z.string(),
    kind: z.enum(kinds),
    state: z.enum(issueStates),
    title: z.string(),
    revision: z.int().meta({ description: 'Rises with each text the issue gets.' }),
    corrects: z.int().nullable().meta({ description: 'Of an erratum: the issue it corrects.' }),
    audience: segmentRuleSchema.nullable().meta({ description: 'The rule it goes to; null: all active subscribers.' }),
    localTime: localTimeSchema,
    trial: trialSchema.nullable().meta({ description: 'Of its subjects; null: none.' }),
    createdAt: z.iso.datetime(),
    scheduledAt: time,
    startedAt: time,
    finishedAt: time,
    reason: z.string().nullable().meta({ description: 'Why it is held or cancelled.' }),
  })
  .meta({ id: 'Issue' });

type IssueDocument = z.infer<typeof issueSchema>;

const issueWithSource = issueSchema.extend({ source: z.string() }).meta({ id: 'IssueWithSource' });

const sourceText = z
  .string()
  .min(1)
  .max(1024 * 1024)
  .meta({ description: 'Markdown with optional YAML front matter; see docs/issue-format.md.' });

export function issueDocument(row: IssueView): IssueDocument {
  const { publicationId: _publication, revisionId: _revision, localMinutes: _minutes, localDay: _day, ...rest } = row;
  const iso = (date: Date | null) => date?.toISOString() ?? null;
  return {
    ...rest,
    audience: (row.audience ?? null) as IssueDocument['audience'],
    localTime: localTimeDocument(row),
    createdAt: row.createdAt.toISOString(),
    scheduledAt: iso(row.scheduledAt),
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
  };
}

/** @throws BroadsheetError ISSUE_UNKNOWN */
export async function requireView({ sql }: Pick<Wiring, 'sql'>, id: number): Promise<IssueView> {
  const row = await viewIssue(sql, id);
  if (!row) throw new BroadsheetError('ISSUE_UNKNOWN', `there is no issue ${id}`);
  return row;
}

/** @throws BroadsheetError ISSUE_UNKNOWN, ISSUE_STATE */
export async function requireDraft(wiring: Pick<Wiring, 'sql'>, id: number): Promise<IssueView> {
  const row = await requireView(wiring, id);
  if (row.state !== 'draft' || row.kind !== 'regular')
    throw new BroadsheetError('ISSUE_STATE', `issue ${row.slug} is ${row.state}, no draft any more`);
  return row;
}

const located = (row: IssueView) => ({ data: issueDocument(row), location: `/issues/${row.id}` });

export const issueRoutes: Route[] = [
  route(
    {
      method: 'get',
      path: '/publications/{publication}/issues',
      tag: 'Issues',
      summary: 'Issues of a publication, newest first',
      scope: 'issues:read',
      query: z.strictObject({
        ...pageQuery,
        state: z.enum(issueStates).optional(),
        kind: z.enum(kinds).optional(),
        slug: z.string().max(200).optional(),
      }),
      response: pageOf(issueSchema),
      status: [200],
    },
    async ({ wiring, params, query }) => {
      const { id } = await requirePublication(wiring, params.publication);
      const [before = null] = readCursor('issues', rowKey, query.cursor) ?? [];
      const rows = await listIssues(wiring.sql, id, { ...query, before, limit: query.limit + 1 });
      const page = rows.slice(0, query.limit);
      const last = rows.length > query.limit ? [page.at(-1)!.id] : null;
      return { data: { data: page.map(issueDocument), nextCursor: writeCursor('issues', last) } };
    },
  ),
  route(
    {
      method: 'post',
      path: '/publications/{publication}/issues',
      tag: 'Issues',
      summary: 'Store an issue as a draft',
      description:
        'Any text is stored, also one with errors: GET …/check names them, and only a text without them is sent.',
      scope: 'issues:write',
      body: z.strictObject({ source: sourceText }),
      maxBody: sourceBodyBytes,
      response: issueSchema,
      status: [201],
      isKeyed: true,
      cost: 20,
    },
    async ({ wiring, params, body, requestId }) => {
      const { id: publicationId, publication } = await requirePublication(wiring, params.publication);
      const text = storable(await prepareText(wiring, body.source, publication));
      return located(
        await requireView(wiring, await insertIssueAtOnce(wiring.sql, { publicationId, text, requestId })),
      );
    },
  ),
  route(
    {
      method: 'get',
      path: '/issues/{issue}',
      tag: 'Issues',
      summary: 'One issue with its text',
      scope: 'issues:read',
      response: issueWithSource,
      status: [200],
    },
    async ({ wiring, params }) => {
      const row = await requireView(wiring, params.issue);
      return { data: { ...issueDocument(row), source: await issueSource(wiring.sql, row.id) } };
    },
  ),
  route(
    {
      method: 'put',
      path: '/issues/{issue}/source',
      tag: 'Issues',
      summary: 'Replace the text of a draft',
      description:
        'With `revision`, the number it replaces: another edit made meanwhile is then not overwritten, but refused with 409.',
      scope: 'issues:write',
      body: z.strictObject({ source: sourceText, revision: z.int().min(1).optional() }),
      maxBody: sourceBodyBytes,
      response: issueSchema,
      status: [200],
      cost: 20,
    },
    async ({ wiring, params, body }) => {
      const draft = await requireDraft(wiring, params.issue);
      const revision = body.revision ?? draft.revision;
      const text = storable(
        await prepareText(wiring, body.source, await getPublication(wiring.sql, draft.publicationId)),
      );
      if (!(await replaceDraft(wiring.sql, { ...draft, revision }, text)))
        throw new BroadsheetError('ISSUE_CORRECTED', `revision ${revision} of ${draft.slug} is not the newest`);
      return { data: issueDocument(await requireView(wiring, draft.id)) };
    },
  ),
  route(
    {
      method: 'delete',
      path: '/issues/{issue}',
      tag: 'Issues',
      summary: 'Delete a draft',
      scope: 'issues:write',
      status: [204],
    },
    async ({ wiring, params }) => {
      const draft = await requireDraft(wiring, params.issue);
      if (!(await deleteDraft(wiring.sql, draft.id)))
        throw new BroadsheetError('ISSUE_STATE', `issue ${draft.slug} is no draft any more`);
      return { data: undefined };
    },
  ),
];
