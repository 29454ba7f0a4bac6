/** An issue as a web page: masthead, contents at the side, the sections, ways to share it and to go on. */
import type { Correction } from '../../../db/revisions.ts';
import type { Issue, SectionOf } from '../../../model/issue.ts';
import type { Publication } from '../../../model/publication.ts';
import { longDate } from '../../../render/dates.ts';
import { hasOwnNumber } from '../../../render/numbering.ts';
import { type Language, words as readerWords } from '../words.ts';
import { Steps } from './nav.tsx';
import type { Paths } from './paths.ts';
import { ShareRow } from './reactions.tsx';
import { Section, type SectionContext } from './sections.tsx';
import { archiveWords } from './words.ts';

export interface IssuePage {
  lang: Language;
  here: Paths;
  /** Public address; undefined when the issue is not in the archive. */
  url: string | undefined;
  date: string;
  corrections: readonly Correction[];
  older: { slug: string; title: string } | undefined;
  newer: { slug: string; title: string } | undefined;
}

export function IssueArticle({ page, cx }: { page: IssuePage; cx: SectionContext }) {
  const { issue, publication } = cx;
  const { lang, here, older, newer, url } = page;
  const words = archiveWords[lang];
  cx.outline.level = 1;
  const step = (one: { slug: string; title: string } | undefined, label: string) =>
    one && { href: here.issue(one.slug), title: one.title, label };
  return (
    <>
      <article class="whole" lang={issue.lang}>
        <Masthead issue={issue} publication={publication} date={page.date} />
        <Contents issue={issue} />
        <Corrections of={page.corrections} publication={publication} />
        {issue.sections.map(section => (
          <Section of={section} cx={cx} />
        ))}
        {url && cx.under && <ShareRow title={issue.title} url={url} lang={issue.lang} summary={0} under={cx.under} />}
      </article>
      <div class="after" lang={publication.language}>
        <aside class="panel join">
          <p>{archiveWords[publication.language].subscribeLead(publication.name)}</p>
          <a class="button" href={`${here.home}#subscribe`}>
            {archiveWords[publication.language].subscribe}
          </a>
        </aside>
        <Steps back={step(older, words.older)} forth={step(newer, words.newer)} lang={lang} label={words.issues} />
      </div>
    </>
  );
}

/** "제12호 · 2026년 3월 4일 (수)" over the title. */
function Masthead({ issue, publication, date }: { issue: Issue; publication: Publication; date: string }) {
  return (
    <header class="headline">
      <p class="meta">
        {issue.number && `${readerWords[issue.lang].issueNumber(issue.number)} · `}
        <time datetime={date}>{longDate(date, { language: issue.lang, timeZone: publication.timeZone }, true)}</time>
      </p>
      <h1>{issue.title}</h1>
    </header>
  );
}

function Corrections({ of, publication }: { of: readonly Correction[]; publication: Publication }) {
  if (of.length === 0) return null;
  const { language } = publication;
  return (
    <div class="notice corrections" lang={language} role="note" aria-label={archiveWords[language].corrections}>
      {of.map(({ at, note }) => (
        <p>{readerWords[language].corrected(longDate(at.toISOString(), publication, false), note)}</p>
      ))}
    </div>
  );
}

interface Entry {
  id: string;
  title: string;
  number?: number;
}

/** Open by default; on a phone a reader may close it, on a wide screen it stays beside the text. */
function Contents({ issue }: { issue: Issue }) {
  const words = archiveWords[issue.lang];
  const entries = issue.sections.flatMap((section): Entry[] => {
    switch (section.type) {
      case 'summary':
        return [summaryEntry(section)];
      case 'glossary':
        return [{ id: section.id, title: section.title || words.glossary }];
      case 'prose':
      case 'highlights':
        return section.title ? [{ id: section.id, title: section.title }] : [];
      default:
        return [];
    }
  });
  if (entries.length < 2) return null;
  return (
    <nav class="contents" aria-label={words.contents} lang={issue.lang}>
      <details open>
        <summary>{words.contents}</summary>
        <ol>
          {entries.map(({ id, title, number }) => (
            <li class={number === undefined ? 'plain' : undefined}>
              <a href={`#${encodeURIComponent(id)}`}>
                {number !== undefined && <span class="no">{number}</span>}
                <span>{title}</span>
              </a>
            </li>
          ))}
        </ol>
      </details>
    </nav>
  );
}

function summaryEntry({ id, title, number }: SectionOf<'summary'>): Entry {
  return hasOwnNumber(title) ? { id, title } : { id, title, number };
}
