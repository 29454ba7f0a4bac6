/** `status`, `report`, `ledger`, `pause`, `resume`, `cancel`: an issue on its way. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { countOpenAlerts } from '../db/alerts.ts';
import { countWaiting } from '../db/comments.ts';
import type { IssueRow } from '../db/issues.ts';
import { type LedgerLine, readLedger } from '../db/ledger.ts';
import { listRevisions, type RevisionLine } from '../db/revisions.ts';
import { type LaneState, slowedLanes } from '../deliver/rates.ts';
import { relayTroubles } from '../deliver/troubles.ts';
import { control, requireIssue } from '../enqueue/control.ts';
import { choose } from '../enqueue/trial.ts';
import { BroadsheetError, messageOf } from '../errors.ts';
import { recipientStates } from '../model/states.ts';
import { csvLine } from '../subscribers/csv-line.ts';
import { type IssueReport, report } from '../track/report.ts';
import { status } from '../track/status.ts';
import type { Wiring } from '../wiring.ts';
import type { Output } from './output.ts';
import { askedToEnd } from './processes.ts';
import { accountingLines, hasEnded, progressLine } from './progress.ts';
import { createScreen } from './screen.ts';
import { withWiring } from './wired.ts';

export interface StatusOptions {
  watch?: boolean;
}

export async function statusCommand(issue: string, options: StatusOptions, output: Output): Promise<number> {
  return withWiring('status', async wiring => {
    const row = await requireIssue(wiring.sql, issue);
    let now = await look(wiring, row);
    if (options.watch && !output.json) {
      const screen = createScreen(process.stderr);
      let isEnding = false;
      askedToEnd().then(() => {
        isEnding = true;
      });
      while (!isEnding && !hasEnded(now.figures)) {
        screen.show([...now.lines, progressLine(now.figures)]);
        await sleep(watchMs);
        const { figures, lines } = now;
        // A restart of Postgres does not end the watching.
        now = await look(wiring, row).catch(error => ({
          figures,
          lines: [...lines, `  No figures: ${messageOf(error)}`],
        }));
      }
      screen.show([]);
    }
    output.result(now.figures, now.lines);
    return 0;
  });
}

const watchMs = 1000;

/** All that `status` tells of an issue, as figures and in words. */
async function look({ sql, queues, config }: Wiring, row: IssueRow) {
  const accounting = await status(sql, row);
  // Redis knows; while it is away nothing is sent at all, and `log` has said so.
  const [slowed, troubles] = await Promise.all([
    slowedLanes(queues.redis, config.queuePrefix).catch(() => []),
    relayTroubles(queues.redis, config.queuePrefix, config.smtpUrls).catch(() => []),
  ]);
  const alerts = (await countOpenAlerts(sql)).reduce((sum, { n }) => sum + n, 0);
  const waiting = await countWaiting(sql, row.id);
  const lines = [
    ...accountingLines(accounting),
    ...(waiting > 0 ? [`  ${waiting} comment${waiting === 1 ? '' : 's'} waiting: broadsheet comments list`] : []),
    ...(alerts > 0 ? [`  ${alerts} open alert${alerts === 1 ? '' : 's'}: broadsheet alerts`] : []),
    ...troubles.map(({ relay, trouble }) => `  Relay ${relay} cannot be used now: ${trouble}`),
    ...slowed.map(slowedLine),
    ...revisionLines(await listRevisions(sql, row.id)),
  ];
  return { figures: { ...accounting, slowed, troubles, commentsWaiting: waiting }, lines };
}

function slowedLine({ lane, perSecond, holdSeconds, since, reply }: LaneState): string {
  const pace = holdSeconds > 0 ? `held for ${holdSeconds} s` : `slowed to ${perSecond.toFixed(1)} a second`;
  return `  Lane ${lane}: ${pace} since ${since.toISOString()}: ${reply}`;
}

/** Nothing for an issue that was never corrected. */
function revisionLines(revisions: readonly RevisionLine[]): string[] {
  if (revisions.length < 2) return [];
  return revisions.map(
    ({ number, createdAt, note, readers }) =>
      `  Revision ${number} of ${createdAt.toISOString()}: ${readers} readers${note ? `; ${note}` : ''}`,
  );
}

