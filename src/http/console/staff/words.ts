/** What the pages about staff say, in both languages; complete by type. */
import type { Language } from '../../language.ts';
import type { ConsoleContext } from '../context.ts';
import { en, type StaffWords } from './words-en.ts';
import { ko } from './words-ko.ts';

const words: Record<Language, StaffWords> = { ko, en };

export function wordsIn(language: Language): StaffWords {
  return words[language];
}

export function staffWords(c: ConsoleContext): StaffWords {
  return words[c.get('language')];
}
