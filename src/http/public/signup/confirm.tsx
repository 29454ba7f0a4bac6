/** The second half of double opt-in: a page with a button (rule 4.1). What was ticked is shown again, and can be left out. */
import type { Context } from 'hono';
import { confirmSignUp, findSignUp, type OpenSignUp, type SignUpKey } from '../../../db/signups.ts';
import { messageOf } from '../../../errors.ts';
import { maskAddress } from '../../../track/mask.ts';
import { clientIp } from '../../client-ip.ts';
import { readForm } from '../../form.ts';
import { Act, Icon, sendPage } from '../page.tsx';
import { backTo, type OpenLetterLink, openLetterLink, type Site } from '../reader.ts';
import { words } from '../words.ts';
import { signUpPath } from './form.tsx';
import { archivePath, type Here } from './pages.tsx';
import { signUpWords } from './words.ts';

/** GET `/r/:token/confirm`: asks; changes nothing. */
export async function confirmPage(c: Context, site: Site) {
  const link = await openLetterLink(c, site, 'confirm');
  if (!link?.subscriber) return c.notFound();
  const open = await findSignUp(site.sql, roundOf(link));
  if (open && !link.suppressed) return ask(c, link, open);
  const { state } = link.subscription ?? {};
  return state === 'active' || state === 'paused' ? done(c, site, link) : stale(c, site, link);
}

/** POST `/r/:token/confirm`: pressing again changes nothing. */
export async function pressConfirm(c: Context, site: Site) {
  const link = await openLetterLink(c, site, 'confirm');
  if (!link?.subscriber) return c.notFound();
  const { action } = await readForm(c);
  if (action !== 'confirm' && action !== 'alone') return backTo(c, 'confirm');
  const ip = link.publication.signup.keepIp ? clientIp(c) : undefined;
  const letter = await confirmSignUp(site.sql, roundOf(link), { advertising: action === 'confirm', ip });
  if (letter !== undefined)
    await site.queues
      .add('deliver-letter', [letter])
      .catch(error => site.log.warn({ letter, error: messageOf(error) }, 'no job for a letter; the tick makes one'));
  return backTo(c, 'confirm');
}

function roundOf({ publicationId, subscriber, token }: OpenLetterLink): SignUpKey {
  return { publicationId, subscriberId: subscriber!.id, number: token.ref };
}

function ask(c: Context, link: OpenLetterLink, open: OpenSignUp) {
  const text = signUpWords[link.lang].confirm;
  const { name } = link.publication;
  const title = text.title(name);
  const content = (
    <div class="sheet">
      <h1>{title}</h1>
      <p>{text.body(name, maskAddress(link.subscriber!.email))}</p>
      {open.advertising ? (
        <>
          <p>{text.ticked}</p>
          <blockquote class="quote" lang={open.lang}>
            {open.advertisingWording}
          </blockquote>
          <div class="choices">
            <Act action="confirm">{text.buttonBoth}</Act>
            <Act action="alone" second>
              {text.buttonAlone}
            </Act>
          </div>
        </>
      ) : (
        <Act action="confirm">{text.button}</Act>
      )}
      <p class="quiet">{text.not}</p>
    </div>
  );
  return sendPage(c, { ...link.frame, title }, content);
}

function done(c: Context, site: Site, link: OpenLetterLink) {
  const text = signUpWords[link.lang].confirm;
  const content = (
    <div class="sheet">
      <h1 class="done">
        <Icon name="check" />
        {text.done}
      </h1>
      <p>{text.did(link.publication.name, maskAddress(link.subscriber!.email))}</p>
      <p class="quiet">
        <a href={archivePath(site, storedOf(link), link.lang)}>{text.read}</a>
      </p>
    </div>
  );
  return sendPage(c, { ...link.frame, title: text.done }, content);
}

function stale(c: Context, site: Site, link: OpenLetterLink) {
  const text = signUpWords[link.lang].confirm;
  const content = (
    <div class="sheet">
      <h1>{text.stale}</h1>
      <p>{link.suppressed ? words[link.lang].preferences.suppressed : text.staleBody}</p>
      {!link.suppressed && (
        <p>
          <a href={signUpPath(site, storedOf(link), link.lang)}>{text.anew}</a>
        </p>
      )}
    </div>
  );
  return sendPage(c, { ...link.frame, title: text.stale }, content);
}

function storedOf({ publicationId, publication }: OpenLetterLink): Here['stored'] {
  return { id: publicationId, publication };
}
