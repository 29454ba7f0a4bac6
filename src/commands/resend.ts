/** `resend`: the remainder of an issue, and sending it again to a part of it. */
import { countRemainder, type RemainderCount, type Resendable, resendable } from '../db/remainder.ts';
import { requireIssue } from '../enqueue/control.ts';
import { type Resent, resend } from '../enqueue/resend.ts';
import { BroadsheetError } from '../errors.ts';
import type { Output } from './output.ts';
import { withWiring } from './wired.ts';

export interface ResendOptions {
  state?: string[];
  yes?: boolean;
}

/** What `resend` would do with rows of a state and reason. */
export interface RemainderLine {
  state: string;
  reason: string | null;
  n: number;
  /** `yes` with --state, `asks` for --yes too, `no` never, `open` when they are still on their way. */
  resend: 'yes' | 'asks' | 'no' | 'open';
  /** Why not. */
  why?: string;
}

export async function resendCommand(issue: string, options: ResendOptions, output: Output): Promise<number> {
  const parts = partsOf(options.state ?? []);
  if (parts.length === 0 && options.yes)
    throw new BroadsheetError('USAGE', '--yes without --state', {
      help: `Name whom to send to again: --state ${resendable.join('|')}.`,
    });
  return withWiring('resend', async wiring => {
    const row = await requireIssue(wiring.sql, issue);
    if (parts.length === 0) {
      const remainder = (await countRemainder(wiring.sql, row.id)).map(lineOf);
      output.result({ issue: row.slug, state: row.state, remainder }, remainderLines(row.slug, remainder));
      return 0;
    }
    const { queued, leftOut, stopped } = await resend(wiring, row, parts, options.yes ?? false);
    output.result({ issue: row.slug, queued, leftOut, stopped }, resentLines(row.slug, { queued, leftOut, stopped }));
    return stopped ? 1 : 0;
  });
}

/** @throws BroadsheetError USAGE */
function partsOf(states: readonly string[]): Resendable[] {
  const wrong = states.find(state => !(resendable as readonly string[]).includes(state));
  if (wrong !== undefined)
    throw new BroadsheetError('USAGE', `${wrong} cannot be sent again`, {
      help: `Use one or more of ${resendable.join(', ')}. Who was left out for another reason stays left out.`,
    });
  return [...new Set(states)] as Resendable[];
}

const openStates = ['queued', 'sending', 'deferred'];

function lineOf({ state, reason, part, leftOut, n }: RemainderCount): RemainderLine {
  const line = { state, reason, n };
  if (openStates.includes(state)) return { ...line, resend: 'open' };
  if (part === null) return { ...line, resend: 'no', why: reason ?? state };
  if (leftOut !== null) return { ...line, resend: 'no', why: leftOut };
  return { ...line, resend: part === 'unknown' ? 'asks' : 'yes' };
}

function remainderLines(slug: string, remainder: readonly RemainderLine[]): string[] {
  if (remainder.length === 0) return [`Everyone has issue ${slug}.`];
  return [
    `Who does not have issue ${slug}, or may not:`,
    ...remainder.map(line => {
      const what = [line.state, line.reason].filter(Boolean).join(', ');
      return `  ${String(line.n).padStart(7)}  ${what.padEnd(40)}  ${verdictOf(line)}`;
    }),
    `  By name: broadsheet ledger ${slug} --missing`,
  ];
}

function verdictOf({ state, reason, resend: verdict, why }: RemainderLine): string {
  const part = state === 'excluded' ? reason : state;
  if (verdict === 'yes') return `sent again with --state ${part}`;
  if (verdict === 'asks') return `sent again with --state ${part} --yes; they may have it already`;
  return verdict === 'open' ? 'still on the way' : `not sent again (${why})`;
}

function resentLines(slug: string, { queued, leftOut, stopped }: Resent): string[] {
  const list = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([name, n]) => `${n} ${name}`)
      .join(', ') || 'none';
  if (!stopped && Object.keys(queued).length === 0)
    return [`Issue ${slug}: nobody to send to again; left out ${list(leftOut)}.`];
  return [
    `Issue ${slug}: queued again ${list(queued)}; left out ${list(leftOut)}.`,
    stopped
      ? `  It was paused, held or cancelled before all were queued: broadsheet status ${slug} says which. For the rest run the command again then.`
      : `  Follow it: broadsheet status ${slug}`,
  ];
}
