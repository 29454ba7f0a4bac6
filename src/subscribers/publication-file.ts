/** The YAML of `broadsheet publication FILE.yaml`, with the line of everything that is wrong in it. */
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import { BroadsheetError, messageOf } from '../errors.ts';
import { type Publication, publicationSchema } from '../model/publication.ts';

interface Finding {
  line: number;
  message: string;
}

/**
 * Reads and checks a publication file.
 * @throws BroadsheetError FILE_UNREADABLE; PUBLICATION_INVALID with the first wrong line and every problem in its message
 */
export function readPublicationFile(path: string): Publication {
  const text = readText(path);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    const findings = document.errors.map(error => ({
      line: lines.linePos(error.pos[0]).line,
      message: error.message.split(/ at line \d|\n/, 1)[0]!,
    }));
    throw invalid(path, findings);
  }
  const parsed = publicationSchema.safeParse(toValue(document, path));
  if (parsed.success) return parsed.data;
  throw invalid(
    path,
    parsed.error.issues.flatMap(issue => findingsOf(issue, document, lines)),
  );
}

function readText(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new BroadsheetError('FILE_UNREADABLE', messageOf(error), { file: path, cause: error });
  }
  if (!isUtf8(bytes))
    throw new BroadsheetError('PUBLICATION_INVALID', 'the file is not UTF-8; save it as UTF-8', { file: path });
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}

/** Aliases are resolved here, and a file whose aliases multiply without bound is refused. */
function toValue(document: Document, path: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new BroadsheetError('PUBLICATION_INVALID', messageOf(error), { file: path, cause: error });
  }
}

function invalid(file: string, findings: Finding[]): BroadsheetError {
  const sorted = findings.toSorted((a, b) => a.line - b.line);
  const detail = sorted.map(({ line, message }) => `line ${line}: ${message}`).join('; ');
  return new BroadsheetError('PUBLICATION_INVALID', detail, { file, line: sorted[0]!.line });
}

function findingsOf(issue: z.core.$ZodIssue, document: Document, lines: LineCounter): Finding[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => ({
      line: lineOf([...issue.path, key], document, lines),
      message: `${nameOf([...issue.path, key])} is not a field of a publication`,
    }));
  }
  return [{ line: lineOf(issue.path, document, lines), message: `${nameOf(issue.path)} ${reasonOf(issue, document)}` }];
}

function nameOf(path: PropertyKey[]): string {
  return path.map(String).join('.') || 'the file';
}

function reasonOf(issue: z.core.$ZodIssue, document: Document): string {
  const found = issue.path.length > 0 ? document.getIn(issue.path) : document.contents;
  if (issue.code === 'invalid_type' && found === undefined) return 'is missing';
  if (issue.code === 'invalid_type' && issue.expected === 'string' && ['number', 'boolean'].includes(typeof found)) {
    return 'must be text: put it in quotation marks';
  }
  if (issue.path.length === 0) return 'must be a list of fields such as “slug: llm-watch”';
  return /^[A-Z]/.test(issue.message) ? `is wrong: ${issue.message}` : issue.message;
}

/** The line of a key, or of the nearest thing around it when it is missing. */
function lineOf(path: PropertyKey[], document: Document, lines: LineCounter): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? startOf(node) : 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(item => isScalar(item.key) && String(item.key.value) === String(step));
      if (!pair) break;
      offset = startOf(pair.key as Node);
      node = pair.value;
    } else if (isSeq(node) && isNode(node.items[Number(step)])) {
      node = node.items[Number(step)];
      offset = startOf(node as Node);
    } else break;
  }
  return Math.max(1, lines.linePos(offset).line);
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}
