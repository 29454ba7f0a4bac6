/** A relay's words as we keep them. */
import { withoutAddresses, withoutReader } from '../log.ts';

/** Short, one line, without addresses or the control characters that Postgres refuses. @param reader whom they may name */
export function storable(words: string, reader?: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  const line = words.slice(0, 300).replace(/[\u0000-\u001f\u007f]/g, ' ');
  return reader === undefined ? withoutAddresses(line) : withoutReader(line, reader);
}
