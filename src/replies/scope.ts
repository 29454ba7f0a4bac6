/** Whom a "not now" concerns: one reader, a mailbox provider's lane, the relay, or only the session it was said in (rules 1.9, 2.1). Pure. */
import { type Reason, reasonOf } from './reasons.ts';
import type { Reply } from './reply.ts';

export type Scope = 'reader' | 'lane' | 'relay' | 'session';

/** Our own standing with the relay: quotas (Amazon SES, Gmail's relay), login, permission to relay. */
const ourAccount =
  /throttling failure|daily message quota|maximum sending rate|relay limit exceeded|messaging limits|relay(?:ing)? (?:access )?(?:denied|not permitted|not allowed)|temporary authentication|cannot authenticate/i;

const greylisted = /gr[ae]y.?list|first.time.{0,20}sender|그레이리스/i;

/** Said of the one address, though the code may sound like more. */
const ofReader =
  /too quickly|at a rate that|too many recent messages|messages to \S{1,320} deferred|(?<!sender address rejected: )(?:unverified|undeliverable) address|address verification|recipient (?:has )?exceeded|recipient.{0,30}temporarily unavailable/i;

const slowDown =
  /server (?:is )?(?:too )?busy|network is busy|too many|too much mail|max(?:imum)? (?:number of )?(?:concurrent )?(?:messages?|connections?)|concurrent connections|(?:per|messages? (?:in|on) (?:this|one)) (?:connection|session)|throttl|slow down|rate.?limit|(?:message|sending|connection) (?:rate|limit)|excessive|unexpected volume|temporarily deferred|\[TSS?\d\d\]|\bRP-00\d|\b(?:TSS|TS)0\d\b|접속.{0,10}(?:많|초과|제한)|발송.{0,10}(?:많|초과|제한)|대량|register your ip|your ip.{0,30}filtered/i;

/** The limit of one session: a new one may go on at once. */
const ofSession =
  /(?:too many|max\w* (?:number of )?) ?(?:messages|mails|transactions).{0,30}(?:(?:in|on|for|per) (?:this|one|a|single)? ?(?:session|connection))|(?:messages?|transactions?) per (?:session|connection)|session limit/i;

/** The server's own trouble. */
const trouble =
  /temporary (?:server|system|local|lookup|internal|service) (?:error|problem|failure)|local (?:problem|error)|error in processing|internal (?:server |system |resource |service )?(?:error|problem|temporarily)|insufficient system|resources? temporarily|no space left|disk|queue|database|milter|out of memory|lookup (?:failure|error)|server configuration/i;

/** Said of the address: for good elsewhere, here for now. */
const ofAddress: ReadonlySet<Reason> = new Set([
  'full',
  'unknownUser',
  'maybeUnknown',
  'unknownHost',
  'noMail',
  'moved',
  'disabled',
]);

/** What a bare code means (RFC 5321 §4.2.3): 450 mailbox busy, 552 its allocation exceeded, 421 come back; the rest is the server's own. */
const ofCode: Readonly<Record<string, Scope>> = { 450: 'reader', 552: 'reader', 421: 'lane' };

/** @param reply a 4yz, or the 552 that counts as one */
export function scopeOf({ code, status, said }: Reply): Scope {
  if (ourAccount.test(said)) return 'relay';
  if (greylisted.test(said) || ofReader.test(said)) return 'reader';
  if (ofSession.test(said)) return 'session';
  const reason = reasonOf(said);
  if (reason === 'policy') return 'lane';
  const [, subject, detail] = status.split('.');
  if (subject === '1' && detail !== '7' && detail !== '8') return 'reader';
  if (subject === '2') return 'reader';
  if (slowDown.test(said) || reason === 'rate') return 'lane';
  if (trouble.test(said) || subject === '3') return 'relay';
  if (reason !== undefined && ofAddress.has(reason)) return 'reader';
  // What rspamd answers when it greylists, word for word; Apple's and Microsoft's 4.7.x always say more.
  if (status === '4.7.1' && /^try again later\.?$/i.test(said)) return 'reader';
  if (subject === '7') return 'lane';
  // The next host could not be found: the recipient's domain, not ours.
  if (subject === '4' && (detail === '3' || detail === '4')) return 'reader';
  return ofCode[code] ?? 'relay';
}
