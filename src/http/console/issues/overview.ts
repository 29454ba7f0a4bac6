/** Pages of issues with what became of their audience. */

import { countStates } from '../../../db/accounting.ts';
import type { Sql } from '../../../db/client.ts';
import { type IssueFilter, type ListedIssue, listForConsole } from '../../../db/issue-list.ts';
import { Memo } from '../../../memo.ts';
import type { IssueState, RecipientState } from '../../../model/states.ts';

export interface IssueLine extends ListedIssue {
  counts: IssueCounts;
}

/** They add up: audience = accepted + open + refused + unknown + excluded. */
export interface IssueCounts {
  audience: number;
  accepted: number;
  open: number;
  refused: number;
  unknown: number;
  excluded: number;
}

export const shownIssues = 20;

const columnOf: Record<RecipientState, Exclude<keyof IssueCounts, 'audience'>> = {
  queued: 'open',
  sending: 'open',
  deferred: 'open',
  accepted: 'accepted',
  rejected: 'refused',
  expired: 'refused',
  unknown: 'unknown',
  excluded: 'excluded',
};

/** Counting a ledger reads all of it, so counts are kept: of a closed issue long, of an open one for a moment. */
const closedMs = 5 * 60_000;
const openMs = 2_000;
const mostKept = 200;

export class Overview {
  readonly #sql: Sql;
  readonly #closed = new Memo<number, IssueCounts>(mostKept, closedMs);
  readonly #open = new Memo<number, IssueCounts>(mostKept, openMs);

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** A page of issues, newest first. */
  async page(of: IssueFilter): Promise<IssueLine[]> {
    const lines: IssueLine[] = [];
    // One after the other: a page takes one of the few connections.
    for (const row of await listForConsole(this.#sql, of, shownIssues))
      lines.push({ ...row, counts: await this.#counts(row.id, row.state) });
    return lines;
  }

  #counts(issueId: number, state: IssueState): Promise<IssueCounts> {
    const isClosed = state === 'sent' || state === 'cancelled';
    return (isClosed ? this.#closed : this.#open).get(issueId, () => this.#count(issueId));
  }

  async #count(issueId: number): Promise<IssueCounts> {
    const sums: IssueCounts = { audience: 0, accepted: 0, open: 0, refused: 0, unknown: 0, excluded: 0 };
    for (const { state, n } of (await countStates(this.#sql, issueId)).counts) {
      sums[columnOf[state]] += n;
      sums.audience += n;
    }
    return sums;
  }
}
