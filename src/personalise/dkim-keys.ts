/** DKIM keys, checked before anything is sent: a key that cannot sign stops the send (rule 2.9). */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { DkimConfig } from '../config.ts';
import { BroadsheetError, messageOf } from '../errors.ts';
import { hostName } from './addresses.ts';

export interface DkimKey {
  algorithm: 'rsa-sha256' | 'ed25519-sha256';
  selector: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

export interface DkimKeys {
  /** d=, as A-labels. */
  domain: string;
  /** The RSA key, then the Ed25519 key when there is one; each makes a signature. */
  keys: DkimKey[];
  /** What works but should be changed: a short key. */
  warnings: string[];
}

/** Why a key cannot sign. */
export type KeyTrouble =
  | 'domain'
  | 'not-rsa'
  | 'too-short'
  | 'not-ed25519'
  | 'same-selector'
  | 'selector'
  | 'no-public'
  | 'unreadable'
  | 'passphrase'
  | 'not-pem'
  | 'unparsable';

/** DKIM_INVALID of a key; `why` and the value it is about are for whoever says it in another language. */
export class KeyUnusable extends BroadsheetError {
  readonly why: readonly [trouble: KeyTrouble, about: string];

  constructor(why: KeyUnusable['why'], detail: string, file?: string, cause?: unknown) {
    super('DKIM_INVALID', detail, { ...(file && { file }), cause });
    this.why = why;
  }
}

/** RFC 8301 §3.2: below 1024 bits verifiers refuse; senders use 2048. */
const minBits = 1024;
const goodBits = 2048;

/**
 * @param read reads a key file
 * @throws KeyUnusable
 */
export function loadDkim(config: DkimConfig, read: (file: string) => Buffer): DkimKeys {
  const domain = hostName(config.domain);
  if (!domain) throw new KeyUnusable(['domain', config.domain], `DKIM_DOMAIN "${config.domain}" is not a domain name`);
  const warnings: string[] = [];
  const rsa = privateKey(config.privateKeyFile, read);
  if (rsa.asymmetricKeyType !== 'rsa') {
    throw new KeyUnusable(
      ['not-rsa', String(rsa.asymmetricKeyType)],
      `the key is of type ${rsa.asymmetricKeyType}; DKIM_PRIVATE_KEY_FILE takes an RSA key`,
      config.privateKeyFile,
    );
  }
  const bits = rsa.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < minBits)
    throw new KeyUnusable(
      ['too-short', String(bits)],
      `the RSA key has ${bits} bits; verifiers refuse less than ${minBits}`,
      config.privateKeyFile,
    );
  if (bits < goodBits) warnings.push(`the DKIM key has ${bits} bits; make one of ${goodBits} (RFC 8301)`);
  const keys = [keyOf('rsa-sha256', config.selector, rsa, config.privateKeyFile)];
  if (config.ed25519) {
    const { selector, privateKeyFile } = config.ed25519;
    const ed25519 = privateKey(privateKeyFile, read);
    if (ed25519.asymmetricKeyType !== 'ed25519') {
      const type = ed25519.asymmetricKeyType;
      throw new KeyUnusable(
        ['not-ed25519', String(type)],
        `the key is of type ${type}; DKIM_ED25519_PRIVATE_KEY_FILE takes an Ed25519 key`,
        privateKeyFile,
      );
    }
    if (selector.toLowerCase() === config.selector.toLowerCase())
      throw new KeyUnusable(['same-selector', selector], 'the two DKIM keys need different selectors');
    keys.push(keyOf('ed25519-sha256', selector, ed25519, privateKeyFile));
  }
  return { domain, keys, warnings };
}

/** The TXT record that publishes a key at `selector._domainkey.domain` (RFC 6376 §3.6.1, RFC 8463 §4). */
export function dkimRecord(key: DkimKey): string {
  if (key.algorithm === 'rsa-sha256') {
    return `v=DKIM1; k=rsa; p=${key.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
  }
  const raw = Buffer.from(key.publicKey.export({ format: 'jwk' }).x!, 'base64url');
  return `v=DKIM1; k=ed25519; p=${raw.toString('base64')}`;
}

/** Signs what RFC 6376 §3.7 hands to the signature algorithm; Ed25519 signs its SHA-256 (RFC 8463 §3). */
export function signWith(key: DkimKey, data: Buffer, digest: (data: Buffer) => Buffer): Buffer {
  return key.algorithm === 'rsa-sha256'
    ? sign('sha256', data, key.privateKey)
    : sign(null, digest(data), key.privateKey);
}

/** As `signWith`, on the thread pool. */
export function signMeanwhileWith(key: DkimKey, data: Buffer, digest: (data: Buffer) => Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, signature: Buffer) => (error ? reject(error) : resolve(signature));
    if (key.algorithm === 'rsa-sha256') sign('sha256', data, key.privateKey, done);
    else sign(null, digest(data), key.privateKey, done);
  });
}

export function verifyWith(key: DkimKey, data: Buffer, signature: Buffer, digest: (data: Buffer) => Buffer): boolean {
  if (key.algorithm === 'rsa-sha256') return verify('sha256', data, key.publicKey, signature);
  return verify(null, digest(data), key.publicKey, signature);
}

function keyOf(algorithm: DkimKey['algorithm'], selector: string, privateKey: KeyObject, file: string): DkimKey {
  if (
    !/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/i.test(selector) ||
    selector.length > 63
  ) {
    throw new KeyUnusable(
      ['selector', selector],
      `the selector "${selector}" is not made of letters, digits, inner hyphens and dots`,
    );
  }
  try {
    return { algorithm, selector, privateKey, publicKey: createPublicKey(privateKey) };
  } catch (error) {
    throw new KeyUnusable(
      ['no-public', messageOf(error)],
      `the key has no public half: ${messageOf(error)}`,
      file,
      error,
    );
  }
}

function privateKey(file: string, read: (file: string) => Buffer): KeyObject {
  let pem: Buffer;
  try {
    pem = read(file);
  } catch (error) {
    throw new KeyUnusable(
      ['unreadable', messageOf(error)],
      `the key file cannot be read: ${messageOf(error)}`,
      file,
      error,
    );
  }
  const label = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(pem.toString('latin1'))?.[1];
  if (label?.includes('ENCRYPTED') || pem.includes('Proc-Type: 4,ENCRYPTED')) {
    throw new KeyUnusable(['passphrase', ''], 'the key is protected by a passphrase; DKIM needs it in the clear', file);
  }
  if (!label?.endsWith('PRIVATE KEY'))
    throw new KeyUnusable(
      ['not-pem', label ?? ''],
      `the file holds ${label ?? 'no PEM'}, not a private key in PEM`,
      file,
    );
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new KeyUnusable(
      ['unparsable', messageOf(error)],
      `the private key cannot be parsed: ${messageOf(error)}`,
      file,
      error,
    );
  }
}
