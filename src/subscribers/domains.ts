/** What an address's domain tells before any mail is sent: a throw-away provider, or a slip of the finger. */
import { disposableEmailBlocklistSet } from 'disposable-email-domains-js';

/** Providers people mistype, the most used first. */
const likely = [
  'gmail.com',
  'naver.com',
  'daum.net',
  'hanmail.net',
  'kakao.com',
  'nate.com',
  'outlook.com',
  'hotmail.com',
  'icloud.com',
  'yahoo.com',
  'proton.me',
  'googlemail.com',
];

/** Real providers that are a letter or two away from one of those. */
const real = new Set([
  ...likely,
  'mail.com',
  'email.com',
  'ymail.com',
  'gmx.com',
  'gmx.net',
  'live.com',
  'me.com',
  'mac.com',
  'msn.com',
  'aol.com',
  'korea.com',
  'hanmir.com',
  'dreamwiz.com',
  'paran.com',
  'empas.com',
  'hotmail.co.kr',
  'hotmail.co.uk',
  'hotmail.fr',
  'hotmail.it',
  'hotmail.de',
  'hotmail.es',
  'outlook.kr',
  'outlook.fr',
  'outlook.de',
  'outlook.es',
  'outlook.jp',
  'yahoo.co.kr',
  'yahoo.co.jp',
  'yahoo.co.uk',
  'yahoo.de',
  'yahoo.fr',
  'daum.com',
  'nave.com',
  'never.com',
  'zmail.com',
  'pm.me',
]);

/** The domains of large providers, which no count of sign-ups makes suspicious. */
export function isLargeProvider(domain: string): boolean {
  return real.has(domain);
}

/** The domain that was probably meant, when it is not this one. @param domain in small letters, A-labels */
export function likelyDomain(domain: string): string | undefined {
  if (domain.length > 30 || real.has(domain)) return undefined;
  let best: { domain: string; distance: number } | undefined;
  for (const one of likely) {
    const distance = editDistance(domain, one);
    // Two slips in a short name make another name.
    if (distance <= (one.length >= 9 ? 2 : 1) && distance < (best?.distance ?? 3)) best = { domain: one, distance };
  }
  return best?.domain;
}

/** Insertions, deletions, changes and swaps of neighbours between two short words. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}

let throwAway: Set<string> | undefined;

/** Whether mail to this domain, or one it lies below, is thrown away by design. The list comes with a package: newer versions know more. */
export function isDisposable(domain: string): boolean {
  throwAway ??= disposableEmailBlocklistSet();
  const labels = domain.split('.');
  return labels.slice(0, -1).some((_, at) => throwAway!.has(labels.slice(at).join('.')));
}
