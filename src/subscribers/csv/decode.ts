/** A CSV file as text, block by block, whatever its encoding; odd bytes become U+FFFD and never an exception. */
import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { readBlocks, readChunks } from './blocks.ts';
import { eachLine, isDecisiveUtf8, isPlausibleKorean } from './korean.ts';

export interface TextBlock {
  text: string;
  /** Bytes of the file read so far. */
  position: number;
}

type LineEncoding = 'UTF-8' | 'CP949';

/**
 * Decodes a file. In UTF-8 and CP949 each line is judged by itself, since lists are glued together from several exports: a line that
 * is not what the file is but surely the other one is read as that.
 * @param encoding from `detectEncoding`
 */
export async function* decodeFile(file: string, encoding: string): AsyncGenerator<TextBlock> {
  let first = true;
  const withoutMark = (text: string) => {
    const marked = first && text.charCodeAt(0) === 0xfeff;
    if (text !== '') first = false;
    return marked ? text.slice(1) : text;
  };
  if (encoding === 'UTF-8' || encoding === 'CP949') {
    for await (const { bytes, position } of readBlocks(file)) {
      yield { text: withoutMark(decodeLines(bytes, encoding)), position };
    }
    return;
  }
  const decoder = iconv.getDecoder(encoding);
  let position = 0;
  for await (const chunk of readChunks(file)) {
    position += chunk.length;
    yield { text: withoutMark(decoder.write(chunk)), position };
  }
  yield { text: withoutMark(decoder.end() ?? ''), position };
}

/** @param bytes whole lines */
function decodeLines(bytes: Buffer, usual: LineEncoding): string {
  if (isAscii(bytes)) return bytes.toString('latin1');
  if (usual === 'UTF-8' && isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  let run: LineEncoding = usual;
  let runStart = 0;
  let position = 0;
  for (const line of eachLine(bytes)) {
    const encoding = isAscii(line) ? run : encodingOf(line, usual);
    if (encoding !== run) {
      text += decode(bytes.subarray(runStart, position), run);
      run = encoding;
      runStart = position;
    }
    position += line.length;
  }
  return text + decode(bytes.subarray(runStart), run);
}

function encodingOf(line: Buffer, usual: LineEncoding): LineEncoding {
  if (usual === 'CP949') return isDecisiveUtf8(line) ? 'UTF-8' : 'CP949';
  return !isUtf8(line) && isPlausibleKorean(line) ? 'CP949' : 'UTF-8';
}

function decode(bytes: Buffer, encoding: LineEncoding): string {
  return encoding === 'UTF-8' ? bytes.toString('utf8') : iconv.decode(bytes, 'cp949');
}
