/** Mail found in a mailbox, without an envelope: its header says which of our addresses it came to. */
import { partsOf } from '../bounces/report.ts';
import type { Mailbox } from './mailboxes.ts';
import { type IntakeDeps, type Taken, takeMail } from './take.ts';

/** Fields that say where a message came to. */
const toFields = ['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'x-rcpt-to', 'to', 'cc'];
/** Addresses of one message that are looked at. */
const maxAddresses = 30;

/** Takes a mail that came to whichever of our mailboxes its header names. */
export async function takeFound(deps: IntakeDeps, raw: Buffer): Promise<Taken> {
  let found: { mailboxes: Mailbox[]; sender: string | undefined };
  try {
    found = await mailboxesOf(deps, raw);
  } catch {
    return { outcome: 'later', as: 'database' };
  }
  const { mailboxes, sender } = found;
  let worst: Taken | undefined;
  for (const mailbox of mailboxes.length > 0 ? mailboxes : [undefined]) {
    const taken = await takeMail(deps, { raw, sender, mailbox });
    if (!worst || badness[taken.outcome] > badness[worst.outcome]) worst = taken;
  }
  return worst!;
}

const badness = { taken: 0, unclear: 1, unreadable: 2, later: 3 };

/** Each mailbox once; the signed ones alone when there are any: they say what the mail is about. */
async function mailboxesOf(
  deps: IntakeDeps,
  raw: Buffer,
): Promise<{ mailboxes: Mailbox[]; sender: string | undefined }> {
  const { header } = partsOf(raw.subarray(0, 64 * 1024)).message;
  const texts = header.all(...toFields).join(' ');
  const addresses = new Set(
    [...texts.matchAll(/[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,190}/g)]
      .slice(0, maxAddresses)
      .map(m => m[0].toLowerCase()),
  );
  const all = (await Promise.all([...addresses].map(one => deps.mailboxes.find(one)))).filter(one => one !== undefined);
  const signed = all.filter(one => one.kind === 'return-path' || one.kind === 'leave');
  const returnPath = header.first('return-path');
  const sender = returnPath ? (/<([^<>]*)>/.exec(returnPath)?.[1] ?? returnPath) : undefined;
  return { mailboxes: signed.length > 0 ? signed : all, sender };
}
