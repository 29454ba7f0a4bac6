/** Addresses as SMTP and headers take them. */
import { domainToASCII } from 'node:url';
import { BroadsheetError } from '../errors.ts';
import { addressPattern } from '../model/publication.ts';

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
