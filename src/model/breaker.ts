/** When a send stops by itself until a person decides (rules 1.3, 3.5). Pure. */
import type { Publication } from './publication.ts';

/** Counted since the issue started or was last taken up again. */
export interface Failures {
  /** Messages. */
  accepted: number;
  attempted: number;
  complaints: number;
  hardBounces: number;
  /** Refusals for what or who we are. */
  blocks: number;
  /** The relay's words at the last block. */
  blockReply: string | null;
  /** Refusals for anything else: size, content, unclear. */
  refusals: number;
}

/** Of so many attempts at one mailbox provider `blocks` is the most. */
export const blocksOf = 50;

/** Fewer are chance, whatever share of a short list they are. */
const leastComplaints = 3;
const leastHardBounces = 10;
const leastRefusals = 20;

/** @returns why the issue is to be held; undefined when it may go on */
export function tripped(failures: Failures, limits: Publication['delivery']['breaker']): string | undefined {
  const { accepted, attempted, complaints, hardBounces, blocks, blockReply, refusals } = failures;
  if (limits.blocks !== null && blocks >= limits.blocks && blocks * blocksOf >= attempted * limits.blocks)
    return blocked(blocks, attempted, blockReply);
  const isOver = (n: number, of: number, percent: number | null) => percent !== null && n * 100 > of * percent;
  if (complaints >= leastComplaints && isOver(complaints, accepted, limits.complaintPercent)) {
    return `${complaints} of ${accepted} readers reported it as spam, more than ${limits.complaintPercent} %`;
  }
  if (hardBounces >= leastHardBounces && isOver(hardBounces, attempted, limits.hardBouncePercent)) {
    return `${hardBounces} of ${attempted} addresses do not exist, more than ${limits.hardBouncePercent} %: is the list old?`;
  }
  if (refusals >= leastRefusals && isOver(refusals, attempted, limits.refusalPercent)) {
    return `${refusals} of ${attempted} messages were refused, more than ${limits.refusalPercent} %: see why in the ledger`;
  }
  return undefined;
}

/** Why an issue is held that is refused for what or who we are. @param where the lane, when it is told of one */
export function blocked(blocks: number, attempts: number, reply: string | null, where?: string): string {
  return `${blocks} of ${where ? `the last ${attempts} messages to ${where}` : `${attempts} messages`} refused for what or who we are, the last: ${reply ?? 'no words'}. Mend the cause, resume, then send again to those refused`;
}
