/** A relay's words as we keep them. */
import { withoutAddresses } from '../log.ts';

/** Short, one line, without addresses or the control characters that Postgres refuses. */
export function storable(words: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return withoutAddresses(words.slice(0, 300).replace(/[\u0000-\u001f\u007f]/g, ' '));
}
