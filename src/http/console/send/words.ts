/** What the way from a manuscript to a send says, by language. */
import type { Language } from '../../language.ts';
import { en, type SendWords } from './words-en.ts';
import { ko } from './words-ko.ts';

export type { SendWords };

export const sendWords: Record<Language, SendWords> = { en, ko };
