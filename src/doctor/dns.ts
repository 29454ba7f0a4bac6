/** DNS as `doctor` asks it: what is not there is an empty list, and no answer is an error. Answers are kept, and questions are limited. */
import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Finding, Name, Report } from './finding.ts';

/** Of one run: a hostile record could send us from name to name. */
const mostQuestions = 500;
const absent = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

/** No answer, or one that says nothing: `code` is Node's; undefined when we stopped asking. */
class DnsSilent extends Error {
  readonly code: string | undefined;

  constructor(code: string | undefined) {
    super('no answer of DNS');
    this.code = code;
  }
}

export class Dns {
  readonly #resolver = new Resolver({ timeout: 2000, tries: 2 });
  readonly #answers = new Map<string, Promise<unknown>>();

  /** @param servers `address` or `address:port`; none: the system's */
  constructor(servers: readonly string[]) {
    if (servers.length > 0) this.#resolver.setServers([...servers]);
  }

  /** Each TXT record whole: its strings belong together without blanks (RFC 7208 §3.3). */
  text(name: string): Promise<string[]> {
    return this.#ask(`TXT ${name}`, async () =>
      (await this.#resolver.resolveTxt(name)).map(strings => strings.join('')),
    );
  }

  /** IPv4 and IPv6. */
  async addresses(name: string): Promise<string[]> {
    const kinds = await Promise.all([
      this.#ask(`A ${name}`, () => this.#resolver.resolve4(name)),
      this.#ask(`AAAA ${name}`, () => this.#resolver.resolve6(name)),
    ]);
    return kinds.flat();
  }

  /** Most preferred first; a null MX (RFC 7505) is an empty `exchange`. */
  async exchangers(name: string): Promise<string[]> {
    const found = await this.#ask(`MX ${name}`, () => this.#resolver.resolveMx(name));
    return found.toSorted((a, b) => a.priority - b.priority).map(({ exchange }) => exchange.replace(/\.$/, ''));
  }

  /** Names that an address says it has. */
  names(ip: string): Promise<string[]> {
    return this.#ask(`PTR ${ip}`, () => this.#resolver.resolvePtr(reverseName(ip)));
  }

  close(): void {
    this.#resolver.cancel();
  }

  #ask<T>(question: string, work: () => Promise<T[]>): Promise<T[]> {
    const kept = this.#answers.get(question) as Promise<T[]> | undefined;
    if (kept) return kept;
    if (this.#answers.size >= mostQuestions) return Promise.reject(new DnsSilent(undefined));
    const answer = work().catch((error: NodeJS.ErrnoException) => {
      if (absent.has(error.code ?? '')) return [];
      throw new DnsSilent(error.code ?? error.message);
    });
    this.#answers.set(question, answer);
    return answer;
  }
}

/** The name under which an address is published backwards (RFC 1035 §3.5, RFC 3596 §2.5). */
export function reverseName(ip: string): string {
  if (isIP(ip) === 4) return `${ip.split('.').reverse().join('.')}.in-addr.arpa`;
  const [head = '', tail] = ip.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const all = tail === undefined ? before : [...before, ...Array(8 - before.length - after.length).fill('0'), ...after];
  const digits = all.map(group => group.padStart(4, '0')).join('');
  return `${[...digits].reverse().join('.')}.ip6.arpa`;
}

/** A check that asks DNS: no answer is a warning, for it says nothing of the record. */
export async function whenAnswered(
  { warn }: Report,
  check: Name,
  work: () => Promise<Finding | Finding[]>,
): Promise<Finding[]> {
  try {
    return [await work()].flat();
  } catch (error) {
    if (!(error instanceof DnsSilent)) throw error;
    return [error.code === undefined ? warn(check, 'dns-endless') : warn(check, 'dns-silent', error.code)];
  }
}

/** A TXT record as a zone file takes it: strings have 255 octets at most, and a long record is several (RFC 1035 §3.3.14). */
export function zoneLine(name: string, text: string): string {
  const strings = text.match(/[\s\S]{1,250}/g) ?? [''];
  const quoted = strings.map(each => `"${each.replace(/["\\]/g, '\\$&')}"`).join(' ');
  return `${name}. 3600 IN TXT ${strings.length > 1 ? `( ${quoted} )` : quoted}`;
}
