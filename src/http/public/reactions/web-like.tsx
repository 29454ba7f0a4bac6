/** The page behind ♡ on the web: `/p/:slug/:issue/like`. GET asks, POST counts; works without scripts. */
import type { Context } from 'hono';
import { readForm } from '../../form.ts';
import { Icon, sendPage } from '../page.tsx';
import type { Site } from '../reader.ts';
import { words as readerWords } from '../words.ts';
import { issuePaths, openPlace, type Place } from './place.ts';
import { countReactions } from './slot.tsx';
import { reactionsStyle } from './style.ts';
import type { Pressed, WebLikes } from './web-likes.ts';
import { reactionWords } from './words.ts';

export async function webLikePage(c: Context, site: Site, likes: WebLikes) {
  const place = await openPlace(c, site);
  if (!place) return c.notFound();
  const { isLiked, canUndo } = likes.stateOf(c, place);
  const { likes: counts } = await countReactions(site, place.issue.id);
  const text = readerWords[place.lang].like;
  const own = reactionWords[place.lang].like;
  const title = isLiked ? text.done : text.ask[place.summary === 0 ? 'issue' : 'summary'];
  const content = (
    <div class="sheet">
      <h1 class={isLiked ? 'done' : undefined}>
        {isLiked && <Icon name="heart" filled />}
        {title}
      </h1>
      <p class="about" lang={place.publication.language}>
        {place.title}
      </p>
      {isLiked && <p>{text.thanks}</p>}
      <p class="quiet">{text.count(counts.get(place.summary) ?? 0)}</p>
      {!isLiked && <Press place={place} action="like" label={text.button} hint={own.readers} />}
      {isLiked && canUndo && <Press place={place} action="unlike" label={text.undo} />}
      {isLiked && !canUndo && <p class="quiet">{own.late}</p>}
      <Back site={site} place={place} />
    </div>
  );
  return sendPage(c, { ...place.frame, title, extra: { css: reactionsStyle } }, content);
}

export async function pressWebLike(c: Context, site: Site, likes: WebLikes) {
  const form = await readForm(c);
  const place = await openPlace(c, site, form.summary === undefined ? {} : { summary: form.summary });
  if (!place) return c.notFound();
  // A form on somebody else's site leads to the question, and counts nothing.
  const isForeign = c.req.header('sec-fetch-site') === 'cross-site';
  const pressed = isForeign ? 'done' : await likes.press(c, place, form.action !== 'unlike');
  if (pressed !== 'done') return refused(c, site, place, pressed);
  const query = new URLSearchParams({
    ...place.frame.query,
    ...(place.lang === place.publication.language ? {} : { lang: place.lang }),
  }).toString();
  return c.redirect(`like${query && `?${query}`}`, 303);
}

function refused(c: Context, site: Site, place: Place, why: Exclude<Pressed, 'done'>) {
  const { title, body } = reactionWords[place.lang].like[why];
  const content = (
    <div class="sheet">
      <h1>{title}</h1>
      <p>{body}</p>
      <Back site={site} place={place} />
    </div>
  );
  return sendPage(c, { ...place.frame, title, status: why === 'often' ? 429 : 503 }, content);
}

interface PressProps {
  place: Place;
  action: 'like' | 'unlike';
  label: string;
  hint?: string;
}

function Press({ place, action, label, hint }: PressProps) {
  return (
    <form method="post">
      <input type="hidden" name="action" value={action} />
      <input type="hidden" name="summary" value={String(place.summary)} />
      <button type="submit" class={action === 'unlike' ? 'second' : undefined}>
        {action === 'like' && <Icon name="heart" />}
        {label}
      </button>
      {hint && <p class="quiet">{hint}</p>}
    </form>
  );
}

function Back({ site, place }: { site: Site; place: Place }) {
  const paths = issuePaths(site.base, place.publication, place.issue.slug, place.lang);
  return (
    <p class="quiet">
      <a href={paths.text(place.summary)}>{reactionWords[place.lang].like.back}</a>
    </p>
  );
}
