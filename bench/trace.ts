/** How well machines are told from people over the labelled trace of tests/track/trace: a confusion table for clicks and for likes. */
import { createApp } from '../src/http/server.ts';
import { sendIssue } from '../tests/track/support.ts';
import { type Confusion, replay, traceLinks, traceNetwork, traceReaders } from '../tests/track/trace/replay.ts';
import { openStage } from './stage.ts';
import { table } from './support.ts';

export async function main(): Promise<void> {
  const stage = await openStage({ SMTP_URL: 'smtp://127.0.0.1:9', MACHINE_NETWORKS: traceNetwork });
  try {
    const { wiring } = stage;
    const links = Array.from({ length: traceLinks }, (_, i) => ({
      ref: i + 1,
      url: `https://example.org/${i}`,
      section: 's',
      label: `${i}`,
    }));
    const sent = await sendIssue(wiring, { readers: traceReaders, links });
    await wiring.sql`update recipients set state = 'accepted' where issue_id = ${sent.issueId}`;
    const { clicks, likes } = await replay({ ...wiring, app: await createApp(wiring), ...sent });
    for (const [what, of] of Object.entries({ clicks, likes })) print(what, of);
  } finally {
    await stage.close();
  }
}

function print(what: string, { counts, precision, recall, wrong, reasons }: Confusion): void {
  const rows = (['person', 'machine'] as const).map(label => [label, counts[label].person, counts[label].machine]);
  process.stdout.write(`${table([`${what}: made by a`, 'taken for a person’s', 'taken for a machine’s'], rows)}\n`);
  process.stdout.write(`\nprecision ${precision.toFixed(3)}, recall ${recall.toFixed(3)} of “machine”\n`);
  for (const [session, n] of Object.entries(wrong)) process.stdout.write(`wrong: ${n} of “${session}”\n`);
  process.stdout.write(`by signal: ${JSON.stringify(reasons)}\n\n`);
}
