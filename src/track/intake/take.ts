/** Takes one mail: what it means is stored, or forwarded, before this resolves. Taking it again changes nothing. */

import { createHash } from 'node:crypto';
import type { Sql } from '../../db/client.ts';
import { type ForwardedMail, lastForwards, leaveByMail, noteForward, publicationOfIssue } from '../../db/intake.ts';
import { messageOf } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import { messageName } from '../../model/message-id.ts';
import type { Reply } from '../../model/reply.ts';
import { applyReport } from '../bounces/apply.ts';
import { partsOf, type ReportParts } from '../bounces/report.ts';
import { maxReportBytes } from '../bounces/sources.ts';
import type { TokenSigner } from '../tokens.ts';
import { type Mailbox, Mailboxes, tokenInSubject } from './mailboxes.ts';
import { type Meaning, meaningOf } from './meaning.ts';

/** Octets of one mail; more is refused. */
export const maxMailBytes = 10 * 1024 * 1024;
/** Replies that go on to an editor within an hour. */
export const forwardsAnHour = { bySender: 10, byPublication: 300 };

/** Resolves once the relay has it; `refused`: it never will. Rejects when it may be tried again. */
type Forward = (reply: Reply) => Promise<'accepted' | 'refused'>;

export interface IntakeDeps {
  sql: Sql;
  log: Logger;
  tokens: TokenSigner;
  hash: (address: string) => Buffer;
  mailboxes: Mailboxes;
  forward: Forward | undefined;
}

/**
 * `taken`: what it means is done. `unclear`: nobody here can act on it. `unreadable`: it cannot be read or stored, nor ever will.
 * `later`: Postgres or the relay is away, or its sender wrote too often this hour.
 */
export type Taken = { outcome: 'taken' | 'unclear' | 'unreadable'; as: string } | { outcome: 'later'; as: Later };
type Later = 'database' | 'relay' | 'many';

export interface Mail {
  /** As it came, its header first. */
  raw: Buffer;
  /** Envelope sender, '' for the null one; undefined when not known. */
  sender: string | undefined;
  /** Which of our mailboxes it came to; undefined when none is known. */
  mailbox: Mailbox | undefined;
}

/** Puts together what taking mail needs. */
export function openIntake(
  given: Omit<IntakeDeps, 'mailboxes'> & { bounceDomain: string | undefined; forwardTo: string | undefined },
): IntakeDeps {
  const { sql, log, tokens, hash, forward, bounceDomain, forwardTo } = given;
  const mailboxes = new Mailboxes({ sql, tokens, bounceDomain, forwardTo, canForward: forward !== undefined });
  return { sql, log, tokens, hash, mailboxes, forward };
}

/** Never rejects. Logs what became of it, without addresses. */
export async function takeMail(deps: IntakeDeps, mail: Mail): Promise<Taken> {
  const taken = await attempt(deps, mail);
  const level = taken.outcome === 'taken' ? 'info' : 'warn';
  deps.log[level]({ ...taken, to: mail.mailbox?.kind, bytes: mail.raw.length }, 'mail came back');
  return taken;
}

async function attempt(deps: IntakeDeps, mail: Mail): Promise<Taken> {
  let read: { parts: ReportParts; meaning: Meaning };
  try {
    read = readMail(deps, mail);
  } catch {
    return { outcome: 'unreadable', as: 'mail' };
  }
  try {
    return await act(deps, mail, read.parts, read.meaning);
  } catch (error) {
    // Class 22: a value that no column can hold; class 23: a rule of the tables. Trying again would not help.
    if (/^2[23]/.test((error as { code?: string }).code ?? '')) return { outcome: 'unreadable', as: 'data' };
    deps.log.warn({ error: messageOf(error) }, 'a mail that came back waits for Postgres');
    return { outcome: 'later', as: 'database' };
  }
}

function readMail({ tokens }: IntakeDeps, { raw, sender, mailbox }: Mail) {
  const parts = partsOf(raw.subarray(0, maxReportBytes));
  return { parts, meaning: meaningOf(parts, mailbox, sender, subject => tokenInSubject(subject, tokens)) };
}

async function act(deps: IntakeDeps, mail: Mail, parts: ReportParts, meaning: Meaning): Promise<Taken> {
  switch (meaning.kind) {
    case 'report': {
      const row = mail.mailbox?.kind === 'return-path' ? mail.mailbox.row : undefined;
      const { recorded } = await applyReport(deps, parts, meaning.findings, row);
      return { outcome: 'taken', as: recorded ? 'report' : 'report without effect' };
    }
    case 'unsubscribe': {
      const ended = await leaveByMail(deps.sql, meaning.row.issueId, meaning.row.subscriberId);
      if (ended) deps.log.info({ message: messageName(meaning.row), by: 'mail' }, 'reader left');
      return { outcome: 'taken', as: ended ? 'unsubscribe' : 'unsubscribe without effect' };
    }
    case 'nothing':
      return { outcome: 'taken', as: meaning.why };
    case 'unclear':
      return { outcome: 'unclear', as: 'no meaning' };
    case 'reply':
      return forwardReply(deps, mail, parts, meaning);
  }
}

async function forwardReply(
  deps: IntakeDeps,
  { raw, sender: envelope }: Mail,
  parts: ReportParts,
  meaning: { publicationId?: number; issueId?: number },
): Promise<Taken> {
  const publicationId = meaning.publicationId ?? (await publicationOfIssue(deps.sql, meaning.issueId ?? 0));
  const to = publicationId === undefined ? undefined : await deps.mailboxes.editorOf(publicationId);
  if (publicationId === undefined || !to || !deps.forward) return { outcome: 'unclear', as: 'reply without an editor' };
  const { header } = parts.message;
  const sender = addressIn(header.first('from'));
  const note: ForwardedMail = {
    digest: createHash('sha256').update(raw).digest(),
    publicationId,
    sender: deps.hash((sender ?? envelope ?? '').toLowerCase()),
  };
  const last = await lastForwards(deps.sql, note);
  if (last.isKnown) return { outcome: 'taken', as: 'reply forwarded before' };
  if (last.bySender >= forwardsAnHour.bySender || last.byPublication >= forwardsAnHour.byPublication)
    return { outcome: 'later', as: 'many' };
  let answer: 'accepted' | 'refused';
  try {
    answer = await deps.forward({ ...to, sender, subject: header.first('subject'), raw });
  } catch (error) {
    deps.log.warn({ error: messageOf(error) }, 'a reply waits for the relay');
    return { outcome: 'later', as: 'relay' };
  }
  if (answer === 'refused') return { outcome: 'unclear', as: 'reply that the relay refuses' };
  await noteForward(deps.sql, note);
  return { outcome: 'taken', as: 'reply' };
}

/** The one address of a From field; undefined when it has none or several. */
function addressIn(from: string): string | undefined {
  const found = [...from.slice(0, 1000).matchAll(/[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}/g)].map(m => m[0]);
  const distinct = new Set(/<[^>]*>\s*$/.test(from) ? found.slice(-1) : found);
  return distinct.size === 1 ? [...distinct][0] : undefined;
}
