/** What anyone may read first: the publications, and the past issues of each. */
import type { Context } from 'hono';
import { findPublication, listPublications } from '../../db/publications.ts';
import { listPublished, type PublishedIssue } from '../../db/readers.ts';
import type { Publication } from '../../model/publication.ts';
import { longDate } from '../../render/dates.ts';
import { Description } from './archive/head.tsx';
import { ArchiveNav } from './archive/nav.tsx';
import { neutralText } from './archive/neutral.ts';
import { bothPaths } from './archive/paths.ts';
import { SearchForm } from './archive/search-page.tsx';
import { archiveStyle } from './archive/style.ts';
import { askedLanguage, browserLanguage, sendPage } from './page.tsx';
import { referralOf } from './reactions/referral.ts';
import type { Site } from './reader.ts';
import { SignUpPanel } from './signup/form.tsx';
import { type Language, words } from './words.ts';

/** Issues on one page of an archive. */
const pageSize = 30;

/** GET `/`. */
export async function homePage(c: Context, site: Site) {
  const lang = browserLanguage(c);
  const text = words[lang].home;
  const publications = await listPublications(site.sql);
  const latest = await Promise.all(publications.map(one => listPublished(site.sql, one.id, 1)));
  const content = (
    <>
      <h1>{text.title}</h1>
      <p>{publications.length > 0 ? text.lead : text.empty}</p>
      <ol class="issues">
        {publications.map(({ publication }, at) => (
          <li lang={publication.language}>
            <h2 class="title">
              <a href={bothPaths(site, publication, lang).here.home}>{publication.name}</a>
            </h2>
            {publication.description && <p>{publication.description}</p>}
            {latest[at]?.[0] && (
              <p class="quiet">
                <span lang={lang}>{text.latest}</span>
                {' · '}
                <a href={issuePath(site, publication, latest[at][0], lang)}>{latest[at][0].title}</a>
              </p>
            )}
          </li>
        ))}
      </ol>
    </>
  );
  c.header('vary', 'accept-language');
  return sendPage(c, { title: text.title, lang, base: site.base, indexed: true }, content);
}

/** GET `/p/:slug`, `?before=` the last issue of the page before. */
export async function archivePage(c: Context, site: Site) {
  const found = await findPublication(site.sql, c.req.param('slug') ?? '');
  if (!found) return c.notFound();
  const { id, publication } = found;
  const lang = askedLanguage(c) ?? publication.language;
  const text = words[lang].archive;
  const asked = c.req.query('before');
  const before = asked && /^\d{1,15}$/.test(asked) ? Number(asked) : undefined;
  const rows = await listPublished(site.sql, id, pageSize + 1, before);
  const issues = rows.slice(0, pageSize);
  const switched: Record<string, string> = lang === publication.language ? {} : { lang };
  const { here, out } = bothPaths(site, publication, lang);
  const page = {
    title: publication.name,
    description: publication.description,
    url: before ? `${out.home}?before=${before}` : out.home,
    card: out.card(),
  };
  const extra = {
    css: archiveStyle,
    layout: 'archive',
    nav: <ArchiveNav here={here} lang={lang} at="issues" />,
    head: <Description page={page} publication={publication} out={out} />,
  };
  const content = (
    <>
      <h1 lang={publication.language}>{publication.name}</h1>
      {publication.description && <p lang={publication.language}>{publication.description}</p>}
      <SignUpPanel site={site} stored={found} lang={lang} referral={referralOf(c)} />
      <h2 class="past">{text.issues}</h2>
      {issues.length > 0 && <SearchForm here={here} lang={lang} hidden={switched} />}
      {issues.length === 0 && <p class="quiet">{text.empty}</p>}
      <ol class="issues">
        {issues.map(issue => (
          <IssueLine
            issue={issue}
            publication={publication}
            lang={lang}
            path={issuePath(site, publication, issue, lang)}
          />
        ))}
      </ol>
      {rows.length > pageSize && (
        <p>
          <a href={`?${new URLSearchParams({ ...switched, before: String(issues.at(-1)!.id) })}`}>{text.older}</a>
        </p>
      )}
    </>
  );
  const query: Record<string, string> = before ? { before: String(before) } : {};
  return sendPage(
    c,
    { title: publication.name, lang, base: site.base, publication, front: true, query, indexed: true, extra },
    content,
  );
}

function IssueLine({
  issue,
  publication,
  lang,
  path,
}: {
  issue: PublishedIssue;
  publication: Publication;
  lang: Language;
  path: string;
}) {
  const number = issue.number === null ? '' : words[lang].issueNumber(issue.number);
  const date = longDate(issue.date, { language: lang, timeZone: publication.timeZone }, false);
  const teaser = neutralText(issue.preheader, publication);
  return (
    <li>
      <p class="meta">
        {number && `${number} · `}
        <time datetime={issue.date}>{date}</time>
      </p>
      <h3 class="title" lang={publication.language}>
        <a href={path}>{issue.title}</a>
      </h3>
      {teaser && teaser !== issue.title && (
        <p class="quiet" lang={publication.language}>
          {teaser}
        </p>
      )}
    </li>
  );
}

function issuePath(site: Site, publication: Publication, issue: { slug: string }, lang: Language): string {
  return bothPaths(site, publication, lang).here.issue(issue.slug);
}
