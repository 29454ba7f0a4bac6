/** GET of an issue and of its summaries: what is looked up, kept for a minute, and answered. */
import type { Context } from 'hono';
import { getRevisionText, neighboursOf } from '../../../db/archive.ts';
import { findPublication, type StoredPublication } from '../../../db/publications.ts';
import { findPublished, type PublishedIssue } from '../../../db/readers.ts';
import { correctedSlug, correctionsUpTo } from '../../../db/revisions.ts';
import { Memo } from '../../../memo.ts';
import { summaryNumbers } from '../../../model/edition.ts';
import type { Issue, SectionOf } from '../../../model/issue.ts';
import { blockText } from '../../../model/issue-text.ts';
import { placesOf } from '../../../render/walk.ts';
import { askedLanguage, type PageExtra, writePage } from '../page.tsx';
import { issuePaths } from '../reactions/place.ts';
import { carryReferral, referralOf } from '../reactions/referral.ts';
import { reactionsOf } from '../reactions/slot.tsx';
import { reactionsStyle } from '../reactions/style.ts';
import { openLink, type Site } from '../reader.ts';
import type { Language } from '../words.ts';
import { WebAnchors } from './blocks.tsx';
import { answerCached, type Cacheable, cacheable } from './caching.ts';
import { type Glossaries, shortened } from './glossary.ts';
import { Description } from './head.tsx';
import { IssueArticle } from './issue-page.tsx';
import { ArchiveNav } from './nav.tsx';
import { neutralIssue, neutralText } from './neutral.ts';
import { bothPaths } from './paths.ts';
import type { UnderText } from './reactions.tsx';
import { issueScript } from './script.ts';
import type { SectionContext } from './sections.tsx';
import { archiveStyle } from './style.ts';
import { SummaryArticle } from './summary-page.tsx';
import { TermFinder } from './term-finder.ts';
import { archiveWords } from './words.ts';

/** Pages, some hundred kilobytes each at most. */
const pages = 64;
/** A page is at most this old; so long a cache may keep it too. */
export const pageSeconds = 60;
const descriptionCharacters = 160;

/** What every page of an issue begins with. */
interface Loaded {
  stored: StoredPublication;
  row: PublishedIssue;
  issue: Issue;
  numbers: Map<SectionOf<'summary'>, number>;
  published: Date;
  modified: Date;
}

export class WebIssues {
  readonly #site: Site;
  readonly #glossaries: Glossaries;
  readonly #memo = new Memo<string, Cacheable | undefined>(pages, pageSeconds * 1000);

  constructor(site: Site, glossaries: Glossaries) {
    this.#site = site;
    this.#glossaries = glossaries;
  }

