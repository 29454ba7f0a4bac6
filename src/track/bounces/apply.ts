/** From a report to what changes: only our signed return path says whom it is about (rule 3.2). */
import { findMailed, type ReportedKind, recordReported } from '../../db/bounces.ts';
import type { Sql } from '../../db/client.ts';
import { suppressSoft } from '../../db/suppressions.ts';
import type { Logger } from '../../log.ts';
import { messageName } from '../../model/message-id.ts';
import { parseReturnPath, type TokenContent, type TokenSigner } from '../tokens.ts';
import type { Finding } from './finding.ts';
import type { ReportParts } from './report.ts';
import type { Verdict } from './verdict.ts';

/** Where the report itself was delivered to. */
const deliveredTo = ['to', 'delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'x-rcpt-to', 'return-path'];

/** Mildest first. */
const severity: readonly Verdict[] = ['none', 'delayed', 'soft', 'policy', 'hard', 'complaint'];

const kinds: Partial<Record<Verdict, ReportedKind>> = {
  hard: 'bounce-hard',
  soft: 'bounce-soft',
  policy: 'bounce-policy',
  complaint: 'complaint',
};

/**
 * The ledger row a report is about: of the address it came to, otherwise of the message it returns (its Return-Path, and the fields in
 * which RFC 5965 and Postfix name the sender). Undefined without a valid token, and when two rows are named.
 */
export function reportedRow(parts: ReportParts, tokens: TokenSigner): TokenContent | undefined {
  const fields = parts.message.leaves.filter(leaf =>
    /^message\/(?:feedback-report|(?:global-)?delivery-status)$/.test(leaf.type),
  );
  const inside = [...parts.original.fields.map(([, value]) => value), ...fields.map(leaf => leaf.text)];
  for (const texts of [parts.message.header.all(...deliveredTo), inside]) {
    const rows = rowsIn(texts.join('\n'), tokens);
    if (rows.length > 0) return rows.length === 1 ? rows[0] : undefined;
  }
  return undefined;
}

function rowsIn(text: string, tokens: TokenSigner): TokenContent[] {
  const rows = new Map<string, TokenContent>();
  // A report names one or two; each costs a MAC.
  for (const [, local] of [...text.matchAll(/(?<![\w.+-])(b-[a-z2-7]{52})@/gi)].slice(0, 50)) {
    const bytes = parseReturnPath(local!);
    const row = bytes && tokens.verifyBytes(bytes);
    if (row?.purpose === 'bounce') rows.set(`${row.issueId} ${row.subscriberId}`, row);
  }
  return [...rows.values()];
}

/**
 * What several findings mean for the one reader: what is said of the reader's own address; of other addresses (behind a forward) the
 * mildest, since a forward that reaches someone is no dead address.
 */
export function verdictFor(email: string, findings: readonly Finding[]): Verdict {
  const own = findings.filter(finding => finding.recipient.toLowerCase() === email);
  const verdicts = (own.length > 0 ? own : findings).map(finding => finding.verdict);
  if (verdicts.includes('complaint')) return 'complaint';
  return severity.find(verdict => verdicts.includes(verdict)) ?? 'none';
}

export interface Applied {
  /** False: no valid token, or nothing to record; nothing was changed. */
  recorded: boolean;
  suppressed: boolean;
}

/**
 * Acts on one report. Feeding it again changes nothing.
 * @param to the row of the address that the envelope named; undefined: what the report itself says
 */
export async function applyReport(
  deps: { sql: Sql; tokens: TokenSigner; log: Logger },
  parts: ReportParts,
  findings: readonly Finding[],
  to?: TokenContent,
): Promise<Applied> {
  const row = to ?? reportedRow(parts, deps.tokens);
  const email = row && (await findMailed(deps.sql, row.issueId, row.subscriberId));
  const verdict = email === undefined ? 'none' : verdictFor(email, findings);
  return row ? applyVerdict(deps, row, verdict) : nothing;
}

const nothing: Applied = { recorded: false, suppressed: false };

/** Acts on what a ledger row's copy came back with. Again it changes nothing, and in any order the outcome is the same. */
export async function applyVerdict(
  { sql, log }: { sql: Sql; log: Logger },
  row: { issueId: number; subscriberId: number },
  verdict: Verdict,
): Promise<Applied> {
  if (verdict === 'none') return nothing;
  const suppression = verdict === 'hard' ? 'hard-bounce' : verdict === 'complaint' ? 'complaint' : undefined;
  const { isNew, suppressed } = await recordReported(sql, row, kinds[verdict], suppression);
  // Also when it was known: a process may have ended between the two statements.
  const cleaned = verdict === 'soft' && (await suppressSoft(sql, row.subscriberId));
  if (isNew) log.info({ message: messageName(row), verdict, suppressed: suppressed || cleaned }, 'message came back');
  return { recorded: isNew, suppressed: suppressed || cleaned };
}
