/** Consent to advertising as it stands, and the button that takes it back: where the letters of rules 5.5 and 5.6 lead. */
import type { Context } from 'hono';
import { findAdvertisingConsent, withdrawAdvertising } from '../../../db/advertising.ts';
import { longDate } from '../../../render/dates.ts';
import { readForm } from '../../form.ts';
import { Act, Icon, sendPage } from '../page.tsx';
import { backTo, openLetterLink, type Site } from '../reader.ts';
import { signUpWords } from './words.ts';

/** GET `/r/:token/consent`: changes nothing. */
export async function consentPage(c: Context, site: Site) {
  const link = await openLetterLink(c, site, 'consent');
  if (!link?.subscriber) return c.notFound();
  const text = signUpWords[link.lang].consent;
  const { publicationId, publication, lang } = link;
  const given = await findAdvertisingConsent(site.sql, { publicationId, subscriberId: link.subscriber.id });
  if (!given) {
    const withdrawn = c.req.query('done') === 'withdrawn';
    const title = withdrawn ? text.done : text.none;
    const content = (
      <div class="sheet">
        <h1 class={withdrawn ? 'done' : undefined}>
          {withdrawn && <Icon name="check" />}
          {title}
        </h1>
        <p>{withdrawn ? text.doneBody(publication.name) : text.noneBody(publication.name)}</p>
      </div>
    );
    return sendPage(c, { ...link.frame, title, ...(withdrawn ? { query: { done: 'withdrawn' } } : {}) }, content);
  }
  const date = longDate(given.at.toISOString(), { language: lang, timeZone: publication.timeZone }, false);
  const content = (
    <div class="sheet">
      <h1>{text.title}</h1>
      <p>{text.given(date, publication.timeZone)}</p>
      <blockquote class="quote">{given.wording}</blockquote>
      <p>{text.keep}</p>
      <Act action="withdraw" second>
        {text.withdraw}
      </Act>
    </div>
  );
  return sendPage(c, { ...link.frame, title: text.title }, content);
}

/** POST `/r/:token/consent`. */
export async function pressConsent(c: Context, site: Site) {
  const link = await openLetterLink(c, site, 'consent');
  if (!link?.subscriber) return c.notFound();
  const { action } = await readForm(c);
  if (action !== 'withdraw') return backTo(c, 'consent');
  const { publicationId, subscriber } = link;
  await withdrawAdvertising(site.sql, { publicationId, subscriberId: subscriber.id }, 'link');
  return backTo(c, 'consent', { done: 'withdrawn' });
}
