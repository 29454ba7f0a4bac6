/** `doctor`: what a send depends on, each with what to do. */
import { readConfig } from '../config.ts';
import { examine } from '../doctor/doctor.ts';
import { type Finding, findings, named } from '../doctor/finding.ts';
import { findingLines, summaryOf } from '../doctor/print.ts';
import { say } from '../doctor/say.ts';
import { BroadsheetError } from '../errors.ts';
import { openWiring, type Wiring } from '../wiring.ts';
import type { Output } from './output.ts';

/** @returns exit code 1 when there is something to mend */
export async function doctorCommand(options: { publication?: string }, output: Output): Promise<number> {
  const config = readConfig();
  const { wiring, trouble } = await open(config);
  try {
    const findings = [...trouble, ...(await examine(config, wiring, options.publication))];
    const found = findings.map(each => say(each, 'en'));
    const { isTTY, columns } = process.stdout;
    const lines = findingLines(found, {
      columns: isTTY ? columns : 100,
      isColoured: Boolean(isTTY) && !process.env.NO_COLOR,
    });
    output.result({ findings: found, summary: summaryOf(found) }, lines);
    return found.some(({ state }) => state === 'fail') ? 1 : 0;
  } finally {
    await wiring?.close();
  }
}

/** Whatever keeps commands from starting is a finding here; all else is still looked at. */
async function open(config: ReturnType<typeof readConfig>): Promise<{ wiring?: Wiring; trouble: Finding[] }> {
  try {
    return { wiring: await openWiring(config, 'doctor'), trouble: [] };
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    const { fail } = findings(named('postgres-and-redis'));
    return { trouble: [fail(settingOf[error.code] ?? error.code, 'cannot-start', error.message, error.help)] };
  }
}

/** Where to look first. */
const settingOf: Partial<Record<BroadsheetError['code'], string>> = {
  DATABASE_UNREACHABLE: 'DATABASE_URL',
  REDIS_UNREACHABLE: 'REDIS_URL',
  REDIS_UNSAFE: 'REDIS_URL',
};
