/** Why readers leave, as they may say on the page after it. */
export const leavingReasons = ['too-often', 'not-relevant', 'too-long', 'never-asked', 'elsewhere', 'other'] as const;
export type LeavingReason = (typeof leavingReasons)[number];

/** Characters of what they may add. */
export const maxLeavingNote = 500;
