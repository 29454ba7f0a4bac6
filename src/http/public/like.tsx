/** The page behind ♡: one question, one button; a second press takes it back. */
import type { Context } from 'hono';
import { likeState, setLike } from '../../db/likes.ts';
import { instantMs } from '../../track/judge.ts';
import { readForm } from '../form.ts';
import { judgeRequestOf } from './judge-request.ts';
import { Act, Icon, sendPage } from './page.tsx';
import { backTo, type OpenLink, openLink, type Site } from './reader.ts';
import { words } from './words.ts';

/** The link's reader and what is liked; undefined when there is no such reader or thing. */
async function openLike(c: Context, site: Site): Promise<(OpenLink & { thing: string }) | undefined> {
  const link = await openLink(c, site, 'like');
  if (!link?.subscriber) return undefined;
  const { issueId, ref } = link.token;
  const thing = ref === 0 ? link.issue.title : await site.contents.summaryTitle(issueId, ref);
  return thing === undefined ? undefined : { ...link, thing };
}

const keyOf = ({ token }: OpenLink) => ({
  issueId: token.issueId,
  subscriberId: token.subscriberId,
  summary: token.ref,
});

/** GET `/r/:token/like`: changes nothing. */
export async function likePage(c: Context, site: Site) {
  const link = await openLike(c, site);
  if (!link) return c.notFound();
  const text = words[link.lang].like;
  const { liked, count } = await likeState(site.sql, keyOf(link));
  const title = liked ? text.done : text.ask[link.token.ref === 0 ? 'issue' : 'summary'];
  const content = (
    <div class="sheet">
      <h1 class={liked ? 'done' : undefined}>
        {liked && <Icon name="heart" filled />}
        {title}
      </h1>
      <p class="about" lang={link.publication.language}>
        {link.thing}
      </p>
      {liked && <p>{text.thanks}</p>}
      <p class="quiet">{text.count(count)}</p>
      {liked ? (
        <Act action="unlike" second>
          {text.undo}
        </Act>
      ) : (
        <Act action="like">
          <Icon name="heart" />
          {text.button}
        </Act>
      )}
      {link.issue.published && (
        <p class="quiet">
          <a href={`${site.base}/p/${link.publication.slug}/${encodeURIComponent(link.issue.slug)}`}>
            {words[link.lang].readOnWeb}
          </a>
        </p>
      )}
    </div>
  );
  return sendPage(c, { ...link.frame, title }, content);
}

/** POST `/r/:token/like`: the form names what to do, so pressing twice is pressing once; half a form does nothing. */
export async function pressLike(c: Context, site: Site) {
  const link = await openLike(c, site);
  if (!link) return c.notFound();
  const { action } = await readForm(c);
  if (action === 'like' || action === 'unlike')
    await setLike(site.sql, keyOf(link), action === 'like', { machine: judgeRequestOf(c), instantMs });
  return backTo(c, 'like');
}