export async function reportCommand(issue: string, output: Output): Promise<number> {
  return withWiring('report', async ({ sql }) => {
    const row = await requireIssue(sql, issue);
    const r = await report(sql, row.id);
    output.result(r, [
      `Issue ${row.slug}: ${r.accepted} accepted`,
      `  likes of the issue ${r.likes} (pressed ${r.pressed}); of summaries ${r.summaryLikes.map(s => `#${s.summary} ${s.likes} (${s.pressed})`).join(', ') || 'none'}`,
      `  likes from the web ${r.webLikes}; of summaries ${r.summaryLikes.map(s => `#${s.summary} ${s.webLikes}`).join(', ') || 'none'}`,
      `  comments ${r.comments.published}, waiting for a moderator ${r.comments.pending}`,
      `  clicks by people ${r.clicks.people}, all ${r.clicks.all} (mail scanners open links too)`,
      ...r.clicks.links
        .filter(link => link.all > 0)
        .map(link => `    ${link.people} of ${link.all}  ${link.label || link.url}`),
      `  opens ${r.opens === null ? 'not measured' : r.opens}, unsubscribed ${r.unsubscribed}, complained ${r.complained}`,
      ...(Object.keys(r.leftReasons).length > 0
        ? [
            `  left because: ${Object.entries(r.leftReasons)
              .map(([reason, n]) => `${reason} ${n}`)
              .join(', ')}`,
          ]
        : []),
      `  bounced: hard ${r.bounced.hard}, soft ${r.bounced.soft}`,
      ...(r.trial ? trialLines(r.trial) : []),
    ]);
    return 0;
  });
}

function trialLines({ share, measure, chosen, variants }: NonNullable<IssueReport['trial']>): string[] {
  return [
    `  trial with ${share} % of the readers, by ${measure}: ${chosen === null ? 'not chosen yet' : `subject ${chosen} was chosen`}`,
    ...variants.map(
      v =>
        `    ${v.variant}  sent ${v.sent}, accepted ${v.accepted}, clicked ${v.clicks}, liked ${v.likes}, left ${v.unsubscribed}  ${v.subject}`,
    ),
  ];
}

/** `choose`: ends a trial by hand. */
export async function chooseCommand(issue: string, variant: string, output: Output): Promise<number> {
  return withWiring('choose', async ({ sql }) => {
    const { issue: row } = await choose(sql, issue, Number(variant));
    const accounting = await status(sql, row);
    output.result(accounting, accountingLines(accounting));
    return 0;
  });
}

export interface LedgerOptions {
  state?: string;
  missing?: boolean;
  revisions?: boolean;
  out?: string;
}

const ledgerStates = [...recipientStates, 'remainder'] as const;

export async function ledgerCommand(issue: string, options: LedgerOptions, output: Output): Promise<number> {
  const state = ledgerState(options);
  return withWiring('ledger', async ({ sql }) => {
    const row = await requireIssue(sql, issue);
    const stream = options.out ? createWriteStream(options.out) : process.stdout;
    let rows = 0;
    const write = async (text: string) => {
      if (!stream.write(text)) await once(stream, 'drain');
    };
    // With --json and no file the last line must be the object, so the rows stay out of it.
    const isShown = options.out !== undefined || !output.json;
    if (isShown) await write(`email,state,attempts,reply,reason,updated_at${options.revisions ? ',revision' : ''}\n`);
    for await (const page of readLedger(sql, row.id, state)) {
      rows += page.length;
      if (isShown) await write(page.map(line => ledgerLine(line, options.revisions ?? false)).join(''));
    }
    if (options.out) {
      stream.end();
      await once(stream, 'finish');
    }
    if (options.out || output.json)
      output.result({ issue: row.slug, rows, ...(options.out ? { file: options.out } : {}) }, [
        `${rows} rows → ${options.out}`,
      ]);
    return 0;
  });
}

/** @throws BroadsheetError USAGE */
function ledgerState({ state, missing }: LedgerOptions): string | undefined {
  if (state && !(ledgerStates as readonly string[]).includes(state))
    throw new BroadsheetError('USAGE', `${state} is not a state`, { help: `Use one of ${ledgerStates.join(', ')}.` });
  if (missing && state && state !== 'remainder')
    throw new BroadsheetError('USAGE', '--missing and --state name different rows', { help: 'Use one of the two.' });
  return missing ? 'remainder' : state;
}

function ledgerLine(line: LedgerLine, revisions: boolean): string {
  const { email, state, attempts, reply, reason, updatedAt, revision } = line;
  const cells = [email, state, String(attempts), reply ?? '', reason ?? '', updatedAt.toISOString()];
  return csvLine(revisions ? [...cells, revision === null ? '' : String(revision)] : cells);
}

export async function controlCommand(
  act: 'pause' | 'resume' | 'cancel',
  issue: string,
  output: Output,
): Promise<number> {
  return withWiring(act, async wiring => {
    const row = await control(wiring, issue, act);
    const accounting = await status(wiring.sql, row);
    output.result(accounting, accountingLines(accounting));
    return 0;
  });
}
