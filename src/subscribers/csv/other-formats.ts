/** Files that are often handed over as CSV and are something else: said plainly, with the way out. */
import iconv from 'iconv-lite';
import { BroadsheetError } from '../../errors.ts';

const asCsv = 'Open it in the program that made it and save or export it as CSV (UTF-8), then import that file.';

const signatures: [name: string, bytes: number[]][] = [
  ['an Excel workbook or another ZIP file', [0x50, 0x4b, 0x03, 0x04]],
  ['an empty ZIP file', [0x50, 0x4b, 0x05, 0x06]],
  ['an old Excel workbook (.xls)', [0xd0, 0xcf, 0x11, 0xe0]],
  ['a PDF document', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['compressed (gzip)', [0x1f, 0x8b]],
  ['a picture (PNG)', [0x89, 0x50, 0x4e, 0x47]],
  ['a picture (JPEG)', [0xff, 0xd8, 0xff]],
];

/**
 * @param wide the Unicode encoding already known from a mark or from zero bytes
 * @throws BroadsheetError CSV_UNREADABLE
 */
export function refuseOtherFormats(head: Buffer, wide: string | undefined, file: string): void {
  const refuse = (what: string) => {
    throw new BroadsheetError('CSV_UNREADABLE', `the file is ${what}, not CSV`, { file, help: asCsv });
  };
  const signature = signatures.find(([, bytes]) => bytes.every((byte, i) => head[i] === byte));
  if (signature) refuse(signature[0]);
  const text = wide ? iconv.decode(head, wide) : head.toString('latin1');
  // Many Korean shop and groupware systems call an HTML table "….xls".
  if (/^[\s\ufeff]*<(?:!doctype|html|table|meta|\?xml)/i.test(text)) refuse('a web page or XML document');
  if (/^[\s\ufeff]*\{\\rtf/.test(text)) refuse('an RTF document');
  let controls = 0;
  for (let i = 0; i < text.length; i++) if (isControl(text.charCodeAt(i))) controls++;
  // A stray NUL in an export is cleaned away; one character in fifty is no text.
  if (controls > 0 && controls * 50 >= text.length) refuse('binary');
}

/** Control characters that no text has: all but tab, line ends and form feed. */
function isControl(code: number): boolean {
  return code < 9 || (code > 13 && code < 32);
}
