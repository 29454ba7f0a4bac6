/** POST /console/manuscripts/paste: what an editor copied elsewhere → Markdown. Nothing is kept. */
import { z } from 'zod';
import { markdownFromClipboard } from '../../../compose/from-html.ts';
import { type ConsoleRoute, call } from '../routes.ts';
import { uploadWordsOf } from './upload-words.ts';

/** As much as `markdownFromClipboard` reads, and a program's frame around it. */
const mostCharacters = 2_000_000;

export const pasteRoutes: ConsoleRoute[] = [
  call(
    '/manuscripts/paste',
    'write',
    z.strictObject({ html: z.string().max(mostCharacters) }),
    async (c, _site, body) => {
      const read = markdownFromClipboard(body.html);
      if ('markdown' in read) return { body: { markdown: read.markdown } };
      const [error, help] = uploadWordsOf(c.get('language')).pasteTooLarge;
      return { body: { error, help }, status: 422 };
    },
  ),
];
