/** `retention`: what is older than it is kept, shown or taken away now instead of by and by. */
import { countDue, type Due, type Terms, trialDays } from '../db/retention.ts';
import { retain } from '../track/retention.ts';
import type { Output } from './output.ts';
import { rowsBar } from './rows-bar.ts';
import { withWiring } from './wired.ts';

export async function retentionCommand({ dryRun = false }: { dryRun?: boolean }, output: Output): Promise<number> {
  return withWiring('retention', async ({ sql, config }) => {
    const terms = config.retention;
    const due = await countDue(sql, terms);
    const heading = termsLine(terms);
    if (dryRun) {
      output.result({ terms, due }, [heading, ...dueLines(due), 'Nothing was taken away.']);
      return 0;
    }
    const expected = due.reduce((sum, one) => sum + rowsOf(one), 0);
    const bar = rowsBar(output);
    let rows = 0;
    try {
      await retain(sql, terms, async batch => {
        rows += batch;
        bar.update({ bytes: Math.min(rows, expected), totalBytes: expected, rows });
      });
    } finally {
      bar.stop();
    }
    output.result({ terms, due, rows }, [
      heading,
      ...dueLines(due),
      `${rows} rows taken away; reports say the same as before.`,
    ]);
    return 0;
  });
}

const rowsOf = ({ acts, ledger, likes, reports, batches }: Due) => acts + ledger + likes + reports + batches;

function termsLine({ eventsMonths, ledgerMonths }: Terms): string {
  const after = (months: number | null) => (months === null ? 'never' : `after ${months} months`);
  return `What readers did becomes counts ${after(eventsMonths)}, ledgers ${after(ledgerMonths)}, those of tests and rehearsals after ${trialDays} days.`;
}

function dueLines(due: readonly Due[]): string[] {
  return due.map(
    ({ issue, acts, ledger, likes, reports, batches }) =>
      `  ${issue}: ${acts} acts of readers, ${ledger} ledger rows, ${likes} likes, ${reports} bounces and complaints, ${batches} batches`,
  );
}
