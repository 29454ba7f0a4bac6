/** What a signed link of a reader is for. A token's number of a purpose is its place in `purposes`: new ones go at the end. */

export const purposes = [
  'click',
  'like',
  'unsubscribe',
  'preferences',
  'web',
  'bounce',
  'confirm',
  'manage',
  'code',
  'address',
  'restore',
  'data',
  'comment',
  'share',
  'quiet',
  'consent',
] as const;
export type Purpose = (typeof purposes)[number];

/** Purposes of letters: their tokens carry a publication's id where others carry an issue's. */
export type LetterPurpose = Extract<
  Purpose,
  'confirm' | 'manage' | 'address' | 'restore' | 'data' | 'quiet' | 'consent'
>;
