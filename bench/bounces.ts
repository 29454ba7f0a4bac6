/**
 * The bounce parser on real reports with known answers, by kind of report. The corpus is a folder of `KIND-NUMBER.eml` and `expected.json`:
 * file name → what should be found in it, a failed recipient each.
 *
 * options: --corpus FOLDER (default ../shared/corpora/bounces), --least N (default 1: kinds with fewer recipients and nothing wrong share a line)
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Finding } from '../src/track/bounces/finding.ts';
import { findingsOf, partsOf } from '../src/track/bounces/report.ts';
import { readReports } from '../src/track/bounces/sources.ts';
import { table } from './support.ts';

const wantSchema = z.object({
  /** Enhanced status code, as 5.1.1; empty for a complaint. */
  status: z.string(),
  reason: z.string(),
  /** Whether the address is gone for good. */
  hard: z.boolean(),
  feedbackType: z.string().optional(),
});
type Want = z.infer<typeof wantSchema>;

interface Score {
  recipients: number;
  found: number;
  classRight: number;
  hard: number;
  hardCaught: number;
  wrongHard: number;
  /** Verdicts on mail that reports no failure. */
  falseAlarms: number;
}

const nothing: Score = {
  recipients: 0,
  found: 0,
  classRight: 0,
  hard: 0,
  hardCaught: 0,
  wrongHard: 0,
  falseAlarms: 0,
};

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      corpus: { type: 'string', default: '../shared/corpora/bounces' },
      least: { type: 'string', default: '1' },
    },
  });
  const text = readFileSync(join(values.corpus, 'expected.json'), 'utf8');
  const expected = z.record(z.string(), z.array(wantSchema)).parse(JSON.parse(text));
  const kinds = new Map<string, Score>();
  for await (const { name, raw } of readReports(values.corpus)) {
    const wants = expected[name];
    if (!wants) continue;
    const kind = name.replace(/-\d+\.eml$/, '');
    kinds.set(kind, sum([kinds.get(kind) ?? nothing, scoreOf(wants, findingsOf(partsOf(raw)))]));
  }
  print(kinds, Number(values.least));
}

/** Pure. Each failed recipient takes the finding that fits it best, and no other may have it. */
function scoreOf(wants: readonly Want[], findings: readonly Finding[]): Score {
  const left = [...findings];
  const take = (...fits: ((finding: Finding) => boolean)[]): Finding | undefined => {
    const index = fits.map(fit => left.findIndex(fit)).find(at => at >= 0);
    return index === undefined ? undefined : left.splice(index, 1)[0];
  };
  return sum(
    wants.map(want => {
      const isComplaint = want.reason === 'feedback' && want.feedbackType !== 'auth-failure';
      // A copy that arrived, an answering machine, a report on DKIM: nobody failed.
      if (['feedback', 'delivered', 'vacation'].includes(want.reason) && !isComplaint) {
        const alarms = want.reason === 'feedback' ? ['hard', 'complaint'] : ['hard', 'soft'];
        return { ...nothing, falseAlarms: left.some(({ verdict }) => alarms.includes(verdict)) ? 1 : 0 };
      }
      const isRight = ({ status, verdict }: Finding) =>
        isComplaint ? verdict === 'complaint' : status[0] === want.status[0];
      const isHard = ({ verdict }: Finding) => verdict === 'hard';
      const found = take(
        one => isRight(one) && isHard(one) === want.hard,
        isRight,
        () => !isComplaint,
      );
      // A mailbox that is switched off may be suppressed or not: there are reasons for both.
      const mayBeHard = want.hard || want.reason === 'suspend' || want.status === '5.2.1';
      return {
        recipients: 1,
        found: found ? 1 : 0,
        classRight: found && isRight(found) ? 1 : 0,
        hard: want.hard ? 1 : 0,
        hardCaught: want.hard && found && isHard(found) ? 1 : 0,
        wrongHard: found && isHard(found) && !mayBeHard ? 1 : 0,
        falseAlarms: 0,
      };
    }),
  );
}

function sum(scores: readonly Score[]): Score {
  const total = { ...nothing };
  for (const score of scores) for (const key of Object.keys(total) as (keyof Score)[]) total[key] += score[key];
  return total;
}

function print(kinds: ReadonlyMap<string, Score>, least: number): void {
  const isFine = (s: Score) =>
    s.classRight === s.recipients && s.hardCaught === s.hard && s.wrongHard + s.falseAlarms === 0;
  const sorted = [...kinds].sort(([, a], [, b]) => b.recipients - a.recipients);
  const shown = sorted.filter(([, score]) => score.recipients >= least || !isFine(score));
  const others = sorted.filter(one => !shown.includes(one));
  const of = (part: number, whole: number) => (whole === 0 ? '–' : `${part} of ${whole}`);
  const row = (name: string, s: Score) => [
    name,
    s.recipients,
    of(s.found, s.recipients),
    of(s.classRight, s.recipients),
    of(s.hardCaught, s.hard),
    s.wrongHard,
    s.falseAlarms,
  ];
  console.log(
    table(
      ['kind of report', 'recipients', 'found', 'class right', 'hard caught', 'wrong hard', 'false alarms'],
      [
        ...shown.map(([name, score]) => row(name, score)),
        ...(others.length > 0 ? [row(`${others.length} other kinds`, sum(others.map(([, score]) => score)))] : []),
        row('**all**', sum([...kinds.values()])),
      ],
    ),
  );
}