  /** GET `/p/:slug/:issue`. */
  async issue(c: Context): Promise<Response> {
    return this.#published(c, (stored, row) => {
      const lang = askedLanguage(c) ?? stored.publication.language;
      return this.#memo.get(`${row.revisionId} ${lang}`, () => this.#writeIssue(stored, row, lang, true));
    });
  }

  /** GET `/p/:slug/:issue/:summary`. */
  async summary(c: Context): Promise<Response> {
    const number = Number(c.req.param('summary'));
    return this.#published(c, (stored, row) => {
      const lang = askedLanguage(c) ?? stored.publication.language;
      return this.#memo.get(`${row.revisionId} ${lang} ${number}`, () => this.#writeSummary(stored, row, lang, number));
    });
  }

  /** GET `/r/:token/web`: also of issues that are not in the archive, such as test mails. The reader is neutral here too. */
  async ofLink(c: Context): Promise<Response> {
    const link = await openLink(c, this.#site, 'web');
    if (!link) return c.notFound();
    const { publicationId: id, publication, issue, lang } = link;
    const page = await this.#memo.get(`${issue.revisionId} ${lang} ${issue.published ? 'link' : 'unpublished'}`, () =>
      this.#writeIssue({ id, publication }, issue, lang, issue.published),
    );
    // A token is in the address: no cache but the reader's own, no index.
    return c.body(page!.body, 200, { ...page!.headers, 'x-robots-tag': 'noindex, nofollow' });
  }

  async #published(
    c: Context,
    write: (stored: StoredPublication, row: PublishedIssue) => Promise<Cacheable | undefined>,
  ): Promise<Response> {
    const { sql } = this.#site;
    const stored = await findPublication(sql, c.req.param('slug') ?? '');
    if (!stored) return c.notFound();
    const slug = c.req.param('issue') ?? '';
    const { here } = bothPaths(this.#site, stored.publication, askedLanguage(c) ?? stored.publication.language);
    const row = await findPublished(sql, stored.id, slug);
    if (!row) {
      // An erratum is no issue of its own; what it shares is the issue it corrects.
      const corrected = await correctedSlug(sql, stored.id, slug);
      return corrected === undefined ? c.notFound() : c.redirect(here.issue(corrected), 302);
    }
    const page = await write(stored, row);
    // A summary that a correction took out was shared before: its issue says what there is now.
    if (!page) return c.redirect(here.issue(slug), 302);
    const referral = referralOf(c);
    if (referral && typeof page.body === 'string')
      return c.body(carryReferral(page.body, here.home, referral), 200, page.headers);
    return answerCached(c, page, pageSeconds);
  }

  async #load(stored: StoredPublication, row: PublishedIssue): Promise<Loaded> {
    const text = await getRevisionText(this.#site.sql, row.revisionId);
    const issue = neutralIssue(text.issue, stored.publication);
    return {
      stored,
      row,
      issue,
      numbers: summaryNumbers(issue, text.summaries),
      published: text.startedAt ?? text.createdAt,
      modified: text.createdAt,
    };
  }

  async #finder({ stored, row, issue }: Loaded): Promise<TermFinder | undefined> {
    const { id, publication } = stored;
    const at = { publicationId: id, slug: publication.slug, issueId: row.id, lang: issue.lang };
    const { index, isEmpty } = await this.#glossaries.index(at);
    return isEmpty ? undefined : new TermFinder(index);
  }

  async #writeIssue(stored: StoredPublication, row: PublishedIssue, lang: Language, isPublic: boolean) {
    const { sql } = this.#site;
    const loaded = await this.#load(stored, row);
    const { issue, numbers, published, modified } = loaded;
    const { publication } = stored;
    const { here, out } = bothPaths(this.#site, publication, lang);
    const [terms, under, corrections, { older, newer }] = await Promise.all([
      this.#finder(loaded),
      isPublic ? this.#under(loaded, lang) : undefined,
      correctionsUpTo(sql, row.revisionId),
      isPublic ? neighboursOf(sql, stored.id, row.id) : { older: undefined, newer: undefined },
    ]);
    const cx: SectionContext = {
      issue,
      publication,
      outline: { level: 1 },
      anchors: new WebAnchors(placesOf(issue).present),
      terms,
      under,
      summaryNumber: section => numbers.get(section)!,
      summaryUrl: section =>
        isPublic ? out.summary(row.slug, numbers.get(section)!) : `#${encodeURIComponent(section.id)}`,
    };
    const url = isPublic ? out.issue(row.slug) : undefined;
    const article = { published, modified };
    const page = {
      title: issue.title,
      description: this.#teaser(loaded),
      url: url ?? '',
      card: out.card(row.slug),
      article,
    };
    const extra = url ? <Description page={page} publication={publication} out={out} /> : undefined;
    return this.#page(
      loaded,
      lang,
      { title: issue.title, head: extra, layout: 'wide' },
      <IssueArticle page={{ lang, here, url, date: row.date, corrections, older, newer }} cx={cx} />,
      isPublic,
    );
  }

  async #writeSummary(stored: StoredPublication, row: PublishedIssue, lang: Language, number: number) {
    const loaded = await this.#load(stored, row);
    const { issue, numbers, published, modified } = loaded;
    const all = [...numbers];
    const at = all.findIndex(([, one]) => one === number);
    if (at < 0) return undefined;
    const { publication } = stored;
    const { here, out } = bothPaths(this.#site, publication, lang);
    const summary = all[at]![0];
    const beside = (place: number) => {
      const one = all[place];
      return one && { number: one[1], title: one[0].title };
    };
    const url = out.summary(row.slug, number);
    const text = [summary.lead, ...summary.parts.map(part => part.body)].map(blockText).join(' ');
    const described = {
      title: summary.title,
      description: shortened(text, descriptionCharacters),
      url,
      card: out.card(row.slug, number),
      article: { published, modified, ...(summary.work ? { work: summary.work } : {}) },
    };
    const cx = {
      outline: { level: 1 },
      anchors: new WebAnchors(placesOf(issue).present, id => `${here.issue(row.slug)}#${encodeURIComponent(id)}`),
      terms: await this.#finder(loaded),
    };
    const page = {
      issue,
      publication,
      issueSlug: row.slug,
      date: row.date,
      lang,
      here,
      url,
      summary,
      number,
      older: beside(at - 1),
      newer: beside(at + 1),
      under: await this.#under(loaded, lang),
    };
    return this.#page(
      loaded,
      lang,
      { title: summary.title, head: <Description page={described} publication={publication} out={out} /> },
      <SummaryArticle page={page} cx={cx} />,
      true,
    );
  }

  async #under({ stored: { publication }, row, issue }: Loaded, lang: Language): Promise<UnderText> {
    const paths = issuePaths(this.#site.base, publication, row.slug, lang);
    const shown = { publication, lang: issue.lang, paths };
    return { reactions: await reactionsOf(this.#site, row.id, shown), share: paths.share };
  }

  #teaser({ issue, stored }: Loaded): string {
    return shortened(neutralText(issue.preheader, stored.publication), descriptionCharacters);
  }

  #page(
    { stored }: Loaded,
    lang: Language,
    given: { title: string; head: PageExtra['head']; layout?: string },
    content: PageExtra['head'],
    indexed: boolean,
  ): Cacheable {
    const { here } = bothPaths(this.#site, stored.publication, lang);
    const { title, head, layout } = given;
    const extra: PageExtra = {
      head,
      css: archiveStyle + reactionsStyle,
      script: issueScript,
      images: true,
      layout: layout ? `archive ${layout}` : 'archive',
      skip: archiveWords[lang].skip,
      nav: <ArchiveNav here={here} lang={lang} />,
    };
    const options = { title, lang, base: this.#site.base, publication: stored.publication, indexed, extra };
    const { html, headers } = writePage(options, content);
    return cacheable(html, { 'content-type': 'text/html; charset=UTF-8', ...headers });
  }
}
