/** The unsubscribe page: one button to leave, one to undo it; what else is asked comes after it is done (rules 1.4, 4.1, 5.2). */
import type { Context } from 'hono';
import { listOthers } from '../../db/preferences.ts';
import { maskAddress } from '../../track/mask.ts';
import { readForm } from '../form.ts';
import { comeBack, leave, leaveAll, sayWhy } from './account/leaving.ts';
import { isSubscribed } from './account/preferences.tsx';
import { ReasonPart } from './account/reason.tsx';
import { accountWords } from './account/words.ts';
import { Act, Icon, sendPage } from './page.tsx';
import { backTo, type OpenLink, openLink, type Site } from './reader.ts';
import { words } from './words.ts';

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
  const leaver = { ...link, issueId: link.token.issueId };
  if (form.action === 'resubscribe' && !oneClick) {
    await comeBack(site, leaver);
    return backTo(c, 'unsubscribe', { done: 'back' });
  }
  if (form.action === 'reason' && !oneClick) {
    await sayWhy(site, leaver, form);
    return backTo(c, 'unsubscribe', { done: 'reason' }, 'reason');
  }
  if (form.action === 'unsubscribe-all' && !oneClick) {
    await leaveAll(site, leaver);
    return backTo(c, 'unsubscribe', { done: 'all' });
  }
  await leave(site, leaver);
  // A provider's server asked; it shows no page to anybody.
  if (oneClick) return c.text(words[link.lang].leave.done);
  if (form.action === 'unsubscribe' && !oneClick) return backTo(c, 'unsubscribe');
  const now = await openLink(c, site, 'unsubscribe');
  return now ? answer(c, site, now) : c.notFound();
}

async function answer(c: Context, site: Site, link: OpenLink) {
  const { subscriber, subscription, publication } = link;
  const text = words[link.lang].leave;
  const address = subscriber ? maskAddress(subscriber.email) : '';
  const state = subscription?.state ?? 'none';
  const others = subscriber
    ? await listOthers(site.sql, { publicationId: link.publicationId, subscriberId: subscriber.id })
    : [];
  const here = { c, site, link, address, hasOthers: others.some(isSubscribed) };
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
          {here.hasOthers && <LeaveAll lang={link.lang} />}
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
  /** Whether they are subscribed to another publication here. */
  hasOthers: boolean;
}

function LeaveAll({ lang }: { lang: OpenLink['lang'] }) {
  const text = accountWords[lang].leaveAll;
  return (
    <section class="part">
      <h2>{text.title}</h2>
      <Act action="unsubscribe-all" second>
        {text.button}
      </Act>
    </section>
  );
}

function left({ c, site, link, address, hasOthers }: Here) {
  const text = words[link.lang].leave;
  const done = c.req.query('done');
  const content = (
    <div class="sheet">
      <h1 class="done">
        <Icon name="check" />
        {text.done}
      </h1>
      <p>
        {text.did(link.publication.name, address)}
        {done === 'all' && ` ${accountWords[link.lang].leaveAll.did}`}
      </p>
      {link.suppressed ? (
        <p class="quiet">{words[link.lang].preferences.suppressed}</p>
      ) : (
        <>
          <p class="quiet">{text.undoLead}</p>
          <Act action="resubscribe" second>
            {text.undo}
          </Act>
          {hasOthers && <LeaveAll lang={link.lang} />}
          <ReasonPart lang={link.lang} isGiven={link.subscription?.isReasoned ?? false} />
        </>
      )}
      <Preferences site={site} link={link} />
    </div>
  );
  return sendPage(c, { ...link.frame, title: text.done, ...(done === 'all' ? { query: { done } } : {}) }, content);
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
