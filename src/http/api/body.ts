/** What a request brings, read and checked: JSON that Postgres can hold, a query without surprises. */
import { z } from 'zod';
import { type FieldError, Refusal } from './problems.ts';

/** Deeper than any document of ours; parsers and Postgres take far more, stacks do not. */
const maxDepth = 32;
const maxErrors = 50;

/**
 * @throws Refusal MEDIA_TYPE_WRONG, BODY_UNREADABLE
 */
export function readJson(headers: Headers, bytes: Uint8Array): unknown {
  const [type = '', ...parameters] = (headers.get('content-type') ?? '').toLowerCase().split(';');
  const charset = parameters.map(p => p.trim()).find(p => p.startsWith('charset='));
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  if (type.trim() !== 'application/json' || !isUtf8 || headers.has('content-encoding'))
    throw new Refusal('MEDIA_TYPE_WRONG', 'the body is not plain application/json');
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Refusal('BODY_UNREADABLE', 'the body is not JSON in UTF-8');
  }
  refuseUnstorable(value);
  return value;
}

/** NUL and lone surrogates are JSON, but no text of Postgres. Without recursion: depth is the caller's choice. */
function refuseUnstorable(root: unknown): void {
  const open: [value: unknown, pointer: string, depth: number][] = [[root, '', 0]];
  const errors: FieldError[] = [];
  for (let next = open.pop(); next && errors.length < maxErrors; next = open.pop()) {
    const [value, pointer, depth] = next;
    if (depth > maxDepth) throw new Refusal('BODY_UNREADABLE', `the body is nested deeper than ${maxDepth}`);
    if (typeof value === 'string' && !isStorable(value))
      errors.push({ pointer: `#${pointer}`, detail: 'holds a NUL or half a character' });
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, child] of Object.entries(value)) {
      if (!isStorable(key)) errors.push({ pointer: `#${pointer}`, detail: 'a name holds a NUL or half a character' });
      open.push([child, `${pointer}/${escaped(key)}`, depth + 1]);
    }
  }
  if (errors.length > 0) throw new Refusal('REQUEST_INVALID', 'some text cannot be stored', { errors });
}

const isStorable = (text: string): boolean => !/\0|\p{Surrogate}/u.test(text);

/** @throws Refusal REQUEST_INVALID naming each wrong field */
export function parseBody<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = problemsOf(parsed.error).map(({ path, detail }) => ({
    pointer: `#${path.map(part => `/${escaped(String(part))}`).join('')}`,
    detail,
  }));
  throw new Refusal('REQUEST_INVALID', `${errors.length} fields of the body cannot be used`, { errors });
}

/** @throws Refusal REQUEST_INVALID naming each wrong parameter, those given twice included */
export function parseQuery<T>(schema: z.ZodType<T> | undefined, search: URLSearchParams): T {
  const names = [...search.keys()];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    const errors = [{ parameter: twice.slice(0, 100), detail: 'is given twice' }];
    throw new Refusal('REQUEST_INVALID', 'a parameter is given twice', { errors });
  }
  const parsed = (schema ?? (z.strictObject({}) as unknown as z.ZodType<T>)).safeParse(Object.fromEntries(search));
  if (parsed.success) return parsed.data;
  const errors = problemsOf(parsed.error).map(({ path, detail }) => ({
    parameter: String(path[0] ?? '').slice(0, 100),
    detail,
  }));
  throw new Refusal('REQUEST_INVALID', `${errors.length} parameters of the query cannot be used`, { errors });
}

function problemsOf(error: z.ZodError): { path: PropertyKey[]; detail: string }[] {
  return error.issues
    .flatMap(issue =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map(key => ({ path: [...issue.path, key.slice(0, 100)], detail: 'is not known here' }))
        : [{ path: issue.path, detail: issue.message }],
    )
    .slice(0, maxErrors);
}

/** RFC 6901 §3, then §6 of what a fragment may not hold. */
const escaped = (part: string): string =>
  encodeURIComponent(
    part
      .slice(0, 100)
      .replaceAll('~', '~0')
      .replaceAll('/', '~1')
      .replace(/\0|\p{Surrogate}/gu, '\ufffd'),
  );
