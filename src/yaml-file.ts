/** A YAML file that a person wrote, checked by a schema: the value, or everything that is wrong in it with its line. */
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import { BroadsheetError, type ErrorCode, messageOf } from './errors.ts';

interface Kind {
  /** Of a file that cannot be used. */
  code: ErrorCode;
  /** What its fields are fields of, as “a publication”. */
  of: string;
  /** A line such as it is made of. */
  example: string;
}

interface Finding {
  line: number;
  message: string;
}

/**
 * Reads and checks a file.
 * @throws BroadsheetError FILE_UNREADABLE; `kind.code` with the first wrong line and every problem in its message
 */
export function readYamlFile<S extends z.ZodType>(path: string, schema: S, kind: Kind): z.infer<S> {
  const text = readText(path, kind);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    const findings = document.errors.map(error => ({
      line: lines.linePos(error.pos[0]).line,
      message: error.message.split(/ at line \d|\n/, 1)[0]!,
    }));
    throw invalid(path, findings, kind);
  }
  const parsed = schema.safeParse(toValue(document, path, kind));
  if (parsed.success) return parsed.data;
  throw invalid(
    path,
    parsed.error.issues.flatMap(issue => findingsOf(issue, document, lines, kind)),
    kind,
  );
}

function readText(path: string, kind: Kind): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new BroadsheetError('FILE_UNREADABLE', messageOf(error), { file: path, cause: error });
  }
  if (!isUtf8(bytes)) throw new BroadsheetError(kind.code, 'the file is not UTF-8; save it as UTF-8', { file: path });
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}

/** Aliases are resolved here, and a file whose aliases multiply without bound is refused. */
function toValue(document: Document, path: string, kind: Kind): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new BroadsheetError(kind.code, messageOf(error), { file: path, cause: error });
  }
}

function invalid(file: string, findings: Finding[], kind: Kind): BroadsheetError {
  const sorted = findings.toSorted((a, b) => a.line - b.line);
  const detail = sorted.map(({ line, message }) => `line ${line}: ${message}`).join('; ');
  return new BroadsheetError(kind.code, detail, { file, line: sorted[0]!.line });
}

function findingsOf(issue: z.core.$ZodIssue, document: Document, lines: LineCounter, kind: Kind): Finding[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => ({
      line: lineOf([...issue.path, key], document, lines),
      message: `${nameOf([...issue.path, key])} is not a field of ${kind.of}`,
    }));
  }
  const message = `${nameOf(issue.path)} ${reasonOf(issue, document, kind)}`;
  return [{ line: lineOf(issue.path, document, lines), message }];
}

function nameOf(path: PropertyKey[]): string {
  return path.map(String).join('.') || 'the file';
}

function reasonOf(issue: z.core.$ZodIssue, document: Document, kind: Kind): string {
  const found = issue.path.length > 0 ? document.getIn(issue.path) : document.contents;
  if (issue.code === 'invalid_type' && found === undefined) return 'is missing';
  if (issue.code === 'invalid_type' && issue.expected === 'string' && ['number', 'boolean'].includes(typeof found)) {
    return 'must be text: put it in quotation marks';
  }
  if (issue.path.length === 0) return `must be a list of fields such as “${kind.example}”`;
  const message = issue.code === 'invalid_key' ? issue.issues[0]!.message : issue.message;
  return /^[A-Z]/.test(message) ? `is wrong: ${message}` : message;
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
