/** What the issues' list and pages say, in English: the form that the other languages fill. */
import type { ChosenBy } from '../../../model/trial.ts';

/** Why an issue is held, as far as its reason tells. */
export type HeldBecause =
  | 'codes'
  | 'spam'
  | 'addresses'
  | 'refusals'
  | 'blocked'
  | 'late'
  | 'outdated'
  | 'relay'
  | 'sink'
  | 'other';

export const en = {
  manuscripts: 'Manuscripts',
  allManuscripts: 'All manuscripts',
  newIssue: 'New issue',
  untitled: 'Without a title',
  savedBy: (who: string, when: string) => `saved by ${who}, ${when}`,
  saved: (when: string) => `saved ${when}`,
  toSend: 'Send …',
  filter: 'Filter',
  everyPublication: 'Every publication',
  everyState: 'Every state',
  search: 'Title',
  showAll: 'Also cancelled issues, tests and rehearsals',
  older: 'Older issues',
  newest: 'To the newest',
  nothingFound: 'No issue fits. Change the filter.',
  clear: 'Take the filter away',
  emptyText: 'Write the first one, try it on yourself, and send it. It appears here from then on.',

  curve: 'Messages a second since this page has been watching',
  most: (n: string) => `at most ${n}`,
  lanes: 'Lanes by mailbox provider',
  lane: 'Lane',
  deferred: 'To be tried again',
  failed: 'Failed',
  laneDone: 'done',
  laneGoing: 'going',
  laneWaiting: 'waits for its next try',
  laneHeld: (time: string) => `held for ${time}`,
  laneSlowed: (n: string) => `slowed to ${n} a second`,
  laneSays: 'the provider says',
  trouble: (relay: string) => `The relay ${relay} cannot be used now. It says:`,
  warmUp: (sent: string, allowance: string, days: number) =>
    `warm-up: ${sent} of ${allowance} today${days > 1 ? `, the rest takes ${days} days` : ''}`,

  heldTitle: 'Held: it goes on only when a person says so',
  reason: 'The reason',
  held: {
    codes: 'There are fewer discount codes than readers. Add codes to the pool, then let it go on.',
    spam: 'Many readers reported it as spam. Look at whom it went to and at what it says before it goes on; often the rest is better cancelled.',
    addresses:
      'Many addresses do not exist. The list may be old or typed by machines: check where it came from before it goes on.',
    refusals: 'Many messages were refused. The ledger shows the relay’s words; mend what they name, then let it go on.',
    blocked:
      'A mailbox provider refuses us for what or who we are: reputation, DNS or content. Mend that first; then let it go on, and send again to those refused.',
    late: 'Its time had passed when it could have started. Decide whether readers still want it: let it go on now, or cancel it.',
    outdated: 'Nothing has gone out for an hour. See to the relay and the workers, then let it go on, or cancel it.',
    relay: 'The relay refuses us before any message. Check its login and our standing with it, then let it go on.',
    sink: 'The rehearsal’s sink is gone with the program that held it. Cancel it, and rehearse again.',
    other: 'Mend the cause that is named, then let it go on, or cancel it.',
  } satisfies Record<HeldBecause, string>,

  unknownTitle: (n: string) => `${n} readers may or may not have it`,
  unknownText:
    'The mail was handed over, and the relay’s answer got lost: a connection that broke, a program that ended. Nothing is sent twice by itself, since most of them have it.',
  unknownAct: 'Send it again to the unknown …',

  scheduledTitle: 'Scheduled',
  scheduledFor: 'It starts',
  own: 'yours',
  newTime: 'Another time',
  zone: (zone: string) => `in ${zone}`,
  changeTime: 'Change the time',
  unschedule: 'Back to a manuscript',
  unscheduleText: 'Takes it out of the schedule and opens its text again. Nobody has got anything.',
  draftText: 'It was taken from the desk and not sent. Its text can be opened again.',
  wrongTime: 'This is not a time that it could start at. Choose one from now on, within a year.',
  notScheduled: 'It is not scheduled any more.',
  byOwnClock: (time: string, day: string) => `At ${time} on ${day}, by each reader’s own clock`,
  firstOnEarth: 'It starts where that day begins first:',
  localTime: 'Another time of day',
  localDay: 'Day',

  notDue: 'Not due yet',
  laneAsleep: 'waits for its time',
  waitForMorning: (n: string) =>
    n === '1' ? '1 reader waits for a morning of their own.' : `${n} readers wait for a morning of their own.`,
  waitForTrial: (n: string) =>
    n === '1' ? '1 reader waits for the subject that is chosen.' : `${n} readers wait for the subject that is chosen.`,
  chosenNext: (n: string) =>
    n === '1' ? '1 reader gets the chosen subject next.' : `${n} readers get the chosen subject next.`,
  nextDue: (time: string) => `The next are due ${time}.`,

  trial: 'Subjects on trial',
  subject: 'Subject',
  tried: 'Tried',
  clicks: 'Clicked',
  likes: 'Liked',
  chosen: 'chosen',
  trialOf: (subjects: number, share: number, measure: 'clicks' | 'likes') =>
    `${share} % of the readers try ${subjects} subjects; the one that more of them ${measure === 'clicks' ? 'click' : 'like'} goes to the rest.`,
  choosesAfter: (hours: number) =>
    `It chooses ${hours === 1 ? 'one hour' : `${hours} hours`} after these have gone out.`,
  choosesAt: (time: string) => `It chooses ${time}.`,
  chosenBy: {
    measure: (n: number, time: string, measure: 'clicks' | 'likes') =>
      `Subject ${n} goes to the rest: it had the most ${measure === 'clicks' ? 'readers who clicked' : 'likes'} (${time}).`,
    default: (n: number, time: string) => `Subject ${n} goes to the rest: too little was measured to tell (${time}).`,
    editor: (n: number, time: string) => `Subject ${n} goes to the rest: a person chose it (${time}).`,
  } as Record<ChosenBy, (n: number, time: string, measure: 'clicks' | 'likes') => string>,
  chooseTitle: 'Choose without waiting',
  chooseText: 'The rest of the readers get this subject from then on. It is chosen once; who has got another keeps it.',
  choose: 'Choose this now',
  chosenAlready: (n: number) => `Subject ${n} was chosen already, and goes to the rest. Nothing was changed.`,

  shortfall: 'Who did not get it, and why',
  shortfallLink: 'Who did not get it, and why',
  everybodyHas: 'Everybody has it.',
  openYet: (n: string) => `${n} are still on their way and are not in this list.`,
  people: 'Readers',
  why: 'Why',
  what: 'What became of it',
  again: 'Send again?',
  states: {
    rejected: 'refused',
    expired: 'gave up',
    unknown: 'unknown',
    excluded: 'left out',
    bounced: 'came back',
  },
  reasons: {
    'hard-bounce': 'the address does not exist',
    refused: 'refused for good',
    blocked: 'refused for what or who we are',
    'gave up': 'refused for now until the retries ran out',
    suppressed: 'suppressed: never mailed again',
    unsubscribed: 'unsubscribed since',
    paused: 'takes a break',
    digest: 'chose the monthly digest since',
    cancelled: 'the send was cancelled before',
    'bounce-hard': 'the address does not exist',
    'bounce-soft': 'the mailbox could not take it',
    'bounce-policy': 'the receiving server does not want it',
  } as Record<string, string>,
  noReason: 'no reason was kept',
  verdicts: {
    yes: 'can be',
    asks: 'can be; they may have it already',
    no: 'no',
    never: 'no: it would come back again',
  },
  see: 'See them',
  rows: 'Readers',
  rowsNext: 'Next',
  rowsFirst: 'From the beginning',
  address: 'Address',
  deleted: 'deleted since',
  attempts: 'Tries',
  words: 'The relay’s words',
  when: 'When',
  download: 'Download as CSV',
  resendTitle: 'Send again',
  resendText:
    'The same mail, to those who did not get it. Who has unsubscribed, is suppressed, or whose address does not exist stays left out.',
  parts: {
    unknown: (n: string) => `To the ${n} unknown`,
    expired: (n: string) => `To the ${n} for whom retries ran out`,
    rejected: (n: string) => `To the ${n} refused`,
    cancelled: (n: string) => `To the ${n} whom the cancel left out`,
  },
  sure: 'I know that they may get it twice.',
  resendHeld: 'It is paused or held: let it go on first, then send again.',

  correct: 'Correct …',
  correctTitle: 'Correct this issue',
  correctWeb: 'The web issue shows the corrected text at once.',
  correctUnsent: (copies: string) => `The ${copies} copies that have not left carry it.`,
  correctHave: (readers: string) => `${readers} readers have an older one and keep it, unless you write to them.`,
  text: 'The text',
  note: 'What was corrected',
  noteHint: 'One line, shown above the web issue. May be left empty.',
  erratum: 'A short mail to those who have an older revision',
  erratumHint: 'An issue of its own, in the same form: a title and what was wrong. Leave it empty to write to nobody.',
  correctDo: 'Store the correction',
  unchanged: 'Neither the text nor an erratum is new. Change something first.',
  refusedText: 'Errors must be mended before it can be stored.',
  refusedErratum: 'The erratum has errors.',
  warningsSeen: 'I have read the warnings.',
  otherRevision:
    'Somebody else corrected it in the meantime. Copy what you wrote, load the page again, and put it into the newest text.',
  slugOther: (given: string, own: string) =>
    `The text names the address ${given}, and this issue’s is ${own}. Leave the line out, or write ${own}.`,
  correctGone: 'This issue cannot be corrected: it is a trial, or goes to nobody any more.',
  revisions: 'Revisions',
  revision: (n: number) => `Revision ${n}`,
  revisionReaders: (n: string) => `${n} readers`,
  confirmErratum: 'To send the erratum too, type the word',
  erratumWord: 'erratum',
  erratumWrong: (word: string) => `Type “${word}” to send the erratum. Nothing was stored.`,

  cancelledText: 'It was cancelled. Who has it keeps it; to the others it can still be sent.',
  said: {
    sent: 'It is on its way. This page follows it by itself.',
    scheduled: 'It is scheduled. Until then everything can be changed.',
    rescheduled: 'The time is changed.',
    chosen: 'It is chosen. The rest get this subject.',
    resent: 'Queued again; who must not be written to stays left out.',
    resentNone: 'Nobody is left to whom it could be sent again.',
    corrected: 'The correction is stored. The web issue shows it, and so do all copies that leave from now on.',
  } as Record<string, string>,
  acts: {
    'manuscript.send': 'sent it',
    'manuscript.schedule': 'scheduled it',
    'issue.reschedule': 'changed the time',
    'issue.unschedule': 'made it a manuscript again',
    'issue.choose': 'chose a subject',
    'issue.resend': 'sent it again to some',
    'issue.correct': 'corrected it',
    'issue.ledger': 'downloaded who did not get it',
  } as Record<string, string>,
  followScript: 'This page loads again every few seconds.',
};

export type IssueWords = typeof en;
