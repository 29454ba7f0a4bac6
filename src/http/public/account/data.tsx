/** A reader's data: theirs to have and to delete. The link comes by letter, so that it proves who reads the mailbox now. */
import { Readable } from 'node:stream';
import type { Context } from 'hono';
import { forgetPerson, personOf } from '../../../db/personal-data.ts';
import { maskAddress } from '../../../track/mask.ts';
import { dataFile } from '../../data-file.ts';
import { readForm } from '../../form.ts';
import { sendPage } from '../page.tsx';
import { backTo, type OpenLetterLink, openLetterLink, type Site } from '../reader.ts';
import { isFresh } from './data-day.ts';
import { Part } from './sections.tsx';
import { Told } from './told.tsx';
import { accountWords } from './words.ts';

/** GET `/r/:token/data`: changes nothing and shows nothing that is held. */
export async function dataPage(c: Context, site: Site) {
  const link = await openLetterLink(c, site, 'data');
  if (!link) return c.notFound();
  const text = accountWords[link.lang].own;
  if (!link.subscriber) {
    const content = <Told title={text.removed} body={text.removedBody} isDone />;
    return sendPage(c, { ...link.frame, title: text.removed }, content);
  }
  if (!isFresh(link.token.ref, new Date()))
    return sendPage(c, { ...link.frame, title: text.over }, <Told title={text.over} body={text.overBody} />);
  const content = (
    <Told title={text.title} body={text.lead(maskAddress(link.subscriber.email))}>
      <Part id="download" title={text.download}>
        <p class="quiet">{text.downloadBody}</p>
        <form method="post">
          <input type="hidden" name="action" value="download" />
          <button type="submit">{text.downloadButton}</button>
        </form>
      </Part>
      <RemovePart link={link} isUnsure={c.req.query('problem') === 'sure'} />
    </Told>
  );
  return sendPage(c, { ...link.frame, title: text.title }, content);
}

function RemovePart({ link, isUnsure }: { link: OpenLetterLink; isUnsure: boolean }) {
  const text = accountWords[link.lang].own;
  return (
    <Part id="remove" title={text.remove} problem={isUnsure ? text.unsure : undefined}>
      <p>{text.removeBody}</p>
      <ul class="listed">
        {text.removeItems.map(item => (
          <li>{item}</li>
        ))}
      </ul>
      <form method="post">
        <input type="hidden" name="action" value="delete" />
        <label class="choice">
          <input type="checkbox" name="sure" value="yes" required />
          {text.sure}
        </label>
        <button type="submit" class="second">
          {text.removeButton}
        </button>
      </form>
    </Part>
  );
}

/** POST `/r/:token/data`: the file, or the deletion. */
export async function pressData(c: Context, site: Site) {
  const link = await openLetterLink(c, site, 'data');
  if (!link) return c.notFound();
  if (!link.subscriber || !isFresh(link.token.ref, new Date())) return backTo(c, 'data');
  const { action, sure } = await readForm(c);
  if (action === 'download') return download(c, site, link, link.subscriber.id);
  if (action !== 'delete') return backTo(c, 'data');
  if (sure !== 'yes') return backTo(c, 'data', { problem: 'sure' }, 'remove');
  await forgetPerson(site.sql, link.subscriber.id);
  site.log.info({ subscriber: link.subscriber.id }, 'a reader deleted their data');
  return backTo(c, 'data');
}

async function download(c: Context, site: Site, { publication }: OpenLetterLink, subscriberId: number) {
  const person = await personOf(site.sql, subscriberId);
  if (!person) return backTo(c, 'data');
  const stream = Readable.from(dataFile(site.sql, person), { objectMode: false });
  c.header('content-type', 'application/json; charset=utf-8');
  c.header('content-disposition', `attachment; filename="${publication.slug}-my-data.json"`);
  return c.body(Readable.toWeb(stream) as ReadableStream);
}
