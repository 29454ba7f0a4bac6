/** An issue's sections as parts of a web page, in document order. */
import type { Issue, SectionOf } from '../../../model/issue.ts';
import type { Publication } from '../../../model/publication.ts';
import { longDate } from '../../../render/dates.ts';
import { linkKind } from '../../../render/links.ts';
import { hasOwnNumber } from '../../../render/numbering.ts';
import { namesOf } from '../../../render/view.ts';
import { Blocks, Inlines, type WebContext } from './blocks.tsx';
import { ShareRow, type UnderText } from './reactions.tsx';
import { archiveWords } from './words.ts';

export interface SectionContext extends WebContext {
  issue: Issue;
  publication: Publication;
  /** Public address of a summary's own page, or of its place here when the issue is not public. */
  summaryUrl: (section: SectionOf<'summary'>) => string;
  summaryNumber: (section: SectionOf<'summary'>) => number;
  /** Undefined when the issue is not public: there is nothing to like, answer or share then. */
  under: UnderText | undefined;
}

export function Section({ of, cx }: { of: Issue['sections'][number]; cx: SectionContext }) {
  cx.terms?.nextSection();
  switch (of.type) {
    case 'greeting':
      return (
        <section id={cx.anchors.place(of.id)} class="greeting">
          <Blocks of={of.body} cx={cx} />
        </section>
      );
    case 'highlights':
      return <Highlights of={of} cx={cx} />;
    case 'promo':
      return <Promo of={of} cx={cx} />;
    case 'glossary':
      return <Glossary of={of} cx={cx} />;
    case 'summary':
      return <Summary of={of} cx={cx} />;
    case 'prose':
      return (
        <section
          id={cx.anchors.place(of.id)}
          class={of.title ? (of.body.length > 0 ? 'prose ruled' : 'bare ruled') : 'prose'}
        >
          {heading(of.title, cx)}
          <Blocks of={of.body} cx={cx} />
        </section>
      );
    case 'closing':
      return (
        <section id={cx.anchors.place(of.id)} class="ending ruled">
          <Blocks of={of.body} cx={{ ...cx, terms: undefined }} />
        </section>
      );
  }
}

/** A section's title; '' writes nothing. */
function heading(title: string, cx: WebContext) {
  if (!title) return '';
  cx.outline.level = 2;
  return <h2>{title}</h2>;
}

function Highlights({ of, cx }: { of: SectionOf<'highlights'>; cx: SectionContext }) {
  return (
    <section id={cx.anchors.place(of.id)} class="highlights">
      {heading(of.title, cx)}
      {of.items.length > 0 && (
        <ul>
          {of.items.map(item => (
            <li>
              <Inlines of={item} cx={cx} />
            </li>
          ))}
        </ul>
      )}
      {of.more && (
        <p>
          <Inlines of={of.more} cx={cx} />
        </p>
      )}
      <Blocks of={of.after} cx={cx} />
    </section>
  );
}

/** Labelled where the law asks for it (rule 5.4). The Issue holds no code of one reader: those are slots of the e-mail. */
function Promo({ of, cx }: { of: SectionOf<'promo'>; cx: SectionContext }) {
  const { issue, publication } = cx;
  const words = archiveWords[issue.lang];
  const plain = { ...cx, terms: undefined };
  const expires = longDate(of.expires, { language: issue.lang, timeZone: publication.timeZone }, false);
  return (
    <aside id={cx.anchors.place(of.id)} class="promo" aria-label={of.heading || words.untitledPart.promo}>
      {publication.law.includes('kr') && <p class="ad">{words.advertisement}</p>}
      {heading(of.heading, cx)}
      <Blocks of={of.body} cx={plain} />
      {of.code && (
        <p class="code">
          {words.promoCode} <code>{of.code}</code>
        </p>
      )}
      {of.pool && <p class="code">{words.promoOwn}</p>}
      {of.url && linkKind(of.url) && (
        <p>
          <a class="button" href={of.url} rel="noopener sponsored">
            {of.action || words.promoAction}
          </a>
        </p>
      )}
      {expires && <p class="quiet">{words.promoExpires(expires)}</p>}
    </aside>
  );
}

function Glossary({ of, cx }: { of: SectionOf<'glossary'>; cx: SectionContext }) {
  const plain = { ...cx, terms: undefined };
  return (
    <section id={cx.anchors.place(of.id)} class="panel glossary">
      {heading(of.title || archiveWords[cx.issue.lang].glossary, cx)}
      <Blocks of={of.intro} cx={plain} />
      {of.terms.length > 0 && (
        <dl>
          {of.terms.map(term => (
            <>
              <dt id={cx.anchors.place(term.id)}>
                {term.term}
                {namesOf(term) && <span class="names"> {namesOf(term)}</span>}
              </dt>
              <dd>
                <Blocks of={term.definition} cx={plain} />
              </dd>
            </>
          ))}
        </dl>
      )}
    </section>
  );
}

function Summary({ of, cx }: { of: SectionOf<'summary'>; cx: SectionContext }) {
  return (
    <section id={cx.anchors.place(of.id)} class="summary ruled">
      {!hasOwnNumber(of.title) && (
        <p class="nth" aria-hidden="true">
          {of.number}
        </p>
      )}
      {heading(of.title, cx)}
      <SummaryBody of={of} cx={cx} />
      {cx.under && (
        <ShareRow
          title={of.title}
          url={cx.summaryUrl(of)}
          lang={cx.issue.lang}
          summary={cx.summaryNumber(of)}
          under={cx.under}
        />
      )}
    </section>
  );
}

/** All of a summary but its title; its parts' headings are one level below what was written last. */
export function SummaryBody({ of, cx }: { of: SectionOf<'summary'>; cx: WebContext }) {
  const level = cx.outline.level + 1;
  const links = of.links.filter(link => linkKind(link.url));
  return (
    <>
      {(of.work || of.workLabel || links.length > 0) && (
        <p class="work">
          {of.workLabel && <span>{of.work ? `${of.workLabel}: ` : `${of.workLabel} `}</span>}
          {of.work && <span class="name-of">{of.work}</span>}
          {links.map(link => (
            <>
              {' '}
              <a class="chip" href={link.url} rel="noopener">
                {link.label || link.url}
              </a>
            </>
          ))}
        </p>
      )}
      <Blocks of={of.lead} cx={cx} />
      {of.parts.map(part => {
        if (part.heading) cx.outline.level = level;
        return (
          <>
            {part.heading && (level === 2 ? <h2 class="part">{part.heading}</h2> : <h3>{part.heading}</h3>)}
            <Blocks of={part.body} cx={cx} />
          </>
        );
      })}
    </>
  );
}
