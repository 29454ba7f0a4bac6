/** CP949 (Windows' superset of EUC-KR) told from UTF-8 by bytes. No byte of either inside a character is a comma, quote or line end. */
import { isUtf8 } from 'node:buffer';

/** Lines with their ends: LF, CRLF or CR. */
export function* eachLine(bytes: Buffer): Generator<Buffer> {
  let start = 0;
  const separator = bytes.includes(0x0a) ? 0x0a : 0x0d;
  while (start < bytes.length) {
    const found = bytes.indexOf(separator, start);
    const end = found < 0 ? bytes.length : found + 1;
    yield bytes.subarray(start, end);
    start = end;
  }
}

/**
 * Whether every character beyond ASCII is whole and most are Hangul of KS X 1001, as in real names. UTF-8 read as CP949 gives
 * Chinese characters instead, and Latin-1 leaves bytes over.
 */
export function isPlausibleKorean(bytes: Buffer): boolean {
  let pairs = 0;
  let common = 0;
  for (let i = 0; i < bytes.length; i++) {
    const lead = bytes[i]!;
    if (lead < 0x80) continue;
    const trail = bytes[++i] ?? 0;
    const letter = (trail >= 0x41 && trail <= 0x5a) || (trail >= 0x61 && trail <= 0x7a);
    if (lead === 0x80 || lead === 0xff || !(letter || (trail >= 0x81 && trail <= 0xfe))) return false;
    pairs++;
    if (lead >= 0xb0 && lead <= 0xc8 && trail >= 0xa1) common++;
  }
  return pairs > 0 && common * 2 >= pairs;
}

/** Valid UTF-8 with a character of three or four bytes: CP949 never comes out so by chance. */
export function isDecisiveUtf8(bytes: Buffer): boolean {
  return bytes.some(byte => byte >= 0xe0) && isUtf8(bytes);
}

/**
 * A few Korean names are valid UTF-8 in CP949 ("철호" also reads as "öȣ"). True when all that is not ASCII consists of such
 * syllables, two or more in a row and none beside a Latin letter, where a real "ö" would stand.
 * @param bytes valid UTF-8
 */
export function looksKoreanInUtf8(bytes: Buffer): boolean {
  const runs = bytes.toString('latin1').match(/[A-Za-z]?[\x80-\xff]+[A-Za-z]?/g) ?? [];
  return runs.length > 0 && runs.every(run => /^(?:[\xc2-\xc8][\xa1-\xbf]){2,}$/.test(run));
}
