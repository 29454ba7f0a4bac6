/** What the settings say, in both languages; complete by type. */
import type { Language } from '../../language.ts';
import type { ConsoleContext } from '../context.ts';
import { en, type SettingsWords } from './words-en.ts';
import { ko } from './words-ko.ts';

const words: Record<Language, SettingsWords> = { ko, en };

export function settingsWords(c: ConsoleContext): SettingsWords {
  return words[c.get('language')];
}
