/** Addresses as SMTP and headers take them. */
import { domainToASCII } from 'node:url';
import { BroadsheetError } from '../errors.ts';
import { addressPattern, readerAddressPattern } from '../model/publication.ts';

/** Octets: RFC 5321 §4.5.3.1. */
const maxLocalPart = 64;
const maxAddress = 254;

/**
 * One mailbox with its domain as A-labels (rule 2.7).
 * @throws BroadsheetError ADDRESS_INVALID, also for a local part beyond ASCII: our own addresses must reach everyone
 */
export function mailbox(address: string): string {
  const found = asMailbox(address);
  if (!isAscii(found)) refuse('the part before the @ has characters that need SMTPUTF8: not every relay has it');
  return found;
}

/**
 * A reader's mailbox as it stands on the wire: one character for each octet, so UTF-8 when the local part is not ASCII (RFC 6531 §3.3, and
 * RFC 6532 §3.2 in header fields).
 * @returns `isInternational`: only a relay that offers SMTPUTF8 can carry it
 * @throws BroadsheetError ADDRESS_INVALID
 */
export function readerMailbox(address: string): { octets: string; isInternational: boolean } {
  const found = asMailbox(address);
  return isAscii(found)
    ? { octets: found, isInternational: false }
    : { octets: Buffer.from(found).toString('latin1'), isInternational: true };
}

function asMailbox(address: string): string {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const mailbox = isAscii(address) ? address : `${local}@${hostName(address.slice(at + 1)) ?? ''}`;
  if (!readerAddressPattern.test(mailbox)) refuse('it is not of the form name@domain');
  if (Buffer.byteLength(local) > maxLocalPart || Buffer.byteLength(mailbox) > maxAddress)
    refuse('it is longer than SMTP allows');
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
