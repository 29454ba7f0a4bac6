/** A form's POST whose answer is a page: its own again with what is wrong, or one that shows a secret this once. */
import { readForm } from '../../form.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { refusedPage } from '../layout.tsx';
import type { Act } from '../may.ts';
import type { ConsoleRoute } from '../routes.ts';
import { isFormToken } from '../sessions.ts';

/** As `change` of the kit, with the fields unread: the handler checks them, writes down what it did and answers. */
export function form(
  path: string,
  act: Act,
  handle: (c: ConsoleContext, site: Console, fields: Record<string, string>) => Promise<Response>,
): ConsoleRoute {
  return {
    method: 'post',
    path,
    act,
    handle: async (c, site) => {
      const fields = await readForm(c);
      if (!isFormToken(c, site, fields.token)) return refusedPage(c, site, c.get('words').formOld, 403);
      return handle(c, site, fields);
    },
  };
}

/** What was typed, of at most so many characters, without NUL; '' when it is missing. */
export function textOf(fields: Record<string, string>, name: string, most: number): string {
  return (fields[name] ?? '').slice(0, most).replaceAll('\0', '');
}

/** Where to go after it was done. */
export function done(c: ConsoleContext, site: Console, to: string, said?: string): Response {
  return c.redirect(`${site.base}/console${to}${said ? `?said=${said}` : ''}`, 303);
}
