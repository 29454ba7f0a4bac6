/** The row of reactions under an issue or a summary: the same for everyone, so that its page can be kept by caches. */
import type { Child } from 'hono/jsx';
import { countComments } from '../../../db/comments.ts';
import { countLikes } from '../../../db/likes.ts';
import { countWebLikes } from '../../../db/web-likes.ts';
import type { Publication } from '../../../model/publication.ts';
import { Icon } from '../page.tsx';
import type { Site } from '../reader.ts';
import type { Language } from '../words.ts';
import type { IssuePaths } from './place.ts';
import { reactionWords } from './words.ts';

export interface ReactionCounts {
  /** Readers' and the web's likes together, by summary; 0 the issue. */
  likes: ReadonlyMap<number, number>;
  comments: ReadonlyMap<number, number>;
}

export async function countReactions(site: Pick<Site, 'sql'>, issueId: number): Promise<ReactionCounts> {
  const [readers, web, comments] = await Promise.all([
    countLikes(site.sql, issueId),
    countWebLikes(site.sql, issueId),
    countComments(site.sql, issueId),
  ]);
  const likes = new Map([...readers].map(([summary, one]) => [summary, one.readers]));
  for (const [summary, n] of web) likes.set(summary, (likes.get(summary) ?? 0) + n);
  return { likes, comments };
}

/** The pages that show these rows. */
interface Shown {
  publication: Publication;
  /** Of the words. */
  lang: Language;
  /** In the language that the page is seen in. */
  paths: IssuePaths;
}

/** For one issue: what to draw under it (0) and under each summary. */
export async function reactionsOf(
  site: Site,
  issueId: number,
  { publication, lang, paths }: Shown,
): Promise<(summary: number) => Child> {
  const counts = await countReactions(site, issueId);
  return summary => <Reactions {...{ publication, lang, paths, summary, counts }} />;
}

/** ♡ 128 · 3 comments. The like is a form: nothing happens before it is pressed. */
function Reactions({ publication, lang, paths, summary, counts }: Shown & { summary: number; counts: ReactionCounts }) {
  const words = reactionWords[lang];
  const likes = counts.likes.get(summary) ?? 0;
  // Under the issue all of its comments count: its page of comments shows them all.
  const comments =
    summary === 0 ? [...counts.comments.values()].reduce((sum, n) => sum + n, 0) : (counts.comments.get(summary) ?? 0);
  return (
    <span class="react" lang={lang}>
      <form method="post" action={paths.like()}>
        <input type="hidden" name="action" value="like" />
        <input type="hidden" name="summary" value={String(summary)} />
        <button type="submit">
          <Icon name="heart" />
          <span class="n">{likes > 0 ? words.like.label(likes) : words.like.button}</span>
        </button>
      </form>
      {publication.comments !== 'off' && <a href={paths.comments(summary)}>{words.comments.link(comments)}</a>}
    </span>
  );
}
