/** `status`, `report`, `ledger`, `pause`, `resume`, `cancel`: an issue on its way. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readLedger } from '../db/recipients.ts';
import { control, requireIssue } from '../enqueue/control.ts';
import { BroadsheetError } from '../errors.ts';
import { recipientStates } from '../model/states.ts';
import { csvLine } from '../subscribers/csv-line.ts';
import { report } from '../track/report.ts';
import { status } from '../track/status.ts';
import type { Output } from './output.ts';
import { accountingLines } from './progress.ts';
import { withWiring } from './wired.ts';

export async function statusCommand(issue: string, output: Output): Promise<number> {
  return withWiring('status', async ({ sql }) => {
    const accounting = await status(sql, await requireIssue(sql, issue));
    output.result(accounting, accountingLines(accounting));
    return 0;
  });
}

export async function reportCommand(issue: string, output: Output): Promise<number> {
  return withWiring('report', async ({ sql }) => {
    const row = await requireIssue(sql, issue);
    const r = await report(sql, row.id);
    output.result(r, [
      `Issue ${row.slug}: ${r.accepted} accepted`,
      `  likes of the issue ${r.likes}; of summaries ${r.summaryLikes.map(s => `#${s.summary} ${s.likes}`).join(', ') || 'none'}`,
      `  clicks by people ${r.clicks.people}, all ${r.clicks.all} (mail scanners open links too)`,
      `  opens ${r.opens === null ? 'not measured' : r.opens}, unsubscribed ${r.unsubscribed}, complained ${r.complained}`,
      `  bounced: hard ${r.bounced.hard}, soft ${r.bounced.soft}`,
    ]);
    return 0;
  });
}

export async function ledgerCommand(
  issue: string,
  options: { state?: string; out?: string },
  output: Output,
): Promise<number> {
  const { state } = options;
  if (state && !(recipientStates as readonly string[]).includes(state)) {
    throw new BroadsheetError('USAGE', `${state} is not a state`, {
      help: `Use one of ${recipientStates.join(', ')}.`,
    });
  }
  return withWiring('ledger', async ({ sql }) => {
    const row = await requireIssue(sql, issue);
    const stream = options.out ? createWriteStream(options.out) : process.stdout;
    let rows = 0;
    const write = async (text: string) => {
      if (!stream.write(text)) await once(stream, 'drain');
    };
    // With --json and no file the last line must be the object, so the rows stay out of it.
    const isShown = options.out !== undefined || !output.json;
    if (isShown) await write('email,state,attempts,reply,reason,updated_at\n');
    for await (const page of readLedger(sql, row.id, state)) {
      rows += page.length;
      if (isShown) {
        await write(
          page
            .map(l =>
              csvLine([l.email, l.state, String(l.attempts), l.reply ?? '', l.reason ?? '', l.updatedAt.toISOString()]),
            )
            .join(''),
        );
      }
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
