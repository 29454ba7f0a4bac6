/** The rows of `tests/deliver/classify.test.ts`. */
import type { Phase } from '../../src/deliver/wire-connection.ts';

/** The state, or the reason of a rejection, or the scope of a deferral. */
type Meaning = 'accepted' | 'unknown' | 'hard-bounce' | 'blocked' | 'refused' | 'reader' | 'lane' | 'relay' | 'session';

/** Whose reply, when, what was said, what it means. */
export type Row = [whose: string, phase: Phase, reply: string, meaning: Meaning];
