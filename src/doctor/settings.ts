/** Settings that readers and forgers meet: PUBLIC_URL and SECRET_KEYS, and who may read the key files. */
import { stat } from 'node:fs/promises';
import type { Config } from '../config.ts';
import { messageOf } from '../errors.ts';
import { type Finding, findings, named } from './finding.ts';

const group = named('settings');
const patienceMs = 5000;
/** Octets of an answer that are looked at. */
const mostAnswer = 1000;
/** Bits that a key must have at least, by how often its characters occur; 32 random letters have about 130. */
const enoughBits = 90;

/** @returns `clock`: how its clock goes, in milliseconds since 1970, when it told */
export async function checkPublicUrl(
  publicUrl: string,
): Promise<{ found: Finding[]; clock: (() => number) | undefined }> {
  const { ok, warn, fail } = findings(group);
  const { protocol, hostname } = new URL(publicUrl);
  const isLocal = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  const found: Finding[] = [];
  if (isLocal) found.push(warn('PUBLIC_URL', 'url-local', publicUrl));
  else if (protocol !== 'https:') found.push(fail('PUBLIC_URL', 'url-plain', publicUrl));
  else found.push(ok('PUBLIC_URL', 'url-good', publicUrl));
  try {
    const response = await fetch(`${publicUrl}/healthz`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(patienceMs),
    });
    const at = performance.now();
    const date = Date.parse(response.headers.get('date') ?? '');
    found.push(await answerFinding(response));
    // It tells whole seconds.
    return { found, clock: Number.isNaN(date) ? undefined : () => date + 500 + performance.now() - at };
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    const words = cause instanceof Error ? cause.message : messageOf(error);
    const state = isLocal ? warn : fail;
    found.push(state(named('web-server'), 'web-away', publicUrl, words.slice(0, 200)));
    return { found, clock: undefined };
  }
}

async function answerFinding(response: Response): Promise<Finding> {
  const { ok, warn, fail } = findings(group);
  const text = await start(response);
  const check = named('web-server');
  if (response.status >= 300 && response.status < 400)
    return warn(check, 'web-elsewhere', response.headers.get('location')?.slice(0, 200));
  return response.status === 200 && /"alive"\s*:\s*true/.test(text)
    ? ok(check, 'web-good')
    : fail(check, 'web-other', response.status);
}

/** The beginning of an answer, however long it is. */
async function start(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > mostAnswer) break;
  }
  return text;
}

/** Never shows a key. */
export function checkSecrets(config: Pick<Config, 'secretKeys'>): Finding {
  const { ok, warn, fail } = findings(group);
  const keys = config.secretKeys;
  if (!keys) return ok('SECRET_KEYS', 'secrets-ours');
  const bits = keys.map(bitsOf);
  if (bits[0]! < enoughBits) return fail('SECRET_KEYS', 'secrets-weak');
  return bits.some(each => each < enoughBits)
    ? warn('SECRET_KEYS', 'secrets-old-weak')
    : ok('SECRET_KEYS', 'secrets-good', keys.length);
}

/** Shannon's measure over characters, of what is left when repetition is taken out. */
function bitsOf(key: string): number {
  const unit = /^(.+?)\1+$/s.exec(key)?.[1] ?? key;
  // A run up or down the alphabet is as good as one character.
  const text = [...unit].filter((c, i, all) => i === 0 || Math.abs(c.charCodeAt(0) - all[i - 1]!.charCodeAt(0)) > 1);
  const counts = new Map<string, number>();
  for (const c of text) counts.set(c, (counts.get(c) ?? 0) + 1);
  return [...counts.values()].reduce((sum, n) => sum - n * Math.log2(n / text.length), 0);
}

export async function checkKeyFiles(config: Pick<Config, 'dkim'>): Promise<Finding[]> {
  const { ok, warn } = findings(group);
  const files = [config.dkim?.privateKeyFile, config.dkim?.ed25519?.privateKeyFile].filter(file => file !== undefined);
  const checked = files.map(async file => {
    const info = await stat(file).catch(() => undefined);
    // Whether it can be read at all is the key's own check.
    if (!info || process.platform === 'win32') return [];
    return info.mode & 0o004
      ? warn(named('key-file'), 'key-file-open', file)
      : ok(named('key-file'), 'key-file-good', file);
  });
  return (await Promise.all(checked)).flat();
}
