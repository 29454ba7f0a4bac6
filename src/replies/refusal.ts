/** Why a reply of our own session refused for good (rules 2.1, 3.5). Pure. A false `hard-bounce` is the worst answer: in doubt, `refused`. */
import { goneCodes, ofSender, passing, type Reason, reasonOf } from './reasons.ts';
import type { Reply } from './reply.ts';
import { stageOf } from './stages.ts';

export type Refusal = 'hard-bounce' | 'blocked' | 'refused';

/** Rules and limits about us: bad sender (5.1.7, 5.1.8), our daily quota (Gmail's 5.4.5), security and policy (5.7.x). */
const codesOfOurs = /^5\.(?:1\.[78]|4\.5|7\.\d{1,3})$/;

/** Exchange Online says so of every address that its directory does not know, and of some that it does. */
const closedDirectory = /recipient address(?:es)? rejected ?: ?access denied/i;

/** A limit of the one address; any other rate is ours. */
const rateOfReader = /\bat a rate that|too many recipients|this recipient|recipient has/i;

/** Our account at the relay, or our address: its trouble must not suppress a reader. */
const ofUs =
  /\b(?:your (?:\w+ )?account|for this account|from address|return.?path|envelope|originator|[eé]metteur|exp[eé]diteur|absender|remitente|mittente|(?:verify|verification) failed|callout|callback)\b|발신|보낸|보내는|송신|差出|送信者|送信元|发件|寄件|отправител/i;

/** What RFC 5321 §4.2.3 itself writes beside 550, whatever the cause: alone it says nothing. */
const generic = /mailbox unavailable|invalid address/i;

const ofReader = /\b(?:recipient|mail ?box|inbox|rcpt|not our user)\b|수신|받는|메일함|편지함|휴면|탈퇴/i;

/** Codes that answer RCPT for the address's sake; 500 to 504 answer syntax, 530 to 538 a login. */
const answersRcpt = /^5(?:11|5[0-6])$/;

/**
 * @param mayAnswerRcpt the reply came while the envelope was under way. It may still answer MAIL or DATA: the words tell
 */
export function refusalOf(reply: Reply, mayAnswerRcpt: boolean): Refusal {
  const { status, said } = reply;
  const reason = reasonOf(said);
  if (status === '5.4.1' && closedDirectory.test(said)) return 'refused';
  if (reason === 'policy' || codesOfOurs.test(status)) return 'blocked';
  if (reason === 'full' || reason === 'size' || reason === 'program' || reason === 'content') return 'refused';
  if (reason === 'rate') return rateOfReader.test(said) ? 'refused' : 'blocked';
  // Whoever speaks of the sender does not speak of the address; with a code that does, the two disagree.
  if (ofSender.test(said) || ofUs.test(said)) return goneCodes.has(status) ? 'refused' : 'blocked';
  if (!mayAnswerRcpt || passing.test(said)) return 'refused';
  const stage = stageOf(said);
  if (stage && stage !== 'rcpt') return 'refused';
  return isGone(reply, reason) ? 'hard-bounce' : 'refused';
}

/** By its code, or by words that name the recipient. */
function isGone({ code, status, said }: Reply, reason: Reason | undefined): boolean {
  if (status.startsWith('4') || code.startsWith('53')) return false;
  if (goneCodes.has(status) || status === '5.2.1') return true;
  if (!answersRcpt.test(code)) return false;
  if (reason === 'unknownUser') return true;
  if (reason === 'maybeUnknown') return status !== '' || !generic.test(said);
  if (reason === 'moved' || reason === 'disabled') return ofReader.test(said);
  // A host that is unknown may be ours, unless RFC 7504's code says which.
  if (reason === 'unknownHost' || reason === 'noMail') return code === '556' || ofReader.test(said);
  return false;
}
