/** When two explanations are of one term, and when they contradict each other. Pure functions of names. */

export interface TermNames {
  term: string;
  /** '' when there is none. */
  translation: string;
  /** '' when there is none. */
  abbreviation: string;
}

/** A term that an earlier issue of the publication explained. */
export interface KnownTerm extends TermNames {
  /** As an editor knows the issue: "issue 11". */
  issue: string;
}

/** A name without case, spacing and punctuation: writers differ in these. */
export function nameKey(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}+#]/gu, '');
}

/** The names that make a term the same. An abbreviation does not: GEM may be two things. */
function identities({ term, translation }: TermNames): string[] {
  return [term, translation].map(nameKey).filter(Boolean);
}

export interface TermGroup<T extends TermNames> {
  /** In addresses: of the oldest explanation, so that it stays. */
  slug: string;
  /** Newest last. */
  occurrences: T[];
}

/**
 * Explanations by term: those that share a term or a translation are one, also when they do so by way of a third.
 * @param occurrences oldest first
 */
export function groupTerms<T extends TermNames>(occurrences: readonly T[]): TermGroup<T>[] {
  const leader = new Map<string, string>();
  const lead = (key: string): string => {
    let at = key;
    while (leader.get(at) !== at) at = leader.get(at)!;
    leader.set(key, at);
    return at;
  };
  for (const one of occurrences) {
    const keys = identities(one);
    for (const key of keys) if (!leader.has(key)) leader.set(key, key);
    if (keys.length === 2) leader.set(lead(keys[1]!), lead(keys[0]!));
  }
  const groups = new Map<string, TermGroup<T>>();
  const slugs = new Set<string>();
  for (const one of occurrences) {
    const [key] = identities(one);
    if (key === undefined) continue;
    const known = groups.get(lead(key));
    if (known) known.occurrences.push(one);
    else groups.set(lead(key), { slug: freeSlug(one.term, slugs), occurrences: [one] });
  }
  return [...groups.values()];
}

const maxSlug = 60;

function freeSlug(term: string, taken: Set<string>): string {
  const words = term
    .normalize('NFC')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  const base = [...words.join('-')].slice(0, maxSlug).join('') || 'term';
  let slug = base;
  for (let n = 2; taken.has(slug); n++) slug = `${base}-${n}`;
  taken.add(slug);
  return slug;
}

/** Under this likeness (0 to 1) two names are clearly different, not two spellings of one. */
const alike = 0.5;

/** Whether `now` says something else than `before`: the same abbreviation for another term, or another translation of the same term. */
export function termConflict(now: TermNames, before: TermNames): 'abbreviation' | 'translation' | undefined {
  const isSameTerm = nameKey(now.term) === nameKey(before.term);
  const [a, b] = [nameKey(now.translation), nameKey(before.translation)];
  if (isSameTerm)
    return a && b && !a.includes(b) && !b.includes(a) && likeness(a, b) < alike ? 'translation' : undefined;
  const short = nameKey(now.abbreviation);
  if (!short || short !== nameKey(before.abbreviation)) return undefined;
  const shared = identities(now).some(key => identities(before).some(other => likeness(key, other) >= alike));
  return shared ? undefined : 'abbreviation';
}

/** Dice's coefficient of pairs of characters. */
function likeness(a: string, b: string): number {
  if (a === b) return 1;
  const pairs = (text: string) =>
    Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2));
  const [first, second] = [pairs(a), pairs(b)];
  if (first.length + second.length === 0) return 0;
  const left = new Map<string, number>();
  for (const pair of first) left.set(pair, (left.get(pair) ?? 0) + 1);
  let common = 0;
  for (const pair of second) {
    const n = left.get(pair) ?? 0;
    if (n > 0) common++;
    left.set(pair, n - 1);
  }
  return (2 * common) / (first.length + second.length);
}
