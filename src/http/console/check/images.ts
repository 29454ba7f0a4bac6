/** POST /console/images: a picture for a text, kept in Postgres and served to readers at /i/…. */

import { imageTypes, insertImage } from '../../../db/images.ts';
import { findManuscript } from '../../../db/manuscripts.ts';
import { findPublication } from '../../../db/publications.ts';
import { parseRowId } from '../../row-id.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { type Answered, answer, type ConsoleRoute, receive } from '../routes.ts';
import { mostUploadBytes, type Picture, readPicture } from './picture.ts';
import { uploadWordsOf } from './upload-words.ts';

/** Of one publication: a picture has some 150 KB, so that ten a week fill it in a dozen years. */
const mostBytes = 1024 * 1024 * 1024;

/** Pictures are decoded one at a time: each takes a core and up to 200 MB, and the process has mails to serve. */
const mostWaiting = 8;
let last: Promise<unknown> = Promise.resolve();
let waiting = 0;

/** @returns undefined when too many wait */
function inTurn<T>(work: () => Promise<T>): Promise<T> | undefined {
  if (waiting >= mostWaiting) return undefined;
  waiting++;
  const turn = last.then(work).finally(() => {
    waiting--;
  });
  last = turn.catch(() => {});
  return turn;
}

export const imageRoutes: ConsoleRoute[] = [
  receive('/images', 'write', (c, site) => answer(c, site, () => keep(c, site))),
];

/** `?manuscript=ID` or `?publication=SLUG` says whose picture it is. */
async function keep(c: ConsoleContext, site: Console): Promise<Answered> {
  const { sql, config } = site.wiring;
  const words = uploadWordsOf(c.get('language'));
  const refuse = ([error, help]: readonly [string, string], code: string): Answered => ({
    body: { error, help, code },
    status: 422,
  });
  const publicationId = await publicationOf(c, site);
  if (publicationId === undefined) return refuse(words.noPublication, 'PUBLICATION_UNKNOWN');
  const bytes = Buffer.from(await c.req.arrayBuffer());
  if (bytes.length > mostUploadBytes) return refuse(words.tooLarge, 'tooLarge');
  const picture = await inTurn(() => readPicture(bytes));
  if (picture === undefined) return refuse(words.busy, 'BUSY');
  if (typeof picture === 'string') return refuse(words[picture], picture);
  const by = c.get('staff').id;
  if (!(await insertImage(sql, picture, { publicationId, by, mostBytes }))) return refuse(words.full, 'full');
  return {
    body: { url: addressOf(picture, config.publicUrl), ...aboutOf(picture), note: picture.note && words[picture.note] },
    audit: { act: 'image.add', subject: `publication ${publicationId}`, detail: { hash: picture.hash } },
  };
}

async function publicationOf(c: ConsoleContext, site: Console): Promise<number | undefined> {
  const { sql } = site.wiring;
  const { manuscript, publication = '' } = c.req.query();
  const id = parseRowId(manuscript);
  if (id !== undefined) return (await findManuscript(sql, id))?.publicationId;
  return publication ? (await findPublication(sql, publication))?.id : undefined;
}

function addressOf({ hash, type }: Picture, publicUrl: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/i/${hash}.${imageTypes[type]}`;
}

function aboutOf({ type, width, height, data }: Picture) {
  return { type, width, height, bytes: data.length };
}
