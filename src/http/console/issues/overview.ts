/** The newest issues with what became of their audience. */
import { countStates } from '../../../db/accounting.ts';
import type { Sql } from '../../../db/client.ts';
import type { IssueState, RecipientState } from '../../../model/states.ts';

export interface IssueLine {
  id: number;
  title: string;
  slug: string;
  kind: 'regular' | 'test' | 'rehearsal' | 'erratum' | 'digest';
  state: IssueState;
  publication: string;
  timeZone: string;
  at: Date;
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
  readonly #kept = new Map<string, { until: number; counts: Promise<IssueCounts> }>();

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async newest(): Promise<IssueLine[]> {
    const rows = await this.#sql<Omit<IssueLine, 'counts'>[]>`
      select i.id, i.title, i.slug, i.kind, i.state,
        coalesce(p.document->>'name', p.slug) as publication, coalesce(p.document->>'timeZone', 'UTC') as time_zone,
        coalesce(i.finished_at, case when i.state = 'scheduled' then i.scheduled_at end, i.started_at, i.created_at) as at
      from issues i join publications p on p.id = i.publication_id
      order by i.id desc limit ${shownIssues}`;
    const lines: IssueLine[] = [];
    // One after the other: a page takes one of the few connections.
    for (const row of rows) lines.push({ ...row, counts: await this.#counts(row.id, row.state) });
    return lines;
  }

  #counts(issueId: number, state: IssueState): Promise<IssueCounts> {
    const key = `${issueId} ${state}`;
    const kept = this.#kept.get(key);
    if (kept && kept.until > Date.now()) return kept.counts;
    const counts = this.#count(issueId);
    const closed = state === 'sent' || state === 'cancelled';
    this.#kept.delete(key);
    this.#kept.set(key, { until: Date.now() + (closed ? closedMs : openMs), counts });
    counts.catch(() => this.#kept.delete(key));
    if (this.#kept.size > mostKept) this.#kept.delete(this.#kept.keys().next().value!);
    return counts;
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
