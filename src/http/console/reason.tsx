/** A reason that was stored in English: in the page's language where we have words for it, else as it stands and marked as English. */
import type { Language } from '../language.ts';
import { reasonWords } from './reason-words.ts';

export function Reason({ language, reason }: { language: Language; reason: string }) {
  const words = reasonWords(reason, language);
  return words === undefined ? <bdi lang="en">{reason}</bdi> : <bdi>{words}</bdi>;
}
