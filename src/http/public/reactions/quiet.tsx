/** `/r/:token/quiet`: letters about answers, off and on again. GET asks; one press, or the mail client's (RFC 8058), does it. */
import type { Context } from 'hono';
import { findCommenter, setQuiet } from '../../../db/comments.ts';
import { readForm } from '../../form.ts';
import { Act, Icon, sendPage } from '../page.tsx';
import { backTo, type OpenLetterLink, openLetterLink, type Site } from '../reader.ts';
import { reactionWords } from './words.ts';

export async function quietPage(c: Context, site: Site) {
  const link = await openLetterLink(c, site, 'quiet');
  return link ? answer(c, site, link) : c.notFound();
}

/** POST: the page's own buttons name their action; anything else, the one-click first of all, stops the letters and is answered in place. */
export async function pressQuiet(c: Context, site: Site) {
  const link = await openLetterLink(c, site, 'quiet');
  if (!link) return c.notFound();
  const form = await readForm(c);
  const isOneClick = form['List-Unsubscribe'] === 'One-Click';
  const wanted = form.action === 'loud' && !isOneClick;
  if (link.subscriber) await setQuiet(site.sql, link.publicationId, link.subscriber.id, !wanted);
  if (form.action && !isOneClick) return backTo(c, 'quiet', wanted ? { done: 'loud' } : {});
  return answer(c, site, link);
}

async function answer(c: Context, site: Site, link: OpenLetterLink) {
  const { publication, publicationId, subscriber, lang } = link;
  const commenter = subscriber && (await findCommenter(site.sql, publicationId, subscriber.id));
  const text = reactionWords[lang].quiet;
  // Who is gone gets no letters either.
  const isQuiet = commenter?.quiet ?? true;
  const isBack = !isQuiet && c.req.query('done') === 'loud';
  const title = isQuiet ? text.done : isBack ? text.undone : text.ask;
  const content = (
    <div class="sheet">
      <h1 class={isQuiet || isBack ? 'done' : undefined}>
        {(isQuiet || isBack) && <Icon name="check" />}
        {title}
      </h1>
      <p>{isQuiet ? text.did(publication.name) : text.will(publication.name)}</p>
      {!isQuiet && (
        <Act action="quiet" second={isBack}>
          {text.button}
        </Act>
      )}
      {isQuiet && commenter && (
        <Act action="loud" second>
          {text.undo}
        </Act>
      )}
    </div>
  );
  return sendPage(c, { ...link.frame, title }, content);
}
