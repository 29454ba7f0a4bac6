/** Leaving and coming back, by whatever link: no login, no delay (rules 1.4, 4.1, 5.2). */
import { insertTurn } from '../../../db/events.ts';
import { giveReason } from '../../../db/preferences.ts';
import { leavingReasons, maxLeavingNote } from '../../../model/leaving.ts';
import { messageName } from '../../../model/message-id.ts';
import { resubscribe, unsubscribe, unsubscribeAll } from '../../../subscribers/subscriptions.ts';
import type { OpenLink, Site } from '../reader.ts';

/** Who leaves or comes back, by which link. */
export interface Leaver extends Pick<OpenLink, 'publicationId' | 'subscriber'> {
  /** Whose link was used; undefined: a letter's. */
  issueId: number | undefined;
}

/** Ends the subscription of the link's reader; saying it again, or for someone long gone, changes nothing and is no error. */
export async function leave(site: Site, leaver: Leaver): Promise<void> {
  const of = ofLeaver(leaver);
  if (of && (await unsubscribe(site.sql, of))) await noteLeft(site, leaver);
}

/** Ends all subscriptions of the link's reader at once. */
export async function leaveAll(site: Site, leaver: Leaver): Promise<void> {
  const of = ofLeaver(leaver);
  if (of && (await unsubscribeAll(site.sql, of))) await noteLeft(site, leaver);
}

/** Takes the leaving back, of all publications that were left with one press. */
export async function comeBack(site: Site, leaver: Leaver): Promise<void> {
  const of = ofLeaver(leaver);
  if (of && (await resubscribe(site.sql, of))) await noteTurn(site, leaver, 'resubscribe');
}

function ofLeaver({ publicationId, subscriber, issueId }: Leaver) {
  return subscriber && { publicationId, subscriberId: subscriber.id, ...(issueId === undefined ? {} : { issueId }) };
}

async function noteTurn(
  site: Site,
  { issueId, subscriber }: Leaver,
  kind: 'unsubscribe' | 'resubscribe',
): Promise<void> {
  if (issueId !== undefined && subscriber) await insertTurn(site.sql, issueId, subscriber.id, kind);
}

async function noteLeft(site: Site, leaver: Leaver): Promise<void> {
  await noteTurn(site, leaver, 'unsubscribe');
  const { issueId = 0, subscriber } = leaver;
  site.log.info({ message: messageName({ issueId, subscriberId: subscriber!.id }), by: 'link' }, 'reader left');
}

/** Keeps why somebody left; what fits no reason changes nothing. Their own words lose control and direction characters, no line break. */
export async function sayWhy(site: Site, leaver: Leaver, form: Record<string, string>): Promise<void> {
  const of = ofLeaver(leaver);
  const note = cleanNote(form.note ?? '');
  const reason = leavingReasons.find(one => one === form.reason) ?? (note ? 'other' : undefined);
  if (of && reason) await giveReason(site.sql, of, reason, note);
}

function cleanNote(note: string): string {
  const text = note
    .replace(/\r\n?/g, '\n')
    .replace(/(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim();
  return [...text].slice(0, maxLeavingNote).join('');
}
