/**
 * Keeps the numbers of links and summaries over an issue's revisions. Mails that were sent carry them in signed tokens, so an old number must
 * mean in a new edition what it meant in the old one: a link keeps its ref, a summary its number, what is new gets the next free one, and
 * what is gone stays in the edition's tables, unseen in its text. Pure.
 */
import type { Edition, LinkTarget, Part } from '../model/edition.ts';
import { escapeAttribute } from './escape.ts';
import { maxRefs } from './links.ts';

type Link = Edition['links'][number];
type Summary = Edition['summaries'][number];

/**
 * @param edition of the new revision, as `render` numbers it
 * @param previous of the revision it follows, whose tables hold what every revision before had
 * @returns the edition with its slots, links and summaries renumbered
 */
export function renumber(edition: Edition, previous: Edition): Edition {
  const shown = numbersShown(previous.html, previous.text);
  const links = match<Link>(edition.links, previous.links, link => link.ref, [
    link => JSON.stringify([link.section, link.url]),
    link => link.url,
  ]);
  const summaries = match<Summary>(edition.summaries, previous.summaries, summary => summary.number, [
    summary => summary.title,
    // A summary under another title in the same place is the same one, reworded; a place whose summary was taken out before names nothing.
    (summary, isOld) => (isOld && !shown.has(summary.number) ? undefined : summary.id),
  ]);
  const urls = new Map(edition.links.map(link => [link.ref, link.url]));
  const target = (link: LinkTarget): LinkTarget | string => {
    if (link.to === 'click') {
      const ref = links.get(link.ref)!;
      // Past what a token can hold, a link leads straight to its destination.
      return ref > maxRefs ? escapeAttribute(urls.get(link.ref)!) : { to: 'click', ref };
    }
    if (link.to !== 'like' && link.to !== 'share') return link;
    return { to: link.to, summary: summaries.get(link.summary) ?? link.summary };
  };
  return {
    ...edition,
    subject: relink(edition.subject, target),
    ...(edition.subjects ? { subjects: edition.subjects.map(parts => relink(parts, target)) } : {}),
    html: relink(edition.html, target),
    text: relink(edition.text, target),
    links: joined(
      edition.links.map(link => ({ ...link, ref: links.get(link.ref)! })).filter(link => link.ref <= maxRefs),
      previous.links,
      link => link.ref,
    ),
    summaries: joined(
      edition.summaries.map(summary => ({ ...summary, number: summaries.get(summary.number)! })),
      previous.summaries,
      summary => summary.number,
    ),
  };
}

/**
 * Number in the new edition → number to use. Two are the same when their keys are, tried from the most exact to the loosest; each old one
 * is used once, in order.
 */
function match<T>(
  now: readonly T[],
  before: readonly T[],
  numberOf: (one: T) => number,
  keys: readonly ((one: T, isOld: boolean) => string | undefined)[],
): Map<number, number> {
  const numbers = new Map<number, number>();
  const used = new Set<number>();
  for (const keyOf of keys) {
    const free = new Map<string, number[]>();
    for (const one of before) {
      const key = keyOf(one, true);
      if (key === undefined || used.has(numberOf(one))) continue;
      const same = free.get(key);
      if (same) same.push(numberOf(one));
      else free.set(key, [numberOf(one)]);
    }
    for (const one of now) {
      if (numbers.has(numberOf(one))) continue;
      const number = free.get(keyOf(one, false) ?? '')?.shift();
      if (number === undefined) continue;
      numbers.set(numberOf(one), number);
      used.add(number);
    }
  }
  let next = before.reduce((most, one) => Math.max(most, numberOf(one)), 0);
  for (const one of now) if (!numbers.has(numberOf(one))) numbers.set(numberOf(one), ++next);
  return numbers;
}

/** What the new edition has, and what only older copies have, by number. */
function joined<T>(now: readonly T[], before: readonly T[], numberOf: (one: T) => number): T[] {
  const known = new Set(now.map(numberOf));
  return [...now, ...before.filter(one => !known.has(numberOf(one)))].sort((a, b) => numberOf(a) - numberOf(b));
}

function relink(parts: readonly Part[], target: (link: LinkTarget) => LinkTarget | string): Part[] {
  return parts.map(part => {
    if (typeof part === 'string' || part.kind === 'field') return part;
    if (part.kind === 'when') return { ...part, parts: relink(part.parts, target) };
    const link = target(part.link);
    return typeof link === 'string' ? link : { kind: 'link', link };
  });
}

/** Numbers of the summaries that a reader of these parts can like. */
function numbersShown(...bodies: readonly Part[][]): Set<number> {
  const shown = new Set<number>();
  const walk = (parts: readonly Part[]) => {
    for (const part of parts) {
      if (typeof part === 'string') continue;
      if (part.kind === 'when') walk(part.parts);
      else if (part.kind === 'link' && part.link.to === 'like') shown.add(part.link.summary);
    }
  };
  for (const parts of bodies) walk(parts);
  return shown;
}
