/** What anyone may read: the publications, their past issues, and each issue as a web page. */
import type { Context } from 'hono';
import { getRevisionEdition } from '../../db/editions.ts';
import { findPublication, listPublications } from '../../db/publications.ts';
import { findPublished, listPublished, type PublishedIssue } from '../../db/readers.ts';
import { type Correction, correctedSlug, correctionsUpTo } from '../../db/revisions.ts';
import type { Publication } from '../../model/publication.ts';
import { webHtml } from '../../personalise/web.ts';
import { longDate } from '../../render/dates.ts';
import { Memo } from '../../track/memo.ts';
import { issuePolicy } from '../security.ts';
import { askedLanguage, browserLanguage, sendPage } from './page.tsx';
import { issuePaths } from './reactions/place.ts';
import { carryReferral, referralOf } from './reactions/referral.ts';
import { countReactions } from './reactions/slot.tsx';
import { reactionWords } from './reactions/words.ts';
import { openLink, type Site } from './reader.ts';
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
              <a href={`${site.base}/p/${publication.slug}`}>{publication.name}</a>
            </h2>
            {publication.description && <p>{publication.description}</p>}
            {latest[at]?.[0] && (
              <p class="quiet">
                <span lang={lang}>{text.latest}</span>
                {' · '}
                <a href={issuePath(site, publication, latest[at][0])}>{latest[at][0].title}</a>
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
  const content = (
    <>
      <h1 lang={publication.language}>{publication.name}</h1>
      {publication.description && <p lang={publication.language}>{publication.description}</p>}
      <SubscribeLine publication={publication} lang={lang} />
      <h2 class="past">{text.issues}</h2>
      {issues.length === 0 && <p class="quiet">{text.empty}</p>}
      <ol class="issues">
        {issues.map(issue => (
          <IssueLine issue={issue} publication={publication} lang={lang} path={issuePath(site, publication, issue)} />
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
    { title: publication.name, lang, base: site.base, publication, front: true, query, indexed: true },
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
  const teaser = withoutFields(issue.preheader);
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

/** Until there is a form: a mail that says so, and a person who reads it. */
function SubscribeLine({ publication, lang }: { publication: Publication; lang: Language }) {
  const text = words[lang].archive;
  const address = publication.replyTo ?? publication.from.address;
  const [before, link, after] = text.subscribeBy(address);
  return (
    <aside class="panel" aria-labelledby="subscribe">
      <h2 id="subscribe">{text.subscribe}</h2>
      <p>
        {before}
        <a href={`mailto:${address}?subject=${encodeURIComponent(text.subscribeSubject(publication.name))}`}>{link}</a>
        {after}
      </p>
    </aside>
  );
}

/** Merge fields `{{name|독자}}` give their fallback: the archive's reader is nobody in particular (lesson 23). */
function withoutFields(text: string): string {
  return text.replace(/\{\{[^{}|]*(?:\|([^{}]*))?\}\}/g, (_, fallback: string | undefined) => fallback?.trim() ?? '');
}

function issuePath(site: Site, publication: Publication, issue: { slug: string }): string {
  return `${site.base}/p/${publication.slug}/${encodeURIComponent(issue.slug)}`;
}

/** By day quiet ink on the ground; at night the issue's own rules for `.s .q` take over (render/styles). */
const noticeStyle = 'margin:0 auto;padding:12px 20px;max-width:512px;font:14px/1.6 sans-serif';

/** The web issue with a line over it for each correction. An edition's HTML has one `<body …>`, written by our own template. */
function withCorrections(html: string, corrections: readonly Correction[], publication: Publication): string {
  if (corrections.length === 0) return html;
  const { language } = publication;
  const notice = (
    <div class="s" lang={language} style={noticeStyle} role="note">
      {corrections.map(({ at, note }) => (
        <p class="q" style="margin:0;color:#57606a">
          {words[language].corrected(longDate(at.toISOString(), publication, false), note)}
        </p>
      ))}
    </div>
  );
  return html.replace(/<body[^>]*>/, body => `${body}${notice}`);
}

/** Below the issue: what readers did with it, and the ways on. A form cannot stand here (`issuePolicy`): each is a page of its own. */
async function reactionsBar(site: Site, publication: Publication, issue: PublishedIssue): Promise<string> {
  const { likes, comments } = await countReactions(site, issue.id);
  const text = reactionWords[publication.language];
  const paths = issuePaths(site.base, publication.slug, issue.slug);
  const n = [...comments.values()].reduce((sum, one) => sum + one, 0);
  const bar = (
    <nav class="s" lang={publication.language} style={noticeStyle} aria-label={text.share.link}>
      <p class="q" style="margin:0;color:#57606a">
        <a href={paths.like()}>♥ {text.like.label(likes.get(0) ?? 0)}</a>
        {publication.comments !== 'off' && (
          <>
            {' · '}
            <a href={paths.comments()}>{text.comments.link(n)}</a>
          </>
        )}
        {' · '}
        <a href={paths.share()}>{text.share.link}</a>
        {' · '}
        <a href={`${site.base}/p/${publication.slug}#subscribe`}>{words[publication.language].archive.subscribe}</a>
      </p>
    </nav>
  );
  return String(bar);
}

/** Web issues as HTML, some hundred kilobytes each. */
export class WebIssues {
  readonly #site: Site;
  readonly #memo = new Memo<number, string>(24, 60_000);

  constructor(site: Site) {
    this.#site = site;
  }

  /** GET `/p/:slug/:issue`. */
  async published(c: Context): Promise<Response> {
    const found = await findPublication(this.#site.sql, c.req.param('slug') ?? '');
    if (!found) return c.notFound();
    const slug = c.req.param('issue') ?? '';
    const issue = await findPublished(this.#site.sql, found.id, slug);
    if (!issue) {
      // An erratum is no issue of its own; what it shares is the issue it corrects.
      const corrected = await correctedSlug(this.#site.sql, found.id, slug);
      return corrected ? c.redirect(issuePath(this.#site, found.publication, { slug: corrected }), 302) : c.notFound();
    }
    c.header('cache-control', 'public, max-age=60');
    return this.#answer(c, found.publication, issue);
  }

  /** GET `/r/:token/web`: also of issues that are not in the archive, such as test mails. The reader is neutral here too. */
  async ofLink(c: Context): Promise<Response> {
    const link = await openLink(c, this.#site, 'web');
    if (!link) return c.notFound();
    c.header('x-robots-tag', 'noindex, nofollow');
    return this.#answer(c, link.publication, link.issue);
  }

  async #answer(
    c: Context,
    publication: Publication,
    issue: PublishedIssue & { published?: boolean },
  ): Promise<Response> {
    const { sql, config, base } = this.#site;
    const bar = issue.published !== false ? await reactionsBar(this.#site, publication, issue) : '';
    const html = await this.#memo.get(issue.revisionId, async () => {
      const [edition, corrections] = await Promise.all([
        getRevisionEdition(sql, issue.revisionId),
        correctionsUpTo(sql, issue.revisionId),
      ]);
      const { id, slug } = issue;
      const html = webHtml(edition, {
        publication,
        issue: { id, slug, date: new Date(issue.date) },
        publicUrl: config.publicUrl,
      });
      return withCorrections(html, corrections, publication);
    });
    c.header('content-security-policy', issuePolicy);
    const whole = bar ? html.replace(/<\/body>(?![\s\S]*<\/body>)/, end => bar + end) : html;
    return c.html(carryReferral(whole, `${base}/p/${publication.slug}`, referralOf(c)));
  }
}
