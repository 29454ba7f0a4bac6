/** Errors as a page says them: in its language, by their code. What is said in English comes from where they are thrown. */
import { BroadsheetError, type ErrorCode } from '../../errors.ts';
import type { Language } from '../language.ts';
import { errorWordsKo, type PageCode } from './error-words.ts';

/** What cannot be done, in the page's own words already. */
export class PageRefusal extends BroadsheetError {
  constructor(message: string, help = '') {
    super('USAGE', message, { help });
    this.name = 'PageRefusal';
  }
}

export interface ErrorWords {
  /** A sentence: what happened. */
  message: string;
  /** What to do; may be empty. */
  help: string;
}

export function errorWords(error: BroadsheetError, language: Language): ErrorWords {
  const words = error instanceof PageRefusal || language === 'en' ? undefined : errorWordsKo[pageCode(error.code)];
  if (!words) return { message: sentence(error.message), help: error.help };
  const [what, help] = words;
  return { message: sentence(typeof what === 'string' ? what : what(error)), help };
}

/** What happened and what to do, in one paragraph. */
export function errorText(error: BroadsheetError, language: Language): string {
  const { message, help } = errorWords(error, language);
  return `${message} ${help}`.trim();
}

/** One that no page should meet is said as what it is to a person: something that went wrong here. */
function pageCode(code: ErrorCode): PageCode {
  return Object.hasOwn(errorWordsKo, code) ? (code as PageCode) : 'INTERNAL';
}

const sentence = (text: string) => (/[.!?:]$/.test(text) ? text : `${text}.`);
