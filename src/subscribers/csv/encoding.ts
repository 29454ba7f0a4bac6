/** Which encoding a CSV file is in, decided on all of its bytes: a guess from the first page is wrong when the first names are ASCII. */
import { isAscii, isUtf8 } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import chardet from 'chardet';
import iconv from 'iconv-lite';
import { BroadsheetError, messageOf } from '../../errors.ts';
import { readBlocks } from './blocks.ts';
import { eachLine, isDecisiveUtf8, isPlausibleKorean, looksKoreanInUtf8 } from './korean.ts';
import { refuseOtherFormats } from './other-formats.ts';

export interface FileEncoding {
  /** As iconv-lite knows it; UTF-8 and CP949 are read line by line, see decode.ts. */
  encoding: string;
  totalBytes: number;
}

/** Bytes looked at for signatures and for UTF-16 without a mark. */
const headBytes = 65_536;
/** Lines that vote; what follows hardly changes the majority. */
const maxVoters = 20_000;

/**
 * Decides the encoding of a file by reading it once.
 * @throws BroadsheetError FILE_UNREADABLE; CSV_UNREADABLE when it is empty, a workbook, a web page or binary
 */
export async function detectEncoding(file: string): Promise<FileEncoding> {
  const { head, totalBytes } = await readHead(file);
  if (totalBytes === 0) throw new BroadsheetError('CSV_UNREADABLE', 'the file is empty', { file });
  const wide = byMark(head) ?? wideWithoutMark(head);
  refuseOtherFormats(head, wide, file);
  return { encoding: wide ?? (await byContent(file)), totalBytes };
}

async function readHead(file: string): Promise<{ head: Buffer; totalBytes: number }> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    const stat = await handle.stat();
    if (!stat.isFile()) throw new Error(`${file} is not a regular file; it is read twice, so a pipe does not do`);
    const head = Buffer.alloc(Math.min(headBytes, stat.size));
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    return { head: head.subarray(0, bytesRead), totalBytes: stat.size };
  } catch (error) {
    throw new BroadsheetError('FILE_UNREADABLE', messageOf(error), { file, cause: error });
  } finally {
    await handle?.close();
  }
}

function byMark(head: Buffer): string | undefined {
  const starts = (...bytes: number[]) => bytes.every((byte, i) => head[i] === byte);
  if (starts(0xef, 0xbb, 0xbf)) return 'UTF-8';
  if (starts(0xff, 0xfe, 0, 0)) return 'UTF-32LE';
  if (starts(0xff, 0xfe)) return 'UTF-16LE';
  if (starts(0xfe, 0xff)) return 'UTF-16BE';
  return undefined;
}

/** Addresses are ASCII, so a good part of UTF-16 is zero bytes, nearly all on one side (“가” is U+AC00, with one on the other). */
function wideWithoutMark(head: Buffer): string | undefined {
  const zeros: [number, number] = [0, 0];
  for (let i = 0; i < head.length; i++) if (head[i] === 0) zeros[i % 2 === 0 ? 0 : 1]++;
  const units = head.length / 2;
  const [even, odd] = zeros;
  if (odd > units / 10 && even * 3 < odd) return 'UTF-16LE';
  if (even > units / 10 && odd * 3 < even) return 'UTF-16BE';
  return undefined;
}

async function byContent(file: string): Promise<string> {
  const votes = { utf8: 0, korean: 0, other: 0 };
  let voters = 0;
  let allUtf8 = true;
  /** All that is not ASCII would also read as Hangul, and as Latin letters only by chance. */
  let onlyTwins: boolean | undefined;
  const odd: Buffer[] = [];
  for await (const { bytes } of readBlocks(file)) {
    if (isAscii(bytes)) continue;
    const valid = isUtf8(bytes);
    allUtf8 &&= valid;
    if (onlyTwins !== false) onlyTwins = valid && looksKoreanInUtf8(bytes);
    if (voters >= maxVoters) continue;
    for (const line of eachLine(bytes)) {
      if (isAscii(line)) continue;
      voters++;
      if (isUtf8(line)) votes.utf8 += isDecisiveUtf8(line) ? 1 : 0;
      else if (isPlausibleKorean(line)) votes.korean++;
      else {
        votes.other++;
        if (odd.length < 1000) odd.push(line);
      }
    }
  }
  if (allUtf8) return onlyTwins ? 'CP949' : 'UTF-8';
  if (votes.utf8 > 0 && votes.utf8 >= votes.korean) return 'UTF-8';
  if (votes.korean > 0 && votes.korean >= votes.other) return 'CP949';
  return byStatistics(Buffer.concat(odd));
}

/** Neither Unicode nor Korean: what a statistical guess says, else Western European, in which every byte is something. */
function byStatistics(bytes: Buffer): string {
  const guess = chardet.detect(bytes.subarray(0, headBytes));
  if (guess === 'EUC-KR' || guess === 'ISO-2022-KR') return 'CP949';
  const usable = guess && !/^(UTF|ASCII|ISO-8859-1$)/.test(guess) && iconv.encodingExists(guess);
  return usable ? guess : 'windows-1252';
}
