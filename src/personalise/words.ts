/** Header text: folded, and non-ASCII as RFC 2047 encoded words. */

/** RFC 2047 §2: a line that holds an encoded word is at most 76 characters, a word at most 75. */
const maxEncodedLine = 76;
const maxWord = 75;
/** RFC 5322 §2.1.1. */
const maxLine = 78;
const opening = '=?UTF-8?B?';
const closing = '?=';
/** A longer ASCII word or name goes into encoded words, which can be folded anywhere. */
const maxPlainWord = 60;

const fold = '\r\n ';

/**
 * `name: value` of an unstructured field, such as Subject: ASCII folded at its blanks, all else as encoded words that split no
 * character (RFC 2047 §5 (1)). `value` is one line.
 */
export function unstructured(name: string, value: string): string {
  if (!isPlain(value) || value.split(' ').some(word => word.length > maxPlainWord || word === '')) {
    return `${name}: ${encodedWords(value, name.length + 2)}`;
  }
  let header = `${name}:`;
  let column = header.length;
  for (const word of value.split(' ')) {
    const breaks = column + 1 + word.length > maxLine;
    header += (breaks ? fold : ' ') + word;
    column = (breaks ? 0 : column) + 1 + word.length;
  }
  return header;
}

/** `name: phrase <target>` (RFC 5322 §3.4 and RFC 2919 §3). `phrase` is one line, and may be empty. */
export function phraseAndTarget(name: string, phrase: string, target: string): string {
  if (phrase === '') return `${name}: <${target}>`;
  const words = encodedPhrase(phrase, name.length + 2);
  const head = `${name}: ${words}`;
  const column = head.length - (head.lastIndexOf('\n') + 1);
  const limit = words.includes(opening) ? maxEncodedLine : maxLine;
  return `${head}${column + 3 + target.length > limit ? fold : ' '}<${target}>`;
}

/** A display name: an atom or quoted string when ASCII, encoded words otherwise (RFC 2047 §5 (3)). */
function encodedPhrase(phrase: string, column: number): string {
  if (!isPlain(phrase) || phrase.length > maxPlainWord) return encodedWords(phrase, column);
  if (/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/.test(phrase)) return phrase;
  return `"${phrase.replace(/["\\]/g, '\\$&')}"`;
}

/** Printable ASCII that no reader takes for an encoded word. */
function isPlain(value: string): boolean {
  return /^[\x20-\x7e]*$/.test(value) && !value.includes('=?');
}

/** @param column where the first word begins on its line */
function encodedWords(value: string, column: number): string {
  const words: string[] = [];
  let chunk = '';
  let chunkBytes = 0;
  let room = bytesThatFit(maxEncodedLine - column);
  for (const character of value) {
    const bytes = Buffer.byteLength(character);
    if (chunkBytes + bytes > room) {
      words.push(encodedWord(chunk));
      chunk = '';
      chunkBytes = 0;
      room = bytesThatFit(maxWord);
    }
    chunk += character;
    chunkBytes += bytes;
  }
  words.push(encodedWord(chunk));
  return words.join(fold);
}

function encodedWord(text: string): string {
  return `${opening}${Buffer.from(text).toString('base64')}${closing}`;
}

function bytesThatFit(characters: number): number {
  const base64 = Math.min(characters, maxWord) - opening.length - closing.length;
  return Math.floor(base64 / 4) * 3;
}
