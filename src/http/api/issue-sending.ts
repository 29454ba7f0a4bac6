/** Issues on their way: scheduled, sent, paused, resumed, cancelled. Asking for the state that an issue has already changes nothing. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Prepared } from '../../commands/prepare.ts';
import { type IssueView, issueSource } from '../../db/api-issues.ts';
import { findSegment } from '../../db/api-segments.ts';
import { startDraft, unscheduleIssue } from '../../db/api-sends.ts';
import { findIssue, findSentSlug, findSentSource } from '../../db/issues.ts';
import { getPublication } from '../../db/publications.ts';
import { endLease, takeLease } from '../../db/workers.ts';
import { checkCodes } from '../../enqueue/codes.ts';
import { control } from '../../enqueue/control.ts';
import { hashOf, wake } from '../../enqueue/submit.ts';
import { parseZonedTime } from '../../enqueue/zoned-time.ts';
import { BroadsheetError } from '../../errors.ts';
import type { SegmentRule } from '../../model/segment.ts';
import type { IssueState } from '../../model/states.ts';
import type { Wiring } from '../../wiring.ts';
import { requireRelay } from './issue-review.ts';
import { issueDocument, issueSchema, requireDraft, requireView } from './issues.ts';
import { Refusal, wrongField } from './problems.ts';
import { type Route, route } from './route.ts';
import { prepareText, requireSound } from './texts.ts';

/** A time further off is a slip of the keyboard. */
const mostDaysAhead = 370;
const lateMs = 60_000;
const leaseTries = 100;
const leasePauseMs = 50;

const sendBody = {
  segment: z
    .string()
    .max(40)
    .optional()
    .meta({ description: 'Slug of a segment; all active subscribers when left out.' }),
  again: z.boolean().default(false).meta({ description: 'Send a text that was sent before.' }),
  allowLarge: z.boolean().default(false).meta({ description: 'Send although Gmail will cut it off.' }),
};

interface Wish {
  segment?: string | undefined;
  again: boolean;
  allowLarge: boolean;
}

/** @throws Refusal ISSUE_REFUSED; BroadsheetError ISSUE_STATE, ISSUE_ALREADY_SENT, ISSUE_CORRECTED, SEGMENT_UNKNOWN */
async function start(wiring: Wiring, draft: IssueView, wish: Wish, at: Date | null): Promise<void> {
  const { sql } = wiring;
  const [publication, source] = await Promise.all([
    getPublication(sql, draft.publicationId),
    issueSource(sql, draft.id),
  ]);
  const segment = wish.segment === undefined ? undefined : await findSegment(sql, draft.publicationId, wish.segment);
  if (wish.segment !== undefined && !segment)
    throw new BroadsheetError('SEGMENT_UNKNOWN', `${draft.publication} has no segment ${wish.segment}`);
  requireRelay(wiring, publication);
  const prepared = await prepareText(wiring, source, publication, wish.allowLarge);
  requireSound(prepared);
  await startPrepared(wiring, draft, prepared, { again: wish.again, audience: segment?.rule ?? null }, at);
}

/**
 * Sets a draft going with a text that passed the checks; the console's way too.
 * @param wish.audience a segment's rule; null: all active subscribers
 * @throws Refusal BUSY; BroadsheetError ISSUE_ALREADY_SENT, ISSUE_CORRECTED; as `checkCodes`
 */
export async function startPrepared(
  wiring: Wiring,
  draft: Pick<IssueView, 'id' | 'publicationId' | 'revisionId' | 'slug'>,
  prepared: Prepared,
  { again, audience }: { again: boolean; audience: SegmentRule | null },
  at: Date | null,
): Promise<void> {
  const { sql } = wiring;
  await oneAtATime(wiring, `send ${draft.publicationId}`, async () => {
    const { source, issue, edition } = prepared;
    if (!again) await refuseRepeated(wiring, draft, source, issue.slug);
    await checkCodes(sql, draft.publicationId, issue, at ?? undefined);
    if (
      !(await startDraft(sql, {
        id: draft.id,
        publicationId: draft.publicationId,
        revisionId: draft.revisionId,
        issue,
        edition,
        at,
        audience,
      }))
    )
      throw new BroadsheetError('ISSUE_CORRECTED', `issue ${draft.slug} changed in the meantime`);
  });
  if (!at) await wake(wiring, (await findIssue(sql, String(draft.id)))!, false);
}

async function refuseRepeated(
  { sql }: Wiring,
  draft: Pick<IssueView, 'id' | 'publicationId'>,
  source: string,
  slug?: string,
): Promise<void> {
  const before =
    (await findSentSource(sql, draft.publicationId, hashOf(source))) ??
    (slug && (await findSentSlug(sql, draft.publicationId, slug, draft.id)));
  if (before)
    throw new BroadsheetError('ISSUE_ALREADY_SENT', `issue ${before.id} (${before.slug}) is ${before.state}`, {
      help: 'To send this as one more issue say "again": true.',
    });
}

