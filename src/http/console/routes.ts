/**
 * The console's routes: each says which act of `may` it takes, so that none is open by mistake. A change is a form of ours: its token and
 * fields are checked before the handler sees them, and what was done is written down.
 */
import type { Hono } from 'hono';
import { z } from 'zod';
import { insertAudit } from '../../db/audit.ts';
import { BroadsheetError } from '../../errors.ts';
import { readForm } from '../form.ts';
import type { Console, ConsoleContext, ConsoleEnv } from './context.ts';
import { refusedPage } from './layout.tsx';
import { type Act, may } from './may.ts';
import { isFormToken } from './sessions.ts';

type Answer = Response | Promise<Response>;

export interface ConsoleRoute {
  method: 'get' | 'post';
  /** Below /console, as Hono writes it. */
  path: string;
  act: Act;
  handle: (c: ConsoleContext, site: Console) => Answer;
}

/** A page: shows, and changes nothing. */
export function page(path: string, act: Act, handle: ConsoleRoute['handle']): ConsoleRoute {
  return { method: 'get', path, act, handle };
}

/** What a change came to: where to go, and what is written down. */
export interface Done {
  /** Path below /console. */
  to: string;
  /** Key of the words that the page shows then. */
  said?: string;
  /** What it was done to; no reader's address. */
  subject: string;
  detail?: Record<string, unknown>;
}

/**
 * A form's POST, answered by Post/Redirect/Get.
 * @param name of the act in the audit log: `issue.pause`
 * @param fields of the form; what does not fit is refused with the page that `refused` makes
 * @param handle throws BroadsheetError for what cannot be done: its words are shown
 */
export function change<Fields extends z.ZodRawShape>(
  path: string,
  act: Act,
  name: string,
  fields: Fields,
  handle: (c: ConsoleContext, site: Console, form: z.infer<z.ZodObject<Fields>>) => Promise<Done>,
): ConsoleRoute {
  const schema = z.object(fields);
  return {
    method: 'post',
    path,
    act,
    handle: async (c, site) => {
      const words = c.get('words');
      const form = await readForm(c);
      if (!isFormToken(c, site, form.token)) return refusedPage(c, site, words.formOld, 403);
      const parsed = schema.safeParse(form);
      if (!parsed.success) return refusedPage(c, site, words.formWrong, 400);
      try {
        const done = await handle(c, site, parsed.data);
        const { subject, detail } = done;
        await insertAudit(site.wiring.sql, c.get('staff'), { act: name, subject, detail });
        return c.redirect(`${site.base}/console${done.to}${done.said ? `?said=${done.said}` : ''}`, 303);
      } catch (error) {
        if (!(error instanceof BroadsheetError)) throw error;
        return refusedPage(c, site, `${error.message}. ${error.help}`, 409);
      }
    },
  };
}

/** What a script of ours hears, and what is written down of it. */
export interface Answered {
  body: Record<string, unknown>;
  status?: 200 | 202 | 409 | 422;
  audit?: { act: string; subject: string; detail?: Record<string, unknown> };
}

/**
 * JSON in and JSON out, for a script of ours: `call` of client/lib/server. The form's token is a header. Errors are `{ error, help }`.
 * @param body what does not fit is refused with 400
 * @param handle throws BroadsheetError for what cannot be done
 */
export function call<Body>(
  path: string,
  act: Act,
  body: z.ZodType<Body>,
  handle: (c: ConsoleContext, site: Console, body: Body) => Promise<Answered>,
): ConsoleRoute {
  return receive(path, act, async (c, site) => {
    const parsed = body.safeParse(await c.req.json().catch(() => undefined));
    if (!parsed.success) return c.json({ error: c.get('words').formWrong }, 400);
    return answer(c, site, () => handle(c, site, parsed.data));
  });
}

/** A POST whose body the handler reads by itself: a file. The form's token is a header, as of `call`. */
export function receive(path: string, act: Act, handle: ConsoleRoute['handle']): ConsoleRoute {
  return {
    method: 'post',
    path,
    act,
    handle: (c, site) =>
      isFormToken(c, site, c.req.header('x-form-token'))
        ? handle(c, site)
        : c.json({ error: c.get('words').formOld }, 403),
  };
}

/** What `call` answers, also for handlers of `receive`. */
export async function answer(c: ConsoleContext, site: Console, handle: () => Promise<Answered>): Promise<Response> {
  try {
    const { body, status = 200, audit } = await handle();
    if (audit) await insertAudit(site.wiring.sql, c.get('staff'), audit);
    return c.json(body, status);
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    return c.json({ error: error.message, help: error.help, code: error.code }, 409);
  }
}

/** Mounts routes behind the login; who may not is told so, the same for reading and changing. */
export function mount(app: Hono<ConsoleEnv>, site: Console, routes: readonly ConsoleRoute[]): void {
  for (const { method, path, act, handle } of routes)
    app[method](path, c =>
      may(c.get('staff'), act) ? handle(c, site) : refusedPage(c, site, c.get('words').notYours, 403),
    );
}
