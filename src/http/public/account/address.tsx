/** Where the letters about a change of address lead: the new address confirms it, the old one takes it back. A button each (rule 4.1). */
import type { Context } from 'hono';
import { applyAddressChange, findAddressChange, restoreAddress } from '../../../db/address-changes.ts';
import { askForLetter } from '../../../enqueue/letters.ts';
import { maskAddress } from '../../../track/mask.ts';
import { readForm } from '../../form.ts';
import { Act, sendPage } from '../page.tsx';
import { backTo, type OpenLetterLink, openLetterLink, type Site } from '../reader.ts';
import { Told } from './told.tsx';
import { accountWords } from './words.ts';

const keyOf = ({ token }: OpenLetterLink) => ({ subscriberId: token.subscriberId, number: token.ref });

/** GET `/r/:token/address`: asks, or says what became of it; changes nothing. */
export async function newAddressPage(c: Context, site: Site) {
  const link = await openLetterLink(c, site, 'address');
  if (!link?.subscriber) return c.notFound();
  const text = accountWords[link.lang].newAddress;
  const { state, email } = await findAddressChange(site.sql, keyOf(link));
  const address = email && maskAddress(email);
  if (state === 'open') {
    const title = text.ask(link.publication.name);
    const content = (
      <Told title={title} body={text.will(address)}>
        <Act action="apply">{text.button}</Act>
        <p class="quiet">{text.not}</p>
      </Told>
    );
    return sendPage(c, { ...link.frame, title }, content);
  }
  const [title, body] =
    state === 'applied'
      ? [text.done, text.did(address)]
      : state === 'taken'
        ? [text.taken, text.takenBody(address)]
        : [text.over, text.overBody];
  return sendPage(c, { ...link.frame, title }, <Told title={title} body={body} isDone={state === 'applied'} />);
}

/** POST `/r/:token/address`. */
export async function confirmNewAddress(c: Context, site: Site) {
  const link = await openLetterLink(c, site, 'address');
  if (!link?.subscriber) return c.notFound();
  const { action } = await readForm(c);
  const letter = action === 'apply' ? await applyAddressChange(site.sql, keyOf(link)) : undefined;
  if (typeof letter === 'number') await askForLetter(site, letter);
  return backTo(c, 'address');
}

/** GET `/r/:token/restore`: changes nothing. */
export async function restorePage(c: Context, site: Site) {
  const link = await openLetterLink(c, site, 'restore');
  if (!link?.subscriber) return c.notFound();
  const text = accountWords[link.lang].restore;
  const { state, isRestorable } = await findAddressChange(site.sql, keyOf(link));
  if (isRestorable) {
    const content = (
      <Told title={text.ask} body={text.will}>
        <Act action="restore">{text.button}</Act>
      </Told>
    );
    return sendPage(c, { ...link.frame, title: text.ask }, content);
  }
  const isDone = state === 'undone';
  const title = isDone ? text.done : text.over;
  return sendPage(
    c,
    { ...link.frame, title },
    <Told title={title} body={isDone ? text.did : text.overBody} isDone={isDone} />,
  );
}

/** POST `/r/:token/restore`. */
export async function pressRestore(c: Context, site: Site) {
  const link = await openLetterLink(c, site, 'restore');
  if (!link?.subscriber) return c.notFound();
  const { action } = await readForm(c);
  if (action === 'restore') await restoreAddress(site.sql, keyOf(link));
  return backTo(c, 'restore');
}
