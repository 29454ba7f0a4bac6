/**
 * DKIM signatures (RFC 6376, 8301, 8463), ours: rsa-sha256 and optionally ed25519-sha256, relaxed/relaxed, no l=, no x=, oversigned.
 * A library was rejected: nodemailer's sends unsigned mail on a bad key and cannot oversign.
 */
import { hash } from 'node:crypto';
import { BroadsheetError } from '../errors.ts';
import { type DkimKey, type DkimKeys, signMeanwhileWith, signWith } from './dkim-keys.ts';

export { type DkimKeys, dkimRecord, loadDkim } from './dkim-keys.ts';
export { verifyOwn } from './dkim-verify.ts';

/**
 * Signed fields, present or not; but for Feedback-ID each is listed once more than it occurs, so that no second one can be added
 * (RFC 6376 §8.15). Feedback-ID is not: relays such as Amazon SES add their own, which must not break the signature.
 */
const signedFields = [
  'From',
  'To',
  'Reply-To',
  'Subject',
  'Date',
  'Message-ID',
  'MIME-Version',
  'Content-Type',
  'List-Id',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'Feedback-ID',
];
const extensible = 'Feedback-ID';

const fold = '\r\n ';
const maxLine = 76;

/** A header field on the wire, folded, without its last line break; one character for each octet. RFC 8616 §5 signs UTF-8 as it stands. */
type Field = string;

export interface Signer {
  /**
   * The DKIM-Signature fields of a message.
   * @param fields its header in order; each of its names occurs once
   * @param body its body, already in relaxed canonical form (RFC 6376 §3.4.4)
   */
  sign(fields: readonly Field[], body: Buffer): Field[];
  /**
   * The same fields; fields and body are read before it returns, the signatures are made on the thread pool.
   * Hashing the body there too was rejected: 0.08 ms of CPU more a message, for 0.03 ms less on the main thread.
   */
  signMeanwhile(fields: readonly Field[], body: Buffer): Promise<Field[]>;
}

/**
 * @param from the From domain
 * @param time t=; the date, so that a retry is the same to the byte
 * @throws BroadsheetError DKIM_INVALID when d= does not align with From (RFC 7489 §3.1.1)
 */
export function createSigner(keys: DkimKeys, from: string, time: Date): Signer {
  if (from !== keys.domain && !from.endsWith(`.${keys.domain}`)) {
    const help = 'Set DKIM_DOMAIN to the domain of the From address or a parent of it, or change the From address.';
    throw new BroadsheetError(
      'DKIM_INVALID',
      `DKIM_DOMAIN ${keys.domain} does not align with the From domain ${from}`,
      { help },
    );
  }
  const seconds = Math.floor(time.getTime() / 1000);
  const canonical = canonicaliser();
  const draft = (fields: readonly Field[], body: Buffer): { key: DkimKey; unsigned: string; data: Buffer }[] => {
    const { listed, signed } = canonical(fields);
    // No state of it is worth keeping for the next reader: the first slot stands in the first lines of the text part.
    const bodyHash = hash('sha256', body, 'base64');
    return keys.keys.map(key => {
      const unsigned = [
        `DKIM-Signature: v=1; a=${key.algorithm}; c=relaxed/relaxed;`,
        `d=${keys.domain}; s=${key.selector}; t=${seconds};`,
        listed,
        `bh=${bodyHash};`,
        'b=',
      ].join(fold);
      return { key, unsigned, data: Buffer.from(signed + relaxed(unsigned), 'latin1') };
    });
  };
  return {
    sign: (fields, body) =>
      draft(fields, body).map(({ key, unsigned, data }) => complete(unsigned, signWith(key, data, digest))),
    signMeanwhile: (fields, body) =>
      Promise.all(
        draft(fields, body).map(async ({ key, unsigned, data }) =>
          complete(unsigned, await signMeanwhileWith(key, data, digest)),
        ),
      ),
  };
}

/**
 * What of a header is signed: the fields of `signedFields` in canonical form, and the value of h=.
 * Most fields are the same from reader to reader: those are not worked on again.
 */
function canonicaliser(): (fields: readonly Field[]) => { listed: string; signed: string } {
  let before: { field: Field; name: string; line: string }[] = [];
  let names = '';
  let chosen: number[] = [];
  let listed = '';
  return fields => {
    before = fields.map((field, i) =>
      before[i]?.field === field ? before[i] : { field, name: nameOf(field), line: `${relaxed(field)}\r\n` },
    );
    const found = before.map(({ name }) => name);
    if (found.join() !== names) {
      names = found.join();
      const present = signedFields.filter(name => found.includes(name));
      chosen = present.map(name => found.indexOf(name));
      listed = wrapNames([...present, ...signedFields.filter(name => name !== extensible)]).join(fold);
    }
    return { listed, signed: chosen.map(i => before[i]!.line).join('') };
  };
}

function complete(unsigned: string, signature: Buffer): Field {
  return (
    unsigned +
    signature
      .toString('base64')
      .match(/.{1,72}/g)!
      .join(fold)
  );
}

/** h= in lines that end at a colon. */
function wrapNames(names: string[]): string[] {
  const lines: string[] = [];
  let line = 'h=';
  names.forEach((name, index) => {
    const item = name + (index === names.length - 1 ? ';' : ':');
    if (line.length + item.length > maxLine) {
      lines.push(line);
      line = '';
    }
    line += item;
  });
  return [...lines, line];
}

/** Relaxed header canonicalisation (RFC 6376 §3.4.2), without the line break. */
function relaxed(field: Field): string {
  const colon = field.indexOf(':');
  const value = field
    .slice(colon + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim();
  return `${field.slice(0, colon).trim().toLowerCase()}:${value}`;
}

function nameOf(field: Field): string {
  return field.slice(0, field.indexOf(':'));
}

function digest(data: Buffer): Buffer {
  return hash('sha256', data, 'buffer');
}