/** Two drafts of one text would not see each other. @throws Refusal BUSY */
async function oneAtATime({ sql }: Wiring, name: string, work: () => Promise<void>): Promise<void> {
  const holder = randomUUID();
  for (let tries = 1; !(await takeLease(sql, name, holder)); tries++) {
    if (tries === leaseTries)
      throw new Refusal('BUSY', 'another issue is just being sent', { headers: { 'retry-after': '1' } });
    await sleep(leasePauseMs);
  }
  try {
    await work();
  } finally {
    await endLease(sql, name, holder).catch(() => {});
  }
}

/** `2026-11-25 08:00` in the publication's zone, or a full ISO 8601 time. @throws Refusal REQUEST_INVALID */
function timeOf(text: string, timeZone: string): Date {
  let at: Date;
  try {
    at = parseZonedTime(text, timeZone);
  } catch {
    throw wrongField(
      '/at',
      'is not a time: write 2026-11-25T08:00:00+09:00, or 2026-11-25 08:00 in the publication’s zone',
    );
  }
  const aheadMs = at.getTime() - Date.now();
  if (aheadMs < -lateMs) throw wrongField('/at', 'is in the past');
  if (aheadMs > mostDaysAhead * 86_400_000) throw wrongField('/at', `is more than ${mostDaysAhead} days ahead`);
  return at;
}

const sent = async (wiring: Wiring, id: number) => ({ data: issueDocument(await requireView(wiring, id)) });

const startingRoutes: Route[] = [
  route(
    {
      method: 'post',
      path: '/issues/{issue}/schedule',
      tag: 'Sending',
      summary: 'Send a draft at a time',
      scope: 'issues:send',
      body: z.strictObject({
        at: z
          .string()
          .max(40)
          .meta({ description: 'ISO 8601 with offset, or without one in the publication’s time zone.' }),
        ...sendBody,
      }),
      response: issueSchema,
      status: [200],
      isKeyed: true,
      cost: 20,
    },
    async ({ wiring, params, body }) => {
      const row = await requireView(wiring, params.issue);
      const at = timeOf(body.at, (await getPublication(wiring.sql, row.publicationId)).timeZone);
      if (row.state !== 'scheduled' || row.scheduledAt?.getTime() !== at.getTime())
        await start(wiring, await requireDraft(wiring, params.issue), body, at);
      return sent(wiring, params.issue);
    },
  ),
  route(
    {
      method: 'delete',
      path: '/issues/{issue}/schedule',
      tag: 'Sending',
      summary: 'Make a scheduled issue a draft again',
      scope: 'issues:send',
      response: issueSchema,
      status: [200],
    },
    async ({ wiring, params }) => {
      const row = await requireView(wiring, params.issue);
      if (row.state !== 'draft' && !(await unscheduleIssue(wiring.sql, row.id)))
        throw new BroadsheetError('ISSUE_STATE', `issue ${row.slug} is ${row.state}, not scheduled`);
      return sent(wiring, row.id);
    },
  ),
  route(
    {
      method: 'post',
      path: '/issues/{issue}/send',
      tag: 'Sending',
      summary: 'Send a draft now',
      description: 'Once this answers the send is stored, and the workers carry it out. Follow it with GET …/status.',
      scope: 'issues:send',
      body: z.strictObject(sendBody),
      response: issueSchema,
      status: [202],
      isKeyed: true,
      cost: 20,
    },
    async ({ wiring, params, body }) => {
      const row = await requireView(wiring, params.issue);
      if (row.kind !== 'regular' || row.state !== 'sending')
        await start(wiring, await requireDraft(wiring, params.issue), body, null);
      return sent(wiring, params.issue);
    },
  ),
];

const turns = {
  pause: { summary: 'Pause a send', reached: ['paused'] },
  resume: { summary: 'Let a paused or held send go on', reached: ['sending'] },
  cancel: { summary: 'End a send for good; who has the issue keeps it', reached: ['cancelled'] },
} as const satisfies Record<string, { summary: string; reached: IssueState[] }>;

const turningRoutes = (Object.keys(turns) as (keyof typeof turns)[]).map(act =>
  route(
    {
      method: 'post',
      path: `/issues/{issue}/${act}`,
      tag: 'Sending',
      summary: turns[act].summary,
      scope: 'issues:send',
      response: issueSchema,
      status: [200],
    },
    async ({ wiring, params }) => {
      const row = await requireView(wiring, (params as { issue: number }).issue);
      if (!(turns[act].reached as readonly string[]).includes(row.state)) await control(wiring, String(row.id), act);
      return sent(wiring, row.id);
    },
  ),
);

export const issueSendingRoutes: Route[] = [...startingRoutes, ...turningRoutes];
