/** What DNS says of a sending domain, asked beside the panel and kept for minutes: it never waits for an answer. */

import type { CheckReport } from '../../../check/report.ts';
import type { Config } from '../../../config.ts';
import { examineDomain } from '../../../doctor/doctor.ts';
import type { Finding } from '../../../doctor/finding.ts';
import { oneFor } from '../../one-for.ts';

const keptMs = 10 * 60_000;
/** A newsroom has a few; the oldest goes. */
const mostKept = 50;

interface Known {
  at: number;
  findings?: Finding[];
}

const knownBy = oneFor((_: Config) => new Map<string, Known>());

/** @returns what is known, also when it is being asked anew */
export function domainState(config: Config, name: string): CheckReport['domain'] {
  const known = knownBy(config);
  const kept = known.get(name);
  if (!kept || kept.at < Date.now() - keptMs) void ask(config, name, kept?.findings);
  const findings = known.get(name)?.findings;
  return findings ? { state: 'known', name, findings } : { state: 'asked', name, findings: [] };
}

async function ask(config: Config, name: string, before: Finding[] | undefined): Promise<void> {
  const known = knownBy(config);
  known.delete(name);
  if (known.size >= mostKept) known.delete(known.keys().next().value!);
  const entry: Known = { at: Date.now(), ...(before ? { findings: before } : {}) };
  known.set(name, entry);
  entry.findings = await examineDomain(config, name).catch(() => before ?? []);
}
