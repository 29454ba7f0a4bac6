/** Addresses as SMTP and headers take them, and the signed return path. */
import { domainToASCII } from 'node:url';
import { BroadsheetError } from '../errors.ts';
import { addressPattern } from '../model/publication.ts';
import { tokenBytes } from '../track/tokens.ts';

/** RFC 5321 §4.5.3.1. */
const maxLocalPart = 64;
const maxAddress = 254;

/**
 * One mailbox with its domain as A-labels (rule 2.7).
 * @throws BroadsheetError ADDRESS_INVALID, also for a local part beyond ASCII: that needs SMTPUTF8, which we do not speak
 */
export function mailbox(address: string): string {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  if (/[^\x20-\x7e]/.test(local))
    refuse('the part before the @ has characters that need SMTPUTF8, which is not supported');
  const mailbox = isAscii(address) ? address : `${local}@${hostName(address.slice(at + 1)) ?? ''}`;
  if (!addressPattern.test(mailbox)) refuse('it is not of the form name@domain');
  if (local.length > maxLocalPart || mailbox.length > maxAddress) refuse('it is longer than SMTP allows');
  return mailbox;
}

/** Says why, not which: errors are logged, and logs hold no address. */
function refuse(why: string): never {
  throw new BroadsheetError('ADDRESS_INVALID', `the address cannot be mailed: ${why}`);
}

/** A host name as A-labels in small letters, undefined when it is none. */
export function hostName(domain: string): string | undefined {
  // The URL standard drops tabs and line breaks; a name that holds any is a mistake or an attack.
  const ascii = /[\p{Cc}\s]/u.test(domain) ? '' : domainToASCII(domain);
  return addressPattern.test(`a@${ascii}`) ? ascii : undefined;
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

export function domainOf(mailbox: string): string {
  return mailbox.slice(mailbox.lastIndexOf('@') + 1).toLowerCase();
}

const base32 = 'abcdefghijklmnopqrstuvwxyz234567';
const localPattern = /^b-([a-z2-7]{52})$/;

/** The local part of the return path of a bounce token: 54 of 64 octets, and safe from relays that change letter case. */
export function returnPath(token: Buffer): string {
  let local = 'b-';
  let bits = 0;
  let value = 0;
  for (const byte of token) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      local += base32[(value >> bits) & 31]!;
    }
  }
  return bits === 0 ? local : local + base32[(value << (5 - bits)) & 31]!;
}

/** The token of a return path's local part, to be verified by `TokenSigner.verifyBytes`; undefined when it is not of our form. */
export function parseReturnPath(local: string): Buffer | undefined {
  const digits = localPattern.exec(local.toLowerCase())?.[1];
  if (!digits) return undefined;
  const token = Buffer.alloc(tokenBytes);
  let bits = 0;
  let value = 0;
  let at = 0;
  for (const digit of digits) {
    value = ((value << 5) | base32.indexOf(digit)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    token[at++] = (value >> bits) & 0xff;
  }
  // Only the canonical spelling counts, as in links.
  return returnPath(token) === local.toLowerCase() ? token : undefined;
}
