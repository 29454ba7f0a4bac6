/** What the issues' list and pages say. */
import type { Language } from '../../language.ts';
import { en, type IssueWords } from './words-en.ts';
import { ko } from './words-ko.ts';

export type { IssueWords };

export const issueWords: Record<Language, IssueWords> = { en, ko };
