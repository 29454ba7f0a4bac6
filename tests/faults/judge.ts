/** The judgement: what the relay took against what the ledger says. Pure. */
import type { Delivery } from './relay.ts';

export interface LedgerRow {
  email: string;
  state: string;
  reply: string | null;
  reason: string | null;
}

export interface Judgement {
  readers: number;
  /** Nobody has it and nobody says why: neither taken with a 250, nor unknown, nor refused or left out with a reason. */
  lost: string[];
  /** Arrived whole more than once although the first time was not definitely refused. */
  doubled: string[];
  /** The ledger says accepted and the relay never said 250; or it says the reader has nothing and the relay said 250. */
  contradicted: string[];
  unknown: number;
  accepted: number;
  /** Ledger rows by state. */
  states: Record<string, number>;
}

/** States in which a reader may rightly have nothing. */
const endsWithout = new Set(['unknown', 'rejected', 'expired', 'excluded']);

/**
 * @param addresses the audience
 * @param rows the whole ledger, after the issue has closed
 * @param deliveries the relay's record
 */
export function judge(
  addresses: readonly string[],
  rows: readonly LedgerRow[],
  deliveries: ReadonlyMap<string, readonly Delivery[]>,
): Judgement {
  const byAddress = new Map(rows.map(row => [row.email.toLowerCase(), row]));
  const judgement: Judgement = {
    readers: addresses.length,
    lost: [],
    doubled: [],
    contradicted: [],
    unknown: 0,
    accepted: 0,
    states: {},
  };
  for (const { state } of rows) judgement.states[state] = (judgement.states[state] ?? 0) + 1;
  judgement.unknown = judgement.states.unknown ?? 0;
  judgement.accepted = judgement.states.accepted ?? 0;
  for (const address of addresses) {
    const row = byAddress.get(address);
    const taken = deliveries.get(address) ?? [];
    const has = taken.some(delivery => delivery.answer === 'accepted');
    const explained = row && endsWithout.has(row.state) && Boolean(row.reason ?? row.reply);
    if (!has && !explained) judgement.lost.push(address);
    if (taken.filter(delivery => delivery.answer !== 'refused').length > 1) judgement.doubled.push(address);
    if (row?.state === 'accepted' ? !has : has && row?.state !== 'unknown') judgement.contradicted.push(address);
  }
  return judgement;
}
