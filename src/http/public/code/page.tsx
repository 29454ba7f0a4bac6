/** The reader's own discount code, when the mail does not show it well: it was given out with the issue, so looking changes nothing. */
import type { Context } from 'hono';
import { offerOf } from '../../../db/codes.ts';
import { dayIn } from '../../../model/day.ts';
import { longDate } from '../../../render/dates.ts';
import { sendPage } from '../page.tsx';
import { openLink, type Site } from '../reader.ts';
import { words } from './words.ts';

/** GET `/r/:token/code`. */
export async function codePage(c: Context, site: Site) {
  const link = await openLink(c, site, 'code');
  if (!link) return c.notFound();
  const text = words[link.lang];
  const { publication } = link;
  const offer = link.subscriber && (await offerOf(site.sql, link.issue.id, link.subscriber.id));
  if (!offer) {
    const content = (
      <div class="sheet">
        <h1>{text.none}</h1>
        <p>{text.noneBody}</p>
      </div>
    );
    return sendPage(c, { ...link.frame, title: text.none }, content);
  }
  const day = longDate(offer.expires ?? undefined, { language: link.lang, timeZone: publication.timeZone }, false);
  const isOver = offer.expires !== null && offer.expires < dayIn(publication.timeZone, new Date());
  const content = (
    <div class="sheet">
      <h1>{text.title}</h1>
      <p>{text.lead(publication.name)}</p>
      <p>
        <output class="code">{offer.code}</output>
      </p>
      {day && (
        <p class={isOver ? 'notice' : 'quiet'} role={isOver ? 'status' : undefined}>
          {isOver ? text.over(day) : text.until(day)}
        </p>
      )}
      {!isOver && <p>{text.use}</p>}
      {!isOver && offer.url && (
        <p>
          <a class="button" href={offer.url} rel="noopener">
            {text.shop}
          </a>
        </p>
      )}
      <p class="quiet">{text.own}</p>
    </div>
  );
  return sendPage(c, { ...link.frame, title: text.title }, content);
}
