/** What the archive's pages say of themselves to search engines, feed readers and places where a link is shared. */
import { raw } from 'hono/html';
import type { Publication } from '../../../model/publication.ts';
import type { Paths } from './paths.ts';

export interface Described {
  /** Without the publication's name. */
  title: string;
  description: string;
  /** Public address of the page. */
  url: string;
  /** Public address of a 1200 × 630 picture. */
  card: string;
  /** For an article: when it came out and when it last changed. */
  article?: { published: Date; modified: Date; work?: string };
}

const locales = { ko: 'ko_KR', en: 'en_US' };

function FeedLinks({ publication, out }: { publication: Publication; out: Paths }) {
  return (
    <>
      <link rel="alternate" type="application/atom+xml" title={publication.name} href={out.feed('xml')} />
      <link rel="alternate" type="application/feed+json" title={publication.name} href={out.feed('json')} />
    </>
  );
}

export function Description({ page, publication, out }: { page: Described; publication: Publication; out: Paths }) {
  const { title, description, url, card, article } = page;
  return (
    <>
      <link rel="canonical" href={url} />
      {description && <meta name="description" content={description} />}
      <meta property="og:type" content={article ? 'article' : 'website'} />
      <meta property="og:site_name" content={publication.name} />
      <meta property="og:locale" content={locales[publication.language]} />
      <meta property="og:title" content={title} />
      {description && <meta property="og:description" content={description} />}
      <meta property="og:url" content={url} />
      <meta property="og:image" content={card} />
      <meta property="og:image:type" content="image/png" />
      <meta property="og:image:width" content="1200" />
      <meta property="og:image:height" content="630" />
      <meta property="og:image:alt" content={title} />
      {article && <meta property="article:published_time" content={article.published.toISOString()} />}
      {article && <meta property="article:modified_time" content={article.modified.toISOString()} />}
      <meta name="twitter:card" content="summary_large_image" />
      <FeedLinks publication={publication} out={out} />
      {article && <script type="application/ld+json">{raw(articleData(page, article, publication, out))}</script>}
    </>
  );
}

/** schema.org, as JSON that no text of an editor can leave: `<` is written as an escape. */
function articleData(
  { title, description, url, card }: Described,
  article: NonNullable<Described['article']>,
  publication: Publication,
  out: Paths,
): string {
  const data = {
    '@context': 'https://schema.org',
    '@type': 'Article',
    headline: title.slice(0, 110),
    ...(description ? { description } : {}),
    inLanguage: publication.language,
    datePublished: article.published.toISOString(),
    dateModified: article.modified.toISOString(),
    mainEntityOfPage: url,
    image: [card],
    author: { '@type': 'Organization', name: publication.from.name, url: out.home },
    publisher: { '@type': 'Organization', name: publication.name, url: out.home },
    isPartOf: { '@type': 'Periodical', name: publication.name, url: out.home },
    ...(article.work ? { about: { '@type': 'ScholarlyArticle', name: article.work } } : {}),
  };
  return JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
