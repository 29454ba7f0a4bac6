/** Our DKIM keys (RFC 6376): whether they can sign, and whether DNS says the same of them. */
import { createPublicKey } from 'node:crypto';
import type { Config } from '../config.ts';
import { readDkim } from '../deliver/presses.ts';
import { messageOf } from '../errors.ts';
import { type DkimKeys, dkimRecord } from '../personalise/dkim.ts';
import { KeyUnusable } from '../personalise/dkim-keys.ts';
import { type Dns, whenAnswered, zoneLine } from './dns.ts';
import { type Finding, findings, named, type Report } from './finding.ts';
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
    if (!keys) return { keys, found: [report.fail(named('key'), 'key-none')] };
    const published = await Promise.all(keys.keys.map(key => checkPublished(dns, keys.domain, key, report)));
    return { keys, found: [...strength(keys, report), ...published.flat()] };
  } catch (error) {
    const [trouble, about] = error instanceof KeyUnusable ? error.why : (['unreadable', messageOf(error)] as const);
    return { keys: undefined, found: [report.fail(named('key'), 'key-unusable', trouble, about, messageOf(error))] };
  }
}

function strength({ keys, warnings }: DkimKeys, { ok, warn }: Report): Finding[] {
  const bits = keys[0]!.publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
  // The only one that there is: a short key.
  if (warnings.length > 0) return [warn(named('key'), 'key-short', bits)];
  return [ok(named('key'), 'key-good', bits, keys.length > 1)];
}

function checkPublished(dns: Dns, domain: string, key: DkimKeys['keys'][number], report: Report): Promise<Finding[]> {
  const name = `${key.selector}._domainkey.${domain}`;
  const record = dkimRecord(key);
  const line = zoneLine(name, record);
  return whenAnswered(report, name, async () => {
    const records = (await dns.text(name)).filter(text => /(?:^|;)\s*p\s*=/.test(text));
    if (records.length === 0) return report.fail(name, 'published-none', line);
    if (records.length > 1) return report.fail(name, 'published-several', records.length, line);
    const tags = tagsOf(records[0]!);
    const [theirs, ours] = [tags, tagsOf(record)].map(each => (each.get('p') ?? '').replace(/\s+/g, ''));
    if (theirs === '') return report.fail(name, 'published-revoked', line);
    if (theirs !== ours) return report.fail(name, 'published-other', lengthOf(theirs!), line);
    const kind = tags.get('k')?.toLowerCase() ?? 'rsa';
    if (kind !== kindOf(record)) return report.fail(name, 'published-kind', kind, line);
    const hashes = tags.get('h')?.toLowerCase().split(':');
    if (hashes && !hashes.includes('sha256')) return report.fail(name, 'published-hash', tags.get('h')!, line);
    if (tags.get('t')?.split(':').includes('y')) return report.warn(name, 'published-trial', line);
    return report.ok(name, 'published-same');
  });
}

const kindOf = (record: string): string => tagsOf(record).get('k') ?? 'rsa';

/** Bits of an RSA key, to recognise it by. */
function lengthOf(base64: string): number | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyDetails?.modulusLength;
  } catch {
    return undefined;
  }
}
