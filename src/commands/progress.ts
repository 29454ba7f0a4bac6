/** Follows an issue until its ledger closes, or a person stopped it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';
import type { Sql } from '../db/client.ts';
import { type Accounting, status } from '../track/status.ts';

const pollMs = 250;
/** Without a terminal a line now and then is enough. */
const lineEveryMs = 10_000;
const besideMs = 3000;
/** Failed looks in a row, a second apart, before watching is given up. */
const patience = 120;

/**
 * @param quiet nothing is shown
 * @param ended stops waiting early
 * @param beside is called every few seconds
 * @returns the last accounting
 */
export async function follow(
  sql: Sql,
  issueId: number,
  quiet: boolean,
  ended: () => boolean,
  beside: () => Promise<void>,
): Promise<Accounting> {
  const bar = new SingleBar({
    format: '{bar} {value} of {total}  {rate}/s  {rest}',
    hideCursor: true,
    stream: process.stderr,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
  });
  const isTerminal = process.stderr.isTTY && !quiet;
  let isStarted = false;
  let lastLine = 0;
  let lastBeside = Date.now();
  let away = 0;
  for (;;) {
    const startedAt = performance.now();
    const now = await status(sql, { id: issueId }).catch(error => {
      // Postgres restarts now and then; a send goes on after it, and so does the watching.
      if (++away > patience) throw error;
    });
    if (!now) {
      await sleep(1000);
      continue;
    }
    away = 0;
    if (Date.now() - lastBeside > besideMs) {
      lastBeside = Date.now();
      await beside().catch(() => {});
    }
    const settled = now.audience - now.queued - now.sending - now.deferred;
    if (isTerminal && now.audience > 0) {
      if (!isStarted) bar.start(now.audience, 0, { rate: '0', rest: '' });
      isStarted = true;
      bar.update(settled, { rate: now.rate, rest: restOf(now) });
    } else if (!quiet && now.audience > 0 && Date.now() - lastLine > lineEveryMs) {
      lastLine = Date.now();
      process.stderr.write(`${settled} of ${now.audience} (${now.state}), ${now.rate}/s ${restOf(now)}\n`);
    }
    if (hasEnded(now) || ended()) {
      bar.stop();
      return now;
    }
    // Counting a large ledger takes a while itself; it must not take more than a fifth of the time.
    await sleep(Math.max(pollMs, (performance.now() - startedAt) * 4));
  }
}

/** Whether nothing moves any more without a person's decision. */
export const hasEnded = ({ state }: Accounting): boolean => !['scheduled', 'sending', 'paused'].includes(state);

function restOf({ state, deferred, rejected, unknown, eta, warmUp, waiting }: Accounting): string {
  const retries = deferred - (waiting?.readers ?? 0);
  return [
    state === 'paused' ? 'paused' : eta !== null && eta > 1 ? `about ${duration(eta)} left` : '',
    warmUp && warmUp.sent >= warmUp.allowance ? `warm-up: goes on at ${minuteOf(warmUp.goesOnAt)}` : '',
    waiting ? `${waiting.readers} wait for ${waiting.for === 'trial' ? 'the trial' : 'their morning'}` : '',
    retries ? `${retries} waiting` : '',
    rejected ? `${rejected} refused` : '',
    unknown ? `${unknown} unknown` : '',
  ]
    .filter(Boolean)
    .join(', ');
}

/** `2026-03-01 00:00 UTC`. */
const minuteOf = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const barSize = 30;

/** A bar of what is settled, with rate and rest. */
export function progressLine(a: Accounting): string {
  const settled = a.audience - a.queued - a.sending - a.deferred;
  const full = a.audience === 0 ? 0 : Math.floor((settled / a.audience) * barSize);
  return `  ${'█'.repeat(full)}${'░'.repeat(barSize - full)} ${settled} of ${a.audience}  ${a.rate}/s  ${restOf(a)}`.trimEnd();
}

/** The accounting in words. */
export function accountingLines(a: Accounting): string[] {
  const retries = a.deferred - (a.waiting?.readers ?? 0);
  const parts = [
    `${a.accepted} of ${a.audience} accepted`,
    a.queued + a.sending ? `${a.queued + a.sending} to go` : '',
    a.waiting ? waitingPart(a.waiting) : '',
    retries ? `${retries} waiting to be tried again` : '',
    a.rejected ? `${a.rejected} refused` : '',
    a.expired ? `${a.expired} expired` : '',
    a.unknown ? `${a.unknown} unknown` : '',
    ...Object.entries(a.excluded).map(([reason, n]) => `${n} excluded (${reason})`),
  ].filter(Boolean);
  return [
    `Issue ${a.issue}: ${a.state}${a.reason ? ` (${a.reason})` : ''}.`,
    `  ${parts.join(', ')}.`,
    ...(a.warmUp ? [warmUpLine(a.warmUp)] : []),
    ...(a.trial ? trialLines(a.issue, a.trial) : []),
    ...(a.rejected + a.expired + a.unknown + retries > 0
      ? [`  See who and why: broadsheet ledger ${a.issue} --missing; send to some again: broadsheet resend ${a.issue}`]
      : []),
  ];
}

function waitingPart({ for: what, readers, nextAt }: NonNullable<Accounting['waiting']>): string {
  if (what === 'trial') return `${readers} waiting for the trial`;
  return `${readers} waiting for their morning${nextAt ? ` (the next at ${minuteOf(nextAt)})` : ''}`;
}

function trialLines(issue: string, trial: NonNullable<Accounting['trial']>): string[] {
  const { subjects, share, measure, hours, sentAt, choosesAt, chosen, chosenBy } = trial;
  if (chosen !== null) {
    const why = { measure: `most ${measure}`, default: 'too little was measured', editor: 'an editor chose it' };
    return [`  Trial: subject ${chosen} goes to the rest (${why[chosenBy ?? 'editor']}): ${subjects[chosen - 1]}`];
  }
  const when = sentAt && choosesAt ? `chooses at ${minuteOf(choosesAt)}` : `chooses ${hours} h after its part is out`;
  return [
    `  Trial of ${subjects.length} subjects with ${share} % of the readers: ${when}, by ${measure}. Sooner: broadsheet choose ${issue} N`,
    ...subjects.map((subject, i) => `    ${i + 1}  ${subject}`),
  ];
}

function warmUpLine({ domain, sent, allowance, goesOnAt, days }: NonNullable<Accounting['warmUp']>): string {
  const when = sent >= allowance ? `, goes on at ${minuteOf(goesOnAt)}` : '';
  const rest = days > 1 ? `; the rest takes ${days} days` : '';
  return `  Warm-up of ${domain}: ${sent} of ${allowance} today${when}${rest}.`;
}

/** `45 s`, `12 min`, `3 h 5 min`, `4 days`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${seconds < 10 ? seconds : Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${Math.round(minutes / 1440)} days`;
}
