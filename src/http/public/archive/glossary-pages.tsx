/** The living glossary: all terms of a publication, and each with every explanation it was given. */
import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import { findPublication, type StoredPublication } from '../../../db/publications.ts';
import type { TermOccurrence } from '../../../db/terms.ts';
import { nameKey } from '../../../model/terms.ts';
import { longDate } from '../../../render/dates.ts';
import { namesOf } from '../../../render/view.ts';
import { askedLanguage, writePage } from '../page.tsx';
import type { Site } from '../reader.ts';
import type { Language } from '../words.ts';
import { answerCached, cacheable } from './caching.ts';
import { findTerm, type Glossaries, type GlossaryTerm, shortened } from './glossary.ts';
import { type Described, Description } from './head.tsx';
import { byInitial } from './initials.ts';
import { ArchiveNav } from './nav.tsx';
import { bothPaths, type Paths } from './paths.ts';
import { archiveStyle } from './style.ts';
import { pageSeconds } from './web-issues.tsx';
import { archiveWords } from './words.ts';

/** With more terms a page shows those of one letter. */
const onOnePage = 300;
const maxQuery = 100;

/** GET `/p/:slug/glossary`, `?q=` a part of a name, `?at=` a first letter. */
export async function glossaryPage(c: Context, site: Site, glossaries: Glossaries): Promise<Response> {
  const stored = await findPublication(site.sql, c.req.param('slug') ?? '');
  if (!stored) return c.notFound();
  const { publication } = stored;
  const lang = askedLanguage(c) ?? publication.language;
  const words = archiveWords[lang];
  const { here, out } = bothPaths(site, publication, lang);
  const all = await glossaries.of(stored.id);
  const query = [...(c.req.query('q') ?? '').replace(/[\p{Cc}\p{Surrogate}]+/gu, ' ')]
    .slice(0, maxQuery)
    .join('')
    .trim();
  const fitting = query ? all.filter(group => hasName(group, query)) : all;
  const letters = byInitial(fitting, group => newest(group).term, publication.language);
  const asked = c.req.query('at');
  const isLong = fitting.length > onOnePage;
  const shown = isLong ? [letters.find(one => one.letter === asked) ?? letters[0]!] : letters;
  const content = (
    <>
      <h1>{words.glossaryTitle(publication.name)}</h1>
      <p>{all.length === 0 ? words.glossaryEmpty : words.glossaryLead(all.length)}</p>
      {all.length > 0 && <GlossaryForm here={here} lang={lang} query={query} publicationLang={publication.language} />}
      {query && fitting.length === 0 && <p>{words.glossaryNothing(query)}</p>}
      {query && (
        <p>
          <a href={here.glossary}>{words.glossaryAll}</a>
        </p>
      )}
      {letters.length > 1 && (
        <nav class="letters" aria-label={words.letters}>
          {letters.map(({ letter, id }) => (
            <a href={isLong ? `?${new URLSearchParams({ ...(query ? { q: query } : {}), at: letter })}` : `#${id}`}>
              {letter === '#' ? words.other : letter}
            </a>
          ))}
        </nav>
      )}
      {shown.map(({ letter, id, items }) => (
        <section class="terms" aria-labelledby={id}>
          <h2 id={id}>{letter === '#' ? words.other : letter}</h2>
          <ul lang={publication.language}>
            {items.map(group => (
              <li>
                <a href={here.term(group.slug)}>{newest(group).term}</a>
                {namesOf(newest(group)) && <span class="names"> {namesOf(newest(group))}</span>}
                <br />
                <span class="quiet">{shortened(newest(group).definition, 90)}</span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
  const title = words.glossaryTitle(publication.name);
  const page = { title, description: words.glossaryLead(all.length), url: out.glossary, card: out.card() };
  return answer(c, site, stored, { lang, page, indexed: !query, query: query ? { q: query } : {} }, content);
}

/** GET `/p/:slug/glossary/:term`: by its address, or by any of its names, which lead there. */
export async function termPage(c: Context, site: Site, glossaries: Glossaries): Promise<Response> {
  const stored = await findPublication(site.sql, c.req.param('slug') ?? '');
  if (!stored) return c.notFound();
  const { publication } = stored;
  const asked = (c.req.param('term') ?? '').slice(0, 300).normalize('NFC');
  const group = findTerm(await glossaries.of(stored.id), asked);
  if (!group) return c.notFound();
  const lang = askedLanguage(c) ?? publication.language;
  const { here, out } = bothPaths(site, publication, lang);
  if (group.slug !== asked) return c.redirect(here.term(group.slug), 302);
  const last = newest(group);
  const content = (
    <>
      <h1 lang={publication.language}>{last.term}</h1>
      <p class="quiet">
        {namesOf(last) && <span lang={publication.language}>{namesOf(last)} · </span>}
        {archiveWords[lang].defined(group.occurrences.length)}
      </p>
      {[...group.occurrences].reverse().map((one, at) => (
        <Said one={one} last={last} isFirst={at === 0} here={here} lang={lang} stored={stored} />
      ))}
      <p>
        <a href={here.glossary}>{archiveWords[lang].glossaryAll}</a>
      </p>
    </>
  );
  const page = {
    title: last.term,
    description: shortened(last.definition, 160),
    url: out.term(group.slug),
    card: out.card(),
  };
  return answer(c, site, stored, { lang, page, indexed: true, query: {} }, content);
}

interface SaidProps {
  one: TermOccurrence;
  last: TermOccurrence;
  isFirst: boolean;
  here: Paths;
  lang: Language;
  stored: StoredPublication;
}

/** An explanation as an issue gave it, with the way to its place there. */
function Said({ one, last, isFirst, here, lang, stored }: SaidProps) {
  const words = archiveWords[lang];
  const { publication } = stored;
  const date = longDate(one.date, { language: lang, timeZone: publication.timeZone }, false);
  const isOtherwise = one.term !== last.term || namesOf(one) !== namesOf(last);
  return (
    <section class="said">
      <h2 class={isFirst ? undefined : 'quiet'}>{words.asOf(date)}</h2>
      <div lang={publication.language}>
        {isOtherwise && (
          <p>
            <strong>{one.term}</strong>
            {namesOf(one) && <span class="names"> {namesOf(one)}</span>}
          </p>
        )}
        {one.definition.split('\n').map(line => (
          <p>{line}</p>
        ))}
      </div>
      <p class="quiet">
        {words.definedIn}:{' '}
        <a href={`${here.issue(one.issueSlug)}#${encodeURIComponent(one.anchor)}`} lang={publication.language}>
          {one.issueTitle}
        </a>
      </p>
    </section>
  );
}

function GlossaryForm({
  here,
  lang,
  query,
  publicationLang,
}: {
  here: Paths;
  lang: Language;
  query: string;
  publicationLang: Language;
}) {
  const words = archiveWords[lang];
  return (
    <search>
      <form class="find" action={here.glossary}>
        {lang !== publicationLang && <input type="hidden" name="lang" value={lang} />}
        <input
          type="search"
          name="q"
          value={query}
          maxlength={maxQuery}
          placeholder={words.termHint}
          aria-label={words.termHint}
        />
        <button type="submit">{words.searchButton}</button>
      </form>
    </search>
  );
}

const newest = (group: GlossaryTerm): TermOccurrence => group.occurrences.at(-1)!;

function hasName({ occurrences }: GlossaryTerm, query: string): boolean {
  const key = nameKey(query);
  return occurrences.some(({ term, translation, abbreviation }) =>
    [term, translation, abbreviation].some(name => nameKey(name).includes(key)),
  );
}

function answer(
  c: Context,
  site: Site,
  { publication }: StoredPublication,
  given: { lang: Language; page: Described; indexed: boolean; query: Record<string, string> },
  content: Child,
): Response {
  const { lang, page, indexed, query } = given;
  const { here, out } = bothPaths(site, publication, lang);
  const extra = {
    css: archiveStyle,
    layout: 'archive',
    skip: archiveWords[lang].skip,
    nav: <ArchiveNav here={here} lang={lang} at="glossary" />,
    head: <Description page={page} publication={publication} out={out} />,
  };
  const frame = { lang, base: site.base, publication, query, indexed };
  const { html, headers } = writePage({ ...frame, title: page.title, extra }, content);
  return answerCached(c, cacheable(html, { 'content-type': 'text/html; charset=UTF-8', ...headers }), pageSeconds);
}
