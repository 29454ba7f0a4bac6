/**
 * A labelled trace: what people and machines do with one issue's links, made up after what filters' makers and senders tell of them. Replayed
 * through the web app into the database; the events' times are then shifted to where the trace puts them, since nobody waits hours for a test.
 */
import { readFileSync } from 'node:fs';
import type { Hono } from 'hono';
import { z } from 'zod';
import type { Sql } from '../../../src/db/client.ts';
import { trapRef } from '../../../src/model/edition.ts';
import { report } from '../../../src/track/report.ts';
import type { TokenSigner } from '../../../src/track/tokens.ts';

/** Links that the replayed issue has. */
export const traceLinks = 8;
/** The network that the trace's sender has named as machines'. */
export const traceNetwork = '203.0.113.0/24';

const label = z.enum(['person', 'machine']);
type Label = z.infer<typeof label>;

const step = z.strictObject({
  /** Seconds after delivery. */
  at: z.number().nonnegative(),
  /** Number of a tracked link; 0: the hidden one. */
  open: z.int().optional(),
  /** A page to open, and a button to press. */
  look: z.enum(['like', 'unsubscribe', 'preferences', 'web']).optional(),
  press: z.enum(['like']).optional(),
  method: z.enum(['GET', 'HEAD']).default('GET'),
  agent: z.string().optional(),
  headers: z.record(z.string(), z.string()).default({}),
  /** Where one step is another's than the session. */
  label: label.optional(),
});
const sessions = z.array(
  z.strictObject({
    name: z.string(),
    agent: z.string(),
    /** So many readers with the same steps. */
    readers: z.int().positive(),
    /** All of them from here; otherwise each has an address of their own. */
    ip: z.string().optional(),
    steps: z.array(step),
  }),
);

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
const agents = z.record(z.string(), z.string()).parse(read('agents.json'));
const trace = (['person', 'machine'] as const).flatMap(of =>
  sessions.parse(read(of === 'person' ? 'people.json' : 'machines.json')).map(session => ({ ...session, label: of })),
);

/** Readers that the trace needs. */
export const traceReaders = trace.reduce((sum, session) => sum + session.readers, 0);

export interface Confusion {
  /** label → judgement → events. */
  counts: Record<Label, Record<Label, number>>;
  /** Of what was judged a machine's, the share that was; of machines', the share that was found. */
  precision: number;
  recall: number;
  /** What was judged wrongly, by session, with the number of events. */
  wrong: Record<string, number>;
  /** Why, by judgement: `sweep` and so on. */
  reasons: Record<string, number>;
}

export interface Replayed {
  clicks: Confusion;
  likes: Confusion;
}

export interface ReplayDeps {
  app: Hono;
  sql: Sql;
  tokens: TokenSigner;
  issueId: number;
  /** With an `accepted` ledger row each, as many as `traceReaders`. */
  subscriberIds: readonly number[];
}

export async function replay(deps: ReplayDeps): Promise<Replayed> {
  const { sql, issueId } = deps;
  const labels = new Map<number, { label: Label; session: string; at: number }>();
  let place = 0;
  for (const session of trace) {
    for (let n = 0; n < session.readers; n++, place++) {
      const reader = { subscriberId: deps.subscriberIds[place]!, ip: session.ip ?? `192.0.2.${n % 250}` };
      for (const one of session.steps) {
        const id = await act(deps, reader, one, agents[one.agent ?? session.agent]!);
        if (id !== undefined) labels.set(id, { label: one.label ?? session.label, session: session.name, at: one.at });
      }
    }
  }
  // Now to where the trace puts them, before they are judged together.
  await sql`update events e set at = date_trunc('day', now()) - interval '10 days' + s.at * interval '1 second'
    from unnest(${[...labels.keys()]}::bigint[], ${[...labels.values()].map(one => one.at)}::float8[]) as s (id, at) where e.id = s.id`;
  await report(sql, issueId);
  return { clicks: await confusion(deps, labels, 'click'), likes: await confusion(deps, labels, 'like') };
}

/** @returns the id of the event that it left, if any */
async function act(
  { app, sql, tokens, issueId }: ReplayDeps,
  { subscriberId, ip }: { subscriberId: number; ip: string },
  one: z.infer<typeof step>,
  agent: string,
): Promise<number | undefined> {
  // Delivered so long ago, as the app will see it.
  await sql`update recipients set updated_at = now() - ${one.at}::float8 * interval '1 second'
    where issue_id = ${issueId} and subscriber_id = ${subscriberId}`;
  const what = one.look ?? one.press;
  const token = tokens.sign({ purpose: what ?? 'click', ref: one.open ?? 0, issueId, subscriberId });
  const answer = await app.request(`/r/${token}${what ? `/${what}` : ''}`, {
    method: one.press ? 'POST' : one.method,
    headers: {
      ...(agent ? { 'user-agent': agent } : {}),
      ...(one.press ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      'x-forwarded-for': ip,
      ...one.headers,
    },
    ...(one.press ? { body: 'action=like' } : {}),
  });
  if (answer.status >= 400) throw new Error(`${answer.status} of ${JSON.stringify(one)}`);
  const [event] = await sql<{ id: number | null }[]>`
    select max(id) as id from events where issue_id = ${issueId} and subscriber_id = ${subscriberId}`;
  return one.look ? undefined : (event?.id ?? undefined);
}

async function confusion(
  { sql, issueId }: ReplayDeps,
  labels: ReadonlyMap<number, { label: Label; session: string }>,
  kind: 'click' | 'like',
): Promise<Confusion> {
  const events = await sql<{ id: number; machine: string | null }[]>`
    select id, machine from events where issue_id = ${issueId} and kind = ${kind} and not (kind = 'click' and ref = ${trapRef})`;
  const counts = { person: { person: 0, machine: 0 }, machine: { person: 0, machine: 0 } };
  const wrong: Record<string, number> = {};
  const reasons: Record<string, number> = {};
  for (const { id, machine } of events) {
    const { label, session } = labels.get(id)!;
    const judged = machine === null ? 'person' : 'machine';
    counts[label][judged]++;
    if (judged !== label) wrong[session] = (wrong[session] ?? 0) + 1;
    if (machine !== null) reasons[machine] = (reasons[machine] ?? 0) + 1;
  }
  const found = counts.machine.machine;
  return {
    counts,
    precision: found / (found + counts.person.machine),
    recall: found / (found + counts.machine.person),
    wrong,
    reasons,
  };
}
