/** The choice of a body's transfer encoding. */
import type { Part } from '../model/edition.ts';
import { Base64Encoder } from './base64.ts';
import { crlf, type Encoder } from './pieces.ts';
import { QuotedPrintableEncoder } from './quoted-printable.ts';
import { Allowance, Wire } from './wire.ts';

export type TransferEncoding = 'base64' | 'quoted-printable';

export function createEncoder(encoding: TransferEncoding, wire: Wire, allowance: Allowance): Encoder {
  return encoding === 'base64' ? new Base64Encoder(wire, allowance) : new QuotedPrintableEncoder(wire, allowance);
}

/** The shorter of the two for this text (rule 2.5): base64 for Korean, quoted-printable for English. */
export function shorterEncoding(parts: readonly Part[]): TransferEncoding {
  const bytes = Buffer.from(crlf(staticText(parts)));
  const wire = new Wire();
  const encoder = new QuotedPrintableEncoder(wire, new Allowance(0));
  encoder.push(bytes, 0, bytes.length);
  encoder.finish();
  return wire.end().body.length <= Math.ceil(bytes.length / 57) * 78 ? 'quoted-printable' : 'base64';
}

function staticText(parts: readonly Part[]): string {
  return parts
    .map(part => (typeof part === 'string' ? part : part.kind === 'when' ? staticText(part.parts) : ''))
    .join('');
}
