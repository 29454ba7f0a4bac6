/** `bounces`: reports of mailbox providers in, what they mean out; without --dry-run also into the database. */
import { once } from 'node:events';
import { type Applied, applyReport } from '../track/bounces/apply.ts';
import type { Finding } from '../track/bounces/finding.ts';
import { findingsOf, partsOf } from '../track/bounces/report.ts';
import { maxReportBytes, type RawReport, readReports } from '../track/bounces/sources.ts';
import type { Verdict } from '../track/bounces/verdict.ts';
import type { Wiring } from '../wiring.ts';
import type { Output } from './output.ts';
import { withWiring } from './wired.ts';

interface Line extends Finding {
  /** Why nothing can be said of it. */
  problem?: string;
}

export async function bouncesCommand(path: string, options: { dryRun?: boolean }, output: Output): Promise<number> {
  if (options.dryRun) return feed(path, undefined, output);
  return withWiring('bounces', wiring => feed(path, wiring, output));
}

/** @param wiring undefined: only looked at */
async function feed(path: string, wiring: Wiring | undefined, output: Output): Promise<number> {
  const counts = new Map<Verdict, number>();
  let reports = 0;
  let recorded = 0;
  let suppressed = 0;
  for await (const report of readReports(path)) {
    const { lines, applied } = await readOne(report, wiring);
    for (const { verdict } of lines) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    recorded += Number(applied?.recorded ?? false);
    suppressed += Number(applied?.suppressed ?? false);
    // One object, written as it grows: an mbox may hold a million reports.
    await write(
      output.json
        ? `${reports === 0 ? '{' : ','}${JSON.stringify(report.name)}:${JSON.stringify(lines)}`
        : forPeople(report.name, lines),
    );
    reports++;
  }
  const verdicts = [...counts].map(([verdict, n]) => `${verdict} ${n}`).join(', ') || 'nothing found';
  const outcome = wiring ? `${recorded} recorded, ${suppressed} addresses suppressed` : 'nothing recorded (--dry-run)';
  await write(output.json ? `${reports === 0 ? '{' : ''}}\n` : `${reports} reports: ${verdicts}; ${outcome}.\n`);
  return 0;
}

async function readOne(report: RawReport, wiring: Wiring | undefined): Promise<{ lines: Line[]; applied?: Applied }> {
  if (report.problem) return { lines: [nothing(report.problem)] };
  const read = safely(() => {
    const parts = partsOf(report.raw);
    return { parts, findings: findingsOf(parts) };
  });
  if (!read) return { lines: [nothing('cannot be read; please report it')] };
  const { parts } = read;
  if (!['from', 'subject', 'received', 'date', 'to', 'return-path'].some(name => parts.message.header.first(name)))
    return { lines: [nothing('not a mail message')] };
  const lines: Line[] = read.findings;
  const isCut = report.bytes > maxReportBytes;
  if (isCut && lines.every(line => line.verdict === 'none'))
    return { lines: [nothing(`nothing found in the first ${maxReportBytes} of ${report.bytes} bytes`)] };
  return wiring ? { lines, applied: await applyReport(wiring, parts, lines) } : { lines };
}

/** One report that the parser trips over does not hold up the thousand after it. */
function safely<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function nothing(problem: string): Line {
  return { recipient: '', status: '', verdict: 'none', problem };
}

function forPeople(name: string, lines: readonly Line[]): string {
  return lines
    .map(
      ({ recipient, status, verdict, problem }) =>
        `${verdict.padEnd(9)} ${status.padEnd(7)} ${recipient || '-'}  ${name}${problem ? `: ${problem}` : ''}\n`,
    )
    .join('');
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}
