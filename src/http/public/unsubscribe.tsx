/** Leaving and coming back: one button each, no login, no delay (rules 1.4, 4.1, 5.2). */
import type { Context } from 'hono';
import { insertTurn } from '../../db/events.ts';
import { messageName } from '../../model/message-id.ts';
import { resubscribe, unsubscribe } from '../../subscribers/subscriptions.ts';
import { maskAddress } from '../../track/mask.ts';
import { readForm } from '../form.ts';
import { Act, Icon, sendPage } from './page.tsx';
import { backTo, type OpenLink, openLink, type Site } from './reader.ts';
import { words } from './words.ts';

/** Ends the subscription of the link's reader; saying it again, or for someone long gone, changes nothing and is no error. */
export async function leave(site: Site, link: OpenLink): Promise<void> {
  const { publicationId, subscriber, token } = link;
  if (!subscriber) return;
  const left = await unsubscribe(site.sql, { publicationId, subscriberId: subscriber.id, issueId: token.issueId });
  if (left) await insertTurn(site.sql, token.issueId, subscriber.id, 'unsubscribe');
  if (left) site.log.info({ message: messageName(token), by: 'link' }, 'reader left');
}

/** Takes the leaving back. */
export async function comeBack(site: Site, link: OpenLink): Promise<void> {
  const { publicationId, subscriber, token } = link;
  if (!subscriber) return;
  const back = await resubscribe(site.sql, { publicationId, subscriberId: subscriber.id });
  if (back) await insertTurn(site.sql, token.issueId, subscriber.id, 'resubscribe');
}

/** GET `/r/:token/unsubscribe`: says what holds now and offers the one thing to do; changes nothing. */
export async function unsubscribePage(c: Context, site: Site) {
  const link = await openLink(c, site, 'unsubscribe');
  return link ? answer(c, site, link) : c.notFound();
}

/**
 * POST `/r/:token/unsubscribe`. The page's own buttons name their action and get the page again; anything else, RFC 8058's one-click first
 * of all, unsubscribes and is answered with 200 in place.
 */
export async function pressUnsubscribe(c: Context, site: Site) {
  const link = await openLink(c, site, 'unsubscribe');
  if (!link) return c.notFound();
  const form = await readForm(c);
  const oneClick = form['List-Unsubscribe'] === 'One-Click';
  if (form.action === 'resubscribe' && !oneClick) {
    await comeBack(site, link);
    return backTo(c, 'unsubscribe', { done: 'back' });
  }
  await leave(site, link);
  // A provider's server asked; it shows no page to anybody.
  if (oneClick) return c.text(words[link.lang].leave.done);
  if (form.action === 'unsubscribe' && !oneClick) return backTo(c, 'unsubscribe');
  const now = await openLink(c, site, 'unsubscribe');
  return now ? answer(c, site, now) : c.notFound();
}

function answer(c: Context, site: Site, link: OpenLink) {
  const { subscriber, subscription, publication } = link;
  const text = words[link.lang].leave;
  const address = subscriber ? maskAddress(subscriber.email) : '';
  const state = subscription?.state ?? 'none';
  const here = { c, site, link, address };
  if (state === 'none') return gone(here);
  if (state === 'unsubscribed') return left(here);
  const back = c.req.query('done') === 'back';
  const title = back ? text.back : text.ask(publication.name);
  const content = (
    <div class="sheet">
      <h1 class={back ? 'done' : undefined}>
        {back && <Icon name="check" />}
        {title}
      </h1>
      <p>{back ? text.didBack(publication.name, address) : text.will(address)}</p>
      {!back && (
        <>
          <Act action="unsubscribe">{text.button}</Act>
          <p class="quiet">{text.forwarded}</p>
        </>
      )}
      <Preferences {...here} />
    </div>
  );
  return sendPage(c, { ...link.frame, title, ...(back ? { query: { done: 'back' } } : {}) }, content);
}

interface Here {
  c: Context;
  site: Site;
  link: OpenLink;
  /** Masked. */
  address: string;
}

function left({ c, site, link, address }: Here) {
  const text = words[link.lang].leave;
  const content = (
    <div class="sheet">
      <h1 class="done">
        <Icon name="check" />
        {text.done}
      </h1>
      <p>{text.did(link.publication.name, address)}</p>
      {link.suppressed ? (
        <p class="quiet">{words[link.lang].preferences.suppressed}</p>
      ) : (
        <>
          <p class="quiet">{text.undoLead}</p>
          <Act action="resubscribe" second>
            {text.undo}
          </Act>
        </>
      )}
      <Preferences site={site} link={link} />
    </div>
  );
  return sendPage(c, { ...link.frame, title: text.done }, content);
}

function gone({ c, link }: Here) {
  const text = words[link.lang].leave;
  const content = (
    <div class="sheet">
      <h1>{text.gone}</h1>
      <p>{text.goneBody}</p>
    </div>
  );
  return sendPage(c, { ...link.frame, title: text.gone }, content);
}

/** Who may unsubscribe a reader may see the settings as well: one signs the other. */
function Preferences({ site, link }: Pick<Here, 'site' | 'link'>) {
  const token = site.tokens.sign({ ...link.token, purpose: 'preferences', ref: 0 });
  const query = link.lang === link.publication.language ? '' : `?lang=${link.lang}`;
  return (
    <p class="quiet">
      <a href={`${site.base}/r/${token}/preferences${query}`}>{words[link.lang].preferences.link}</a>
    </p>
  );
}
