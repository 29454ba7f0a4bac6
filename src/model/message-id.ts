/** The part before the @ of a message's Message-ID: the same on every retry, and nothing of reader or issue can be read from it (rule 1.7). Pure. */
import { hash } from 'node:crypto';

/** What logs call a message, in every process and at every step: no address, and whoever has a row or a token has it. */
export function messageName({ issueId, subscriberId }: { issueId: number; subscriberId: number }): string {
  return `${issueId}-${subscriberId}`;
}

/** @param from the publication's address as its mail carries it */
export function messageKey(issueId: number, subscriberId: number, from: string): string {
  return hash('sha256', `broadsheet message ${from} ${issueId} ${subscriberId}`, 'hex').slice(0, 32);
}

/** As `messageKey`, of a letter. */
export function letterKey(letterId: number, from: string): string {
  return hash('sha256', `broadsheet letter ${from} ${letterId}`, 'hex').slice(0, 32);
}
