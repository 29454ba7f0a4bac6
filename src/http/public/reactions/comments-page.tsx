/** GET `/p/:slug/:issue/comments?summary=n`: the thread as everyone sees it. Written to through readers' links alone. */
import type { Context } from 'hono';
import { countComments, readThread } from '../../../db/comments.ts';
import { sendPage } from '../page.tsx';
import type { Site } from '../reader.ts';
import { issuePaths, openPlace } from './place.ts';
import { reactionsStyle } from './style.ts';
import { Thread } from './thread.tsx';
import { reactionWords } from './words.ts';

export async function commentsPage(c: Context, site: Site) {
  const place = await openPlace(c, site);
  if (!place || place.publication.comments === 'off') return c.notFound();
  const { publication, issue, summary, lang, title } = place;
  const text = reactionWords[lang].comments;
  const [page, counts] = await Promise.all([
    readThread(site.sql, issue.id, { ...(summary ? { summary } : {}), after: afterOf(c) }),
    countComments(site.sql, issue.id),
  ]);
  const n = summary ? (counts.get(summary) ?? 0) : [...counts.values()].reduce((sum, one) => sum + one, 0);
  const paths = issuePaths(site.base, publication, issue.slug, lang);
  const switched: Record<string, string> = lang === publication.language ? {} : { lang };
  const content = (
    <>
      <h1>{n > 0 ? text.count(n) : text.title}</h1>
      <p class="about" lang={publication.language}>
        <a href={paths.text(summary)}>{title}</a>
      </p>
      <Thread page={page} publication={publication} lang={lang} labelled={summary === 0} />
      {page.next !== undefined && (
        <p>
          <a href={`?${new URLSearchParams({ ...place.frame.query, ...switched, after: String(page.next) })}`}>
            {text.more}
          </a>
        </p>
      )}
      <div class="kept">
        <p class="quiet">{text.howTo}</p>
        {summary > 0 && (
          <p class="quiet">
            <a href={`comments${Object.keys(switched).length > 0 ? `?lang=${lang}` : ''}`}>{text.whole}</a>
          </p>
        )}
      </div>
    </>
  );
  return sendPage(c, { ...place.frame, title: `${text.title} · ${title}`, extra: { css: reactionsStyle } }, content);
}

/** Id of the last comment of the page before. */
export function afterOf(c: Context): number | undefined {
  const after = c.req.query('after') ?? '';
  return /^\d{1,15}$/.test(after) ? Number(after) : undefined;
}
