/** One summary to share: its text, where it is from, the terms it uses, its neighbours. */
import type { Issue, SectionOf } from '../../../model/issue.ts';
import type { Publication } from '../../../model/publication.ts';
import { longDate } from '../../../render/dates.ts';
import { hasOwnNumber } from '../../../render/numbering.ts';
import { type Language, words as readerWords } from '../words.ts';
import type { WebContext } from './blocks.tsx';
import { Steps } from './nav.tsx';
import type { Paths } from './paths.ts';
import { ShareRow, type UnderText } from './reactions.tsx';
import { SummaryBody } from './sections.tsx';
import { archiveWords } from './words.ts';

export interface SummaryPage {
  issue: Issue;
  publication: Publication;
  issueSlug: string;
  date: string;
  lang: Language;
  here: Paths;
  /** Public address of this page. */
  url: string;
  summary: SectionOf<'summary'>;
  /** By which likes and addresses know it. */
  number: number;
  older: { number: number; title: string } | undefined;
  newer: { number: number; title: string } | undefined;
  under: UnderText;
}

export function SummaryArticle({ page, cx }: { page: SummaryPage; cx: WebContext }) {
  const { issue, publication, summary, here, lang, issueSlug } = page;
  const words = archiveWords[lang];
  cx.outline.level = 1;
  const step = (one: SummaryPage['older'], label: string) =>
    one && { href: here.summary(issueSlug, one.number), title: one.title, label };
  // Written first: only then it is known which terms it uses.
  const body = String(<SummaryBody of={summary} cx={cx} />);
  return (
    <>
      <article class="single" lang={issue.lang}>
        <header class="headline">
          <p class="meta">
            <a href={here.issue(issueSlug)}>
              {issue.number ? readerWords[issue.lang].issueNumber(issue.number) : issue.title}
            </a>
            {' · '}
            <time datetime={page.date}>
              {longDate(page.date, { language: issue.lang, timeZone: publication.timeZone }, false)}
            </time>
          </p>
          {!hasOwnNumber(summary.title) && (
            <p class="nth" aria-hidden="true">
              {summary.number}
            </p>
          )}
          <h1>{summary.title}</h1>
        </header>
        <section class="summary" dangerouslySetInnerHTML={{ __html: body }} />
        <ShareRow title={summary.title} url={page.url} lang={issue.lang} summary={page.number} under={page.under} />
      </article>
      <UsedTerms cx={cx} lang={issue.lang} />
      <div class="after">
        <aside class="from">
          <p class="quiet" lang={lang}>
            {words.fromIssue}
          </p>
          <p>
            <a href={`${here.issue(issueSlug)}#${encodeURIComponent(summary.id)}`} lang={issue.lang}>
              {issue.title}
            </a>
          </p>
        </aside>
        <Steps
          back={step(page.older, words.olderSummary)}
          forth={step(page.newer, words.newerSummary)}
          lang={lang}
          label={words.contents}
        />
      </div>
    </>
  );
}

function UsedTerms({ cx, lang }: { cx: WebContext; lang: Language }) {
  const used = cx.terms?.used ?? [];
  if (used.length === 0) return null;
  return (
    <section class="panel glossary" lang={lang}>
      <h2>{archiveWords[lang].termsHere}</h2>
      <dl>
        {used.map(({ shown }) => (
          <>
            <dt>
              <a href={shown.href}>{shown.term}</a>
              {shown.names && <span class="names"> {shown.names}</span>}
            </dt>
            <dd>{shown.definition}</dd>
          </>
        ))}
      </dl>
    </section>
  );
}
