/** What a fault run reports: one row for each thing done. */
import type { Judgement } from './judge.ts';
import { recoverySeconds, type Strike } from './recovery.ts';
import type { Send } from './send.ts';
import type { Stage, StageOptions } from './stage.ts';

export interface Row {
  fault: string;
  what: string;
  readers: number;
  lost: number;
  doubled: number;
  unknown: number;
  /** Connections to the relay open when the fault struck, all strikes together: the bound on `unknown`. */
  open: number;
  /** From each strike (or the end of an outage) to full rate again; what could not be seen is left out. */
  recovery: number[];
  /** What did not hold; none: passed. */
  problems: string[];
  /** Why it could not be played here. */
  skipped?: string;
  notes?: string;
}

export interface Scale {
  /** Readers of a full send. */
  readers: number;
  /** Random kills of F1. */
  kills: number;
  /** The version that belongs to `npm test`: each thing once, outages short. */
  isShort: boolean;
}

export interface Fault {
  id: string;
  name: string;
  stage?: StageOptions;
  run(stage: Stage, scale: Scale): Promise<Row[]>;
}

export interface Strikes {
  what: string;
  /** Connections open at the strikes; a function when they are struck while the send is waited for. */
  open: number | (() => number);
  /** Whose way back to full rate is measured. */
  moments?: Strike[];
  hurry?: boolean;
  deadlineMs?: number;
  /** More that must hold. */
  also?: (judgement: Judgement) => string[] | Promise<string[]>;
  notes?: string;
}

/** Waits for the send's end and judges it. */
export async function rowOf(fault: string, stage: Stage, send: Send, strikes: Strikes): Promise<Row> {
  const { hurry = true, deadlineMs } = strikes;
  const notClosed = await send.ended({ hurry, ...(deadlineMs ? { deadlineMs } : {}) });
  const judgement = await send.judgement();
  const open = typeof strikes.open === 'number' ? strikes.open : strikes.open();
  const { lost, doubled, contradicted, unknown } = judgement;
  const problems = [
    ...(notClosed ? [notClosed] : []),
    ...named('lost', lost),
    ...named('doubled', doubled),
    ...named('ledger and relay contradict each other', contradicted),
    ...(unknown > open ? [`unknown ${unknown} > ${open} connections open`] : []),
    ...sumProblem(judgement),
    ...((await strikes.also?.(judgement)) ?? []),
  ];
  return {
    fault,
    what: strikes.what,
    readers: judgement.readers,
    lost: lost.length,
    doubled: doubled.length,
    unknown,
    open,
    recovery: (strikes.moments ?? []).flatMap(
      (strike, i, all) => recoverySeconds(stage.relay.acceptedAt, strike, all[i + 1]?.at) ?? [],
    ),
    problems,
    ...(strikes.notes ? { notes: strikes.notes } : {}),
  };
}

function named(what: string, addresses: string[]): string[] {
  return addresses.length === 0 ? [] : [`${what}: ${addresses.slice(0, 3).join(', ')} (${addresses.length})`];
}

/** One row for everyone in the audience, neither more nor less. */
function sumProblem({ states, readers }: Judgement): string[] {
  const sum = Object.values(states).reduce((a, b) => a + b, 0);
  return sum === readers ? [] : [`the ledger has ${sum} rows for ${readers} readers`];
}

/** One row out of several of the same kind. */
export function summed(what: string, rows: Row[]): Row {
  const total = (field: 'readers' | 'lost' | 'doubled' | 'unknown' | 'open') =>
    rows.reduce((sum, row) => sum + row[field], 0);
  return {
    fault: rows[0]!.fault,
    what,
    readers: total('readers'),
    lost: total('lost'),
    doubled: total('doubled'),
    unknown: total('unknown'),
    open: total('open'),
    recovery: rows.flatMap(row => row.recovery),
    problems: rows.flatMap(row => row.problems.map(problem => `${row.what}: ${problem}`)),
  };
}

/** Thrown by what this machine does not allow. */
export class Skipped extends Error {}
