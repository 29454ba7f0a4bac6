/**
 * Sharing: `/p/:slug/:issue/share` for everyone, `/r/:token/share` for a reader, who may have a link of their own. The address that is
 * shared holds no reader's token; nothing of any other site is loaded, and nobody's address is asked for.
 */
import type { Context } from 'hono';
import { findReferral } from '../../../db/referrals.ts';
import { readForm } from '../../form.ts';
import { languageQuery } from '../archive/paths.ts';
import { Act, sendPage } from '../page.tsx';
import { backTo, openLink, type Site } from '../reader.ts';
import { issuePaths, openPlace, type Place } from './place.ts';
import { ensureReferral } from './referral.ts';
import { shareScript } from './script.ts';
import { reactionsStyle } from './style.ts';
import { reactionWords } from './words.ts';

/** GET `/p/:slug/:issue/share?summary=n`. */
export async function sharePage(c: Context, site: Site) {
  const place = await openPlace(c, site);
  if (!place) return c.notFound();
  return answer(c, site, place);
}

/** As a place: the issue of a reader's link. One that is not in the archive, such as a test mail's, shares the publication. */
async function openShare(c: Context, site: Site) {
  const link = await openLink(c, site, 'share');
  if (!link?.subscriber) return undefined;
  const { issueId } = link.token;
  const summary = link.issue.published ? link.token.ref : 0;
  const title = summary === 0 ? link.issue.title : await site.contents.summaryTitle(issueId, summary);
  if (title === undefined) return undefined;
  return { ...link, subscriberId: link.subscriber.id, place: { ...link, summary, title } satisfies Place };
}

/** GET `/r/:token/share`: changes nothing. */
export async function readerSharePage(c: Context, site: Site) {
  const link = await openShare(c, site);
  if (!link) return c.notFound();
  const referral = await findReferral(site.sql, link.publicationId, link.subscriberId);
  return answer(c, site, link.place, { ...referral, isPublic: link.issue.published });
}

/** POST `/r/:token/share`: makes the reader's code; they have it already when it is pressed again. */
export async function pressShare(c: Context, site: Site) {
  const link = await openShare(c, site);
  if (!link) return c.notFound();
  if ((await readForm(c)).action === 'own') await ensureReferral(site, link.publicationId, link.subscriberId);
  return backTo(c, 'share');
}

interface Own {
  /** Null: none was made; undefined: they have no subscription, and can have none. */
  code?: string | null;
  confirmed?: number;
  isPublic: boolean;
}

function answer(c: Context, site: Site, place: Place, own?: Own) {
  const { publication, issue, summary, lang, title } = place;
  const text = reactionWords[lang].share;
  const textAt = (base: string, seenIn: Place['lang']) =>
    own && !own.isPublic
      ? `${base}/p/${publication.slug}${languageQuery(publication, seenIn)}`
      : issuePaths(base, publication, issue.slug, seenIn).text(summary);
  // Whoever it is shared with sees the publication's own language.
  const plain = textAt(site.config.publicUrl, publication.language);
  const url = own?.code ? `${plain}?ref=${own.code}` : plain;
  const heading = summary === 0 ? text.issue : text.summary;
  const content = (
    <div class="sheet">
      <h1>{heading}</h1>
      <p class="about" lang={publication.language}>
        {title}
      </p>
      <label for="address">{text.address}</label>
      <div class="address">
        <input type="url" id="address" value={url} readonly />
        <button type="button" class="second" hidden data-copy={text.copied}>
          {text.copy}
        </button>
      </div>
      <h2 class="past">{text.places}</h2>
      <Places url={url} title={title} name={publication.name} lang={lang} />
      <p class="quiet">{text.kakao}</p>
      <p class="quiet">{text.forward}</p>
      {own?.code !== undefined && <OwnLink code={own.code} confirmed={own.confirmed ?? 0} lang={lang} />}
      <p class="quiet">
        <a href={textAt(site.base, lang)}>{text.preview}</a>
      </p>
    </div>
  );
  const extra = { css: reactionsStyle, script: shareScript };
  return sendPage(c, { ...place.frame, title: heading, extra }, content);
}

/** Plain links: each opens the other site's own form, filled in. */
function Places({ url, title, name, lang }: { url: string; title: string; name: string; lang: Place['lang'] }) {
  const text = reactionWords[lang].share;
  const places = [
    { label: 'X', href: `https://x.com/intent/post?${new URLSearchParams({ text: title, url })}` },
    { label: 'LinkedIn', href: `https://www.linkedin.com/sharing/share-offsite/?${new URLSearchParams({ url })}` },
  ];
  const mail = `mailto:?subject=${encodeURIComponent(title)}&body=${encodeURIComponent(`${text.mailBody(name)}\r\n\r\n${title}\r\n${url}`)}`;
  return (
    <ul class="places">
      <li hidden>
        <button type="button" data-share={title}>
          {text.device}
        </button>
      </li>
      {places.map(({ label, href }) => (
        <li>
          <a href={href} rel="noopener noreferrer nofollow" target="_blank">
            {label}
          </a>
        </li>
      ))}
      <li>
        <a href={mail}>{text.byMail}</a>
      </li>
    </ul>
  );
}

function OwnLink({ code, confirmed, lang }: { code: string | null; confirmed: number; lang: Place['lang'] }) {
  const text = reactionWords[lang].share;
  return (
    <section class="part">
      <h2>{text.own}</h2>
      {code ? (
        <>
          <p>{text.ownHere}</p>
          <p class="quiet">{text.brought(confirmed)}</p>
        </>
      ) : (
        <>
          <p class="quiet">{text.ownLead}</p>
          <Act action="own" second>
            {text.ownButton}
          </Act>
        </>
      )}
    </section>
  );
}
