/** One e-mail address out of whatever people type or paste into a spreadsheet cell or a form. */
import { domainToASCII, domainToUnicode } from 'node:url';
import { addressPattern, readerAddressPattern } from '../model/publication.ts';

export interface Address {
  /** Local part as given, normalised (NFC) when it is not ASCII; domain as A-labels in small letters (rule 2.7). */
  email: string;
  /** `email` in small letters: one key per person. */
  emailKey: string;
  domain: string;
}

/** Longest text that is looked at, in characters: an address has 254 at most, a display name may stand before it. */
const maxText = 1000;

/** Zero-width characters, soft hyphens, marks of writing direction: copied along from web pages, never seen. */
const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Reads one address. Accepts surrounding blanks and quotes, invisible characters, full-width letters, `mailto:`, `Name <a@b>`,
 * international domains, and letters of any script before the @ (RFC 6531). Everything else that mail cannot be sent to is refused with a reason in plain words that quotes no address.
 */
export function parseAddress(text: string): Address | { problem: string } {
  if (text.length > maxText) return { problem: 'the address is too long' };
  const bare = unwrap(text);
  if (bare === '') return { problem: 'the address is empty' };
  const at = bare.lastIndexOf('@');
  if (at < 0) return { problem: 'this is not an e-mail address: it has no @' };
  if (bare.indexOf('@') !== at) {
    return { problem: /[\s,;/|<>]/.test(bare) ? 'there is more than one address' : 'the address has more than one @' };
  }
  if (/\s/.test(bare)) return { problem: 'the address has a space in it' };
  if (/\p{Cc}/u.test(bare)) return { problem: 'the address has a control character in it' };
  if (bare.includes('\ufffd')) return { problem: 'the address has a damaged character in it' };
  return assemble(bare.slice(0, at), bare.slice(at + 1));
}

function assemble(typedLocal: string, typedDomain: string): Address | { problem: string } {
  const local = typedLocal.normalize('NFC');
  if (local === '') return { problem: 'nothing stands before the @' };
  if (typedDomain === '') return { problem: 'nothing stands after the @' };
  if (Buffer.byteLength(local) > 64) return { problem: 'the part before the @ is longer than 64 bytes' };
  const domain = asciiDomain(typedDomain);
  // The pattern is asked about each half beside a sound other one, so that the reason names the right half.
  if (!domain || domain.length > 253 || !addressPattern.test(`a@${domain}`)) {
    return { problem: `“${typedDomain.slice(0, 80)}” is not a domain that mail can be sent to` };
  }
  const email = `${local}@${domain}`;
  if (!readerAddressPattern.test(email))
    return { problem: 'the part before the @ has characters or dots that mail servers refuse' };
  if (Buffer.byteLength(email) > 254) return { problem: 'the address is longer than 254 bytes' };
  return { email, emailKey: email.toLowerCase().normalize('NFC'), domain };
}

/** The address without what stands around it; may still be wrong. */
function unwrap(text: string): string {
  const plain = /^[\x21-\x7e]*$/.test(text) ? text : normalise(text);
  let bare = plain;
  const angle = /<([^<>]*)>$/.exec(bare);
  if (angle) {
    // `a@b <c@d>`: which one is meant? Only the usual repetition `a@b <a@b>` is clear.
    const before = bare.slice(0, angle.index).trim();
    const inside = withoutScheme(angle[1]!.trim());
    bare = before.includes('@') && before.toLowerCase() !== inside.toLowerCase() ? plain : inside;
  }
  bare = withoutScheme(bare).replace(/[,;]+$/, '');
  const quoted = /^(['"])(.*)\1$/s.exec(bare);
  return quoted ? quoted[2]!.trim() : bare;
}

function normalise(text: string): string {
  return text
    .replace(invisible, '')
    .replace(/[\uff01-\uff5e]/g, letter => String.fromCharCode(letter.charCodeAt(0) - 0xfee0))
    .replace(/[\u3002\uff61]/g, '.')
    .replace(/^[\s\p{Cc}]+|[\s\p{Cc}]+$/gu, '');
}

function withoutScheme(text: string): string {
  if (!/^mailto:/i.test(text)) return text;
  const target = text.slice(7).split('?', 1)[0]!;
  try {
    return decodeURIComponent(target).trim();
  } catch {
    return target.trim();
  }
}

/** Undefined when it cannot be a host name. */
function asciiDomain(domain: string): string | undefined {
  const lower = domain.toLowerCase();
  const isAscii = /^[\x21-\x7e]*$/.test(lower);
  if (isAscii && !lower.includes('xn--')) return lower;
  // domainToASCII reads its input as part of a URL, percent signs and slashes included: only host characters get that far.
  if (!/^(?:[a-z0-9.-]|\P{ASCII})*$/u.test(lower)) return undefined;
  const ascii = domainToASCII(lower);
  // Newer Nodes let an A-label through that decodes to nothing.
  const isReal = ascii.split('.').every(label => !label.startsWith('xn--') || domainToUnicode(label) !== label);
  return isReal ? ascii || undefined : undefined;
}
