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
import type { LocalSend } from '../../enqueue/local-time.ts';
import { hashOf, wake } from '../../enqueue/submit.ts';
import { choose } from '../../enqueue/trial.ts';
import { BroadsheetError } from '../../errors.ts';
import type { SegmentRule } from '../../model/segment.ts';
import type { IssueState } from '../../model/states.ts';
import { mostVariants, type TrialWish } from '../../model/trial.ts';
import type { Wiring } from '../../wiring.ts';
import { requireRelay } from './issue-review.ts';
import { isSameTime, localTimeOf, refuseBoth, sendBody, timeOf, type Wish } from './issue-when.ts';
import { issueDocument, issueSchema, requireDraft, requireView } from './issues.ts';
import { Refusal, wrongField } from './problems.ts';
import { type Route, route } from './route.ts';
import { prepareText, requireSound } from './texts.ts';

const leaseTries = 100;
const leasePauseMs = 50;

/** @throws Refusal ISSUE_REFUSED; BroadsheetError ISSUE_STATE, ISSUE_ALREADY_SENT, ISSUE_CORRECTED, SEGMENT_UNKNOWN */
async function start(wiring: Wiring, draft: IssueView, wish: Wish, when: Date | LocalSend | null): Promise<void> {
  const { sql } = wiring;
  refuseBoth(wish);
  const [publication, source] = await Promise.all([
    getPublication(sql, draft.publicationId),
    issueSource(sql, draft.id),
  ]);
  const segment = wish.segment === undefined ? undefined : await findSegment(sql, draft.publicationId, wish.segment);
  if (wish.segment !== undefined && !segment)
    throw new BroadsheetError('SEGMENT_UNKNOWN', `${draft.publication} has no segment ${wish.segment}`);
  requireRelay(wiring, publication);
  const prepared = await prepareText(wiring, source, publication, wish.allowLarge, wish.trial?.subjects);
  requireSound(prepared);
  await startPrepared(
    wiring,
    draft,
    prepared,
    { again: wish.again, audience: segment?.rule ?? null, trial: wish.trial ?? null },
    when,
  );
}

/**
 * Sets a draft going with a text that passed the checks; the console's way too.
 * @param wish.audience a segment's rule; null: all active subscribers @param wish.trial of subjects that `prepared` was made with
 * @param when null: now
 * @throws Refusal BUSY; BroadsheetError ISSUE_ALREADY_SENT, ISSUE_CORRECTED; as `checkCodes`
 */
export async function startPrepared(
  wiring: Wiring,
  draft: Pick<IssueView, 'id' | 'publicationId' | 'revisionId' | 'slug'>,
  prepared: Prepared,
  { again, audience, trial }: { again: boolean; audience: SegmentRule | null; trial: TrialWish | null },
  when: Date | LocalSend | null,
): Promise<void> {
  const { sql } = wiring;
  const local = when instanceof Date ? null : when;
  const at = when instanceof Date ? when : (when?.startAt ?? null);
  await oneAtATime(wiring, `send ${draft.publicationId}`, async () => {
    const { source, issue, edition } = prepared;
    if (!again) await refuseRepeated(wiring, draft, source, issue.slug);
    await checkCodes(sql, draft.publicationId, issue, local?.at ?? at ?? undefined);
    if (
      !(await startDraft(sql, {
        id: draft.id,
        publicationId: draft.publicationId,
        revisionId: draft.revisionId,
        issue,
        edition,
        at,
        audience,
        local: local?.local ?? null,
        trial,
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

const sent = async (wiring: Wiring, id: number) => ({ data: issueDocument(await requireView(wiring, id)) });

/** Whether what is asked for has been done. @param when null: now */
function isOnItsWay(row: IssueView, when: Date | LocalSend | null): boolean {
  if (row.kind !== 'regular') return false;
  if (when instanceof Date) return row.state === 'scheduled' && row.scheduledAt?.getTime() === when.getTime();
  if (when === null) return row.state === 'sending';
  return (row.state === 'scheduled' || row.state === 'sending') && isSameTime(row, when);
}

const startingRoutes: Route[] = [
  route(
    {
      method: 'post',
      path: '/issues/{issue}/schedule',
      tag: 'Sending',
      summary: 'Send a draft at a time',
      scope: 'issues:send',
      body: z.strictObject({
        at: z.string().max(40).meta({
          description:
            'ISO 8601 with offset, or without one in the publication’s time zone. Beside localTime: the day, as 2026-11-25.',
        }),
        ...sendBody,
      }),
      response: issueSchema,
      status: [200],
      isKeyed: true,
      cost: 20,
    },
    async ({ wiring, params, body }) => {
      const row = await requireView(wiring, params.issue);
      const { timeZone } = await getPublication(wiring.sql, row.publicationId);
      const when =
        body.localTime === undefined ? timeOf(body.at, timeZone) : localTimeOf(body.localTime, body.at, timeZone);
      if (!isOnItsWay(row, when)) await start(wiring, await requireDraft(wiring, params.issue), body, when);
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
      const { timeZone } = await getPublication(wiring.sql, row.publicationId);
      const when = body.localTime === undefined ? null : localTimeOf(body.localTime, undefined, timeZone);
      if (!isOnItsWay(row, when)) await start(wiring, await requireDraft(wiring, params.issue), body, when);
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

const chooseRoute = route(
  {
    method: 'post',
    path: '/issues/{issue}/choose',
    tag: 'Sending',
    summary: 'Choose the subject of a trial',
    description:
      'Before its time is up: the rest of the readers get this one. Chosen already: the same again changes nothing.',
    scope: 'issues:send',
    body: z.strictObject({ variant: z.int().min(1).max(mostVariants) }),
    response: issueSchema,
    status: [200],
  },
  async ({ wiring, params, body }) => {
    const row = await requireView(wiring, params.issue);
    if (row.trial && body.variant > row.trial.subjects.length)
      throw wrongField('/variant', `is none of the ${row.trial.subjects.length} that there are`);
    await choose(wiring.sql, String(row.id), body.variant);
    return sent(wiring, row.id);
  },
);

export const issueSendingRoutes: Route[] = [...startingRoutes, ...turningRoutes, chooseRoute];
