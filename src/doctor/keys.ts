/** Our DKIM keys (RFC 6376): whether they can sign, and whether DNS says the same of them. */
import { createPublicKey } from 'node:crypto';
import type { Config } from '../config.ts';
import { readDkim } from '../deliver/presses.ts';
import { messageOf } from '../errors.ts';
import { type DkimKeys, dkimRecord } from '../personalise/dkim.ts';
import { type Dns, whenAnswered, zoneLine } from './dns.ts';
import { type Finding, findings, type Report } from './finding.ts';
import { tagsOf } from './sender.ts';

const group = 'DKIM';

/** The keys, when they can sign, and what is to be said of them. */
export async function checkKeys(
  config: Pick<Config, 'dkim'>,
  dns: Dns,
): Promise<{ keys: DkimKeys | undefined; found: Finding[] }> {
  const report = findings(group);
  try {
    const keys = readDkim(config);
    if (!keys) {
      const fix = [
        'Make one:',
        'openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out dkim.pem',
        'Then set DKIM_DOMAIN, DKIM_SELECTOR and DKIM_PRIVATE_KEY_FILE, and ask doctor again what to publish.',
      ];
      return { keys, found: [report.fail('Key', 'none: mail leaves unsigned, and large providers refuse it', ...fix)] };
    }
    const published = await Promise.all(keys.keys.map(key => checkPublished(dns, keys.domain, key, report)));
    return { keys, found: [...strength(keys, report), ...published.flat()] };
  } catch (error) {
    const fix = 'Point DKIM_PRIVATE_KEY_FILE to a PEM RSA key of 2048 bits.';
    return { keys: undefined, found: [report.fail('Key', messageOf(error), fix)] };
  }
}

function strength({ keys, warnings }: DkimKeys, { ok, warn }: Report): Finding[] {
  if (warnings.length > 0)
    return warnings.map(words =>
      warn('Key', words, 'Make a new one of 2048 bits under a new selector, publish it, then switch.'),
    );
  const bits = keys[0]!.publicKey.asymmetricKeyDetails?.modulusLength;
  return [ok('Key', `RSA of ${bits} bits${keys.length > 1 ? ', and Ed25519' : ''}`)];
}

function checkPublished(dns: Dns, domain: string, key: DkimKeys['keys'][number], report: Report): Promise<Finding[]> {
  const name = `${key.selector}._domainkey.${domain}`;
  const record = dkimRecord(key);
  const publish = ['Publish:', zoneLine(name, record)];
  return whenAnswered(report, name, async () => {
    const records = (await dns.text(name)).filter(text => /(?:^|;)\s*p\s*=/.test(text));
    if (records.length === 0) return report.fail(name, 'no key is published: signatures fail', ...publish);
    if (records.length > 1)
      return report.fail(name, `${records.length} records: receivers may take the wrong one`, 'Keep one:', publish[1]!);
    const tags = tagsOf(records[0]!);
    const [theirs, ours] = [tags, tagsOf(record)].map(each => (each.get('p') ?? '').replace(/\s+/g, ''));
    if (theirs === '') return report.fail(name, 'the published key is revoked (p= is empty)', ...publish);
    if (theirs !== ours)
      return report.fail(name, `another key is published${lengthOf(theirs!)}: signatures fail`, ...publish);
    const kind = tags.get('k')?.toLowerCase() ?? 'rsa';
    if (kind !== kindOf(record)) return report.fail(name, `k=${kind} is not the kind of our key`, ...publish);
    const hashes = tags.get('h')?.toLowerCase().split(':');
    if (hashes && !hashes.includes('sha256'))
      return report.fail(name, `h=${tags.get('h')} does not allow sha256`, ...publish);
    if (tags.get('t')?.split(':').includes('y'))
      return report.warn(name, 't=y: receivers treat signed mail as unsigned', ...publish);
    return report.ok(name, 'published, and the same as ours');
  });
}

const kindOf = (record: string): string => tagsOf(record).get('k') ?? 'rsa';

/** ` (RSA of 1024 bits)`, to recognise it by. */
function lengthOf(base64: string): string {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    const bits = key.asymmetricKeyDetails?.modulusLength;
    return bits ? ` (RSA of ${bits} bits)` : '';
  } catch {
    return '';
  }
}
