/** A mail of our own to an editor or operator, apart from any issue: signed, made safe for the wire, handed to a relay. */
import { withoutAddresses } from '../log.ts';
import { domainOf } from '../personalise/addresses.ts';
import { createSigner, type DkimKeys } from '../personalise/dkim.ts';
import type { WireConnection } from './wire-connection.ts';

export interface OwnMail {
  from: string;
  to: string;
  /** For the wire: signed, dot-safe, CRLF throughout. */
  raw: Buffer;
}

/**
 * @param parts.fields header lines, folded where need be
 * @param parts.body ends with CRLF; single octets
 */
export function sealMail(
  parts: { from: string; to: string; fields: readonly string[]; body: string },
  dkim: DkimKeys | undefined,
  now: Date,
): OwnMail {
  const { from, to, fields, body } = parts;
  const signatures =
    dkim === undefined
      ? []
      : createSigner(dkim, domainOf(from), now).sign(fields, Buffer.from(relaxed(body), 'latin1'));
  const text = `${[...signatures, ...fields].join('\r\n')}\r\n\r\n${body}`;
  return { from, to, raw: Buffer.from(text.replace(/^\./gm, '..'), 'latin1') };
}

/** The relaxed form of a body (RFC 6376 §3.4.4). */
function relaxed(body: string): string {
  return body
    .replace(/[ \t]+/g, ' ')
    .replace(/ \r\n/g, '\r\n')
    .replace(/(?:\r\n)+$/, '\r\n');
}

/**
 * @param open a connection to the relay, which is left afterwards
 * @returns `refused` when the relay said no for good
 * @throws as `open`, or Error when it said "later" or nothing: try again
 */
export async function sendMail(
  open: () => Promise<WireConnection>,
  { from, to, raw }: OwnMail,
): Promise<'accepted' | 'refused'> {
  const connection = await open();
  try {
    const { phase, reply: said, error, refused } = await connection.deliver(from, to, raw);
    if (phase === 'dot' && said?.startsWith('2')) return 'accepted';
    // No to our own address is about the account: a person mends that.
    if (said?.startsWith('5') && refused !== 'mail') return 'refused';
    throw new Error(withoutAddresses(said ?? error ?? 'no answer'));
  } finally {
    connection.leave();
  }
}
