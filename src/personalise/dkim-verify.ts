/** A check of our own signatures from the bytes alone, sharing nothing with the signing but the key's public half (rule 2.9). */
import { createHash } from 'node:crypto';
import { BroadsheetError } from '../errors.ts';
import { type DkimKey, type DkimKeys, verifyWith } from './dkim-keys.ts';

interface Field {
  name: string;
  /** With its folds. */
  value: string;
}

/**
 * Verifies a message as its receiver will (RFC 6376 §6.1): every key has made a signature, and each holds.
 * Every run calls it on one of its own messages before the first goes out.
 * @throws BroadsheetError DKIM_INVALID
 */
export function verifyOwn(raw: Buffer, keys: DkimKeys): void {
  const text = raw.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) throw failed('the message has no body');
  const fields = text
    .slice(0, end)
    .split(/\r\n(?![ \t])/)
    .map(parseField);
  const bodyHash = sha256(relaxedBody(text.slice(end + 4))).toString('base64');
  const signatures = fields.filter(field => field.name === 'dkim-signature');
  for (const key of keys.keys) {
    const signature = signatures.find(field => tagsOf(field.value).get('s') === key.selector);
    if (!signature) throw failed(`the message carries no signature of selector ${key.selector}`);
    verifySignature(signature, fields, bodyHash, key, keys.domain);
  }
}

function verifySignature(signature: Field, fields: Field[], bodyHash: string, key: DkimKey, domain: string): void {
  const tags = tagsOf(signature.value);
  const expected = { v: '1', a: key.algorithm, c: 'relaxed/relaxed', d: domain, bh: bodyHash };
  for (const [tag, value] of Object.entries(expected)) {
    if (tags.get(tag) !== value) throw failed(`${tag}= is ${tags.get(tag)}, not ${value}`);
  }
  if (tags.has('l')) throw failed('l= leaves the end of the body unsigned');
  const names = (tags.get('h') ?? '').toLowerCase().split(':');
  if (names.filter(name => name === 'from').length < 2) throw failed('From is not oversigned');
  // RFC 6376 §5.4.2: of several fields of one name the last is taken first; a name without a field adds nothing.
  const left = [...fields];
  let data = '';
  for (const name of names) {
    const at = left.findLastIndex(field => field.name === name);
    if (at >= 0) data += `${relaxedHeader(left.splice(at, 1)[0]!)}\r\n`;
  }
  data += relaxedHeader({ name: signature.name, value: signature.value.replace(/([;\s]b=)[^;]*/, '$1') });
  const bytes = Buffer.from(tags.get('b') ?? '', 'base64');
  if (!verifyWith(key, Buffer.from(data, 'latin1'), bytes, sha256)) {
    throw failed(`the signature of selector ${key.selector} does not verify`);
  }
}

function parseField(line: string): Field {
  const colon = line.indexOf(':');
  return { name: line.slice(0, colon).trim().toLowerCase(), value: line.slice(colon + 1) };
}

/** Tag list without white space (RFC 6376 §3.2). */
function tagsOf(value: string): Map<string, string> {
  const tags = value.replace(/\s+/g, '').split(';').filter(Boolean);
  return new Map(tags.map(tag => [tag.slice(0, tag.indexOf('=')), tag.slice(tag.indexOf('=') + 1)]));
}

function relaxedHeader({ name, value }: Field): string {
  return `${name}:${value
    .replaceAll('\r\n', '')
    .replace(/[ \t]+/g, ' ')
    .trim()}`;
}

function relaxedBody(body: string): Buffer {
  const lines = body.split('\r\n').map(line => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''));
  while (lines.at(-1) === '') lines.pop();
  return Buffer.from(lines.map(line => `${line}\r\n`).join(''), 'latin1');
}

function sha256(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}

function failed(detail: string): BroadsheetError {
  return new BroadsheetError('DKIM_INVALID', `a message of this run fails its own DKIM check: ${detail}`);
}
