/** Letters: mail to one person about their own affairs. Each kind has its words in render/letter-words and its link's purpose here. */
import type { LetterPurpose } from './purposes.ts';

/** Kind → what its button's link does. */
export const letterLinks = {
  /** Asks whoever typed the address in whether it was them. */
  confirm: 'confirm',
  /** Follows the confirmation. */
  welcome: 'manage',
  /** To the address that a reader wants to be written to from now on. */
  'new-address': 'address',
  /** To the one that they left, so that nobody is moved without knowing. */
  'address-changed': 'restore',
  /** To where all that is held of them can be had and deleted. */
  data: 'data',
  /** Someone asked again for what this address gets already. */
  already: 'manage',
  /** The result of what was said about advertising, and of leaving (rule 5.5). */
  'notice-given': 'consent',
  'notice-refused': 'consent',
  'notice-withdrawn': 'consent',
  'notice-left': 'consent',
  /** The two-yearly confirmation of a consent to advertising (rule 5.6). */
  reconfirm: 'consent',
  /** Someone answered their comment. Its own link leads to the thread; this purpose is that of its way to stop. */
  'comment-reply': 'quiet',
} as const satisfies Record<string, LetterPurpose>;

export type LetterKind = keyof typeof letterLinks;

export const letterKinds = Object.keys(letterLinks) as LetterKind[];

/** Fields that every letter may have beside those of its words: its button's address, and that of its own way to stop. */
export const letterFields = { link: 'link', stop: 'stop' } as const;
