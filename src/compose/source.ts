/** The editor's file before Markdown sees it: encoding leftovers, size, and constructs that would cost the parser unbounded time. */
import { noncharacters } from './marks.ts';
import type { ProblemList } from './problems.ts';

const maxSourceBytes = 1024 * 1024;
/** What is still shown of a file that is too large: enough to recognise it. In UTF-16 units. */
const previewLength = 128 * 1024;

/** LF line ends, no BOM, no control characters, no lone surrogates; at most `maxSourceBytes`. Line numbers do not change. */
export function normalise(raw: string, problems: ProblemList): string {
  let text = raw.replace(/^\uFEFF/, '');
  // A UTF-16 unit is one byte at least: the cheap test spares counting 100 MB of it.
  if (text.length > maxSourceBytes || Buffer.byteLength(text) > maxSourceBytes) {
    const size =
      text.length > maxSourceBytes * 4
        ? 'far more than'
        : `${Math.ceil(Buffer.byteLength(text) / 1024)} KiB, more than`;
    problems.add(
      'source-too-large',
      0,
      `The file holds ${size} the 1 MiB an issue may have; only its beginning was read.`,
    );
    text = text.slice(0, previewLength);
  }
  text = text
    .replace(/\r\n?/g, '\n')
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(noncharacters, '\uFFFD');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the point
  const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
  if (!controls.test(text)) return text;
  return text
    .split('\n')
    .map((line, index) => {
      if (!controls.test(line)) return line;
      problems.add('control-character', index + 1, 'The line contains control characters.');
      return line.replace(new RegExp(controls, 'g'), '');
    })
    .join('\n');
}

/** Marks per paragraph. An ordinary long paragraph has fewer than 50. */
const maxMarks = 400;
/** Paragraphs with more than a tenth of that, per issue: nine long summaries have a few. */
const maxHeavyChunks = 60;
const maxChunkLines = 1000;
/** A long weekly issue has 200 to 2,000 lines. */
const maxLines = 10_000;
const maxNesting = 12;
const maxIndent = 40;
const maxContainers = 400;
const maxContainerDepth = 6;

const fence = /^ {0,3}(`{3,}|~{3,})/;
const nestingPrefix = /^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))+/;
const nestingMark = />|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])/g;
const costly = /[*_[\]<`~|]/g;

/**
 * Takes out what Markdown parsers need quadratic time or deep recursion for: thousands of brackets or asterisks in one paragraph, quotes in
 * quotes in quotes. Such paragraphs become one `setAside` piece each, kept as plain text; line numbers stay.
 * (Rejected: a time limit. A synchronous parser cannot be interrupted. Also rejected: escaping each mark, which is as slow to parse.)
 */
export function defuse(text: string, problems: ProblemList, setAside: (raw: string) => string): string {
  const lines = text.split('\n');
  let open: string | undefined;
  let containers = 0;
  let depth = 0;
  let heavyChunks = 0;
  let start = -1;
  let marks = 0;
  const replace = (from: number, to: number, what: string) => {
    problems.add('too-complex', from + 1, what);
    lines[from] = setAside(lines.slice(from, to).join('\n'));
    lines.fill('', from + 1, to);
  };
  const endChunk = (end: number) => {
    if (start >= 0) {
      if (marks > maxMarks / 10) heavyChunks++;
      const heavy = marks > maxMarks || (marks > maxMarks / 10 && heavyChunks > maxHeavyChunks);
      if (heavy || end - start > maxChunkLines)
        replace(start, end, 'The paragraph holds more Markdown marks or lines than can be read.');
    }
    start = -1;
    marks = 0;
  };
  if (lines.length > maxLines) replace(maxLines, lines.length, `The issue has more than ${maxLines} lines.`);
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!;
    const mark = fence.exec(line)?.[1];
    if (open !== undefined) {
      if (mark?.startsWith(open) && line.trim() === mark) open = undefined;
    } else if (mark && !line.slice(line.indexOf(mark) + mark.length).includes('`')) {
      endChunk(index);
      open = mark;
    } else if (line.trim() === '') {
      endChunk(index);
    } else {
      if (start < 0) start = index;
      marks += line.match(costly)?.length ?? 0;
      lines[index] = flatten(line, index + 1, problems);
      const colons = /^[ \t>]*:{3,}[ \t]*(\S?)/.exec(line);
      if (!colons) continue;
      depth = Math.max(0, depth + (colons[1] ? 1 : -1));
      if (depth > maxContainerDepth || ++containers > maxContainers) lines[index] = lines[index]!.replace(':', '\\:');
    }
  }
  endChunk(lines.length);
  return lines.join('\n');
}

function flatten(line: string, number: number, problems: ProblemList): string {
  const prefix = nestingPrefix.exec(line)?.[0];
  if (!prefix || /^[ \t]*(?:[-*_][ \t]*)+$/.test(line)) return line;
  const indent = /^[ \t]*/.exec(line)![0].length;
  const nesting = prefix.match(nestingMark)?.length ?? 0;
  if (nesting > maxNesting) {
    problems.add('too-complex', number, `The line nests ${nesting} quotes or lists.`);
    return line.trimStart().replace(/^(\d*)/, '$1\\');
  }
  return indent > maxIndent ? line.slice(indent - maxIndent) : line;
}
