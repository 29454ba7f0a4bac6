/** A publication's living glossary: every explanation by term, read now and then and shared by all pages. */
import { listTerms, type TermOccurrence } from '../../../db/terms.ts';
import { Memo } from '../../../memo.ts';
import { groupTerms, nameKey, type TermGroup } from '../../../model/terms.ts';
import { namesOf } from '../../../render/view.ts';
import type { Site } from '../reader.ts';
import type { Language } from '../words.ts';
import { pathsOf } from './paths.ts';
import { type Findable, TermIndex } from './term-finder.ts';
import { archiveWords } from './words.ts';

export type GlossaryTerm = TermGroup<TermOccurrence>;

const publications = 8;
const ttlMs = 30_000;
/** Of an explanation beside a text; its page has the whole. */
const shownCharacters = 220;

export class Glossaries {
  readonly #site: Site;
  readonly #memo = new Memo<number, GlossaryTerm[]>(publications, ttlMs);

  constructor(site: Site) {
    this.#site = site;
  }

  /** In the order in which they were first explained. */
  of(publicationId: number): Promise<GlossaryTerm[]> {
    return this.#memo.get(publicationId, async () => groupTerms(await listTerms(this.#site.sql, publicationId)));
  }

  /**
   * What an issue's text may explain: its own terms in its own words, others as the newest earlier issue did.
   * @param at.rank the issue's place in time; undefined for one that is not published: all terms are known to it
   */
  async index(at: {
    publicationId: number;
    slug: string;
    issueId: number;
    lang: Language;
  }): Promise<{ index: TermIndex; isEmpty: boolean }> {
    const groups = await this.of(at.publicationId);
    const own = groups.flatMap(group => group.occurrences).find(one => one.issueId === at.issueId);
    const terms = groups.flatMap(group => findable(group, { ...at, base: this.#site.base, rank: own?.rank }));
    return { index: new TermIndex(terms), isEmpty: terms.length === 0 };
  }
}

function findable(
  { slug, occurrences }: GlossaryTerm,
  at: { issueId: number; rank: number | undefined; slug: string; base: string; lang: Language },
): Findable[] {
  const known = occurrences.filter(one => one.issueId === at.issueId || at.rank === undefined || one.rank < at.rank);
  const shown = known.find(one => one.issueId === at.issueId) ?? known.at(-1);
  if (!shown) return [];
  const words = archiveWords[at.lang];
  return [
    {
      slug,
      names: known.flatMap(one => [one.term, one.translation, one.abbreviation].filter(Boolean)),
      shown: {
        term: shown.term,
        names: namesOf(shown),
        definition: shortened(shown.definition, shownCharacters),
        note: shown.issueId === at.issueId ? undefined : words.explainedBefore,
        href: pathsOf(at.base, at.slug).term(slug),
        more: words.moreOnTerm,
      },
    },
  ];
}

/** The beginning of a text, cut between words and marked. */
export function shortened(text: string, characters: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const letters = [...line];
  if (letters.length <= characters) return line;
  const cut = letters.slice(0, characters).join('');
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), cut.length - 30))}…`;
}

/** The term of an address: by its slug, else by any name that means one term only. */
export function findTerm(groups: readonly GlossaryTerm[], asked: string): GlossaryTerm | undefined {
  const exact = groups.find(group => group.slug === asked);
  if (exact) return exact;
  const key = nameKey(asked);
  const fitting = groups.filter(group =>
    group.occurrences.some(one =>
      [one.term, one.translation, one.abbreviation].some(name => name && nameKey(name) === key),
    ),
  );
  return key && fitting.length === 1 ? fitting[0] : undefined;
}
