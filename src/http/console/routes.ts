/**
 * The console's routes: each says which act of `may` it takes, so that none is open by mistake. A change is a form of ours: its token and
 * fields are checked before the handler sees them, and what was done is written down.
 */
import type { Hono } from 'hono';
import { z } from 'zod';
import { insertAudit } from '../../db/audit.ts';
import { BroadsheetError } from '../../errors.ts';
import { readForm } from '../form.ts';
import { parseRowId } from '../row-id.ts';
import type { Console, ConsoleContext, ConsoleEnv } from './context.ts';
import { errorText, errorWords } from './errors.ts';
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

/** A form's POST whose handler reads the fields, answers and writes down what it did by itself. htmx sends the token as a header. */
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
      if (!isFormToken(c, site, c.req.header('x-form-token') ?? fields.token))
        return refusedPage(c, site, c.get('words').formOld, 403);
      return handle(c, site, fields);
    },
  };
}

/**
 * As `form`, with the fields parsed: one that shows its form again, with what was typed.
 * @param fields of the form; what does not fit is refused
 * @param handle throws BroadsheetError for what cannot be done: it is said in the page's language
 */
export function posted<Fields extends z.ZodRawShape>(
  path: string,
  act: Act,
  fields: Fields,
  handle: (c: ConsoleContext, site: Console, form: z.infer<z.ZodObject<Fields>>) => Promise<Response>,
): ConsoleRoute {
  const schema = z.object(fields);
  return form(path, act, async (c, site, typed) => {
    const parsed = schema.safeParse(typed);
    if (!parsed.success) return refusedPage(c, site, c.get('words').formWrong, 400);
    try {
      return await handle(c, site, parsed.data);
    } catch (error) {
      if (!(error instanceof BroadsheetError)) throw error;
      return refusedPage(c, site, errorText(error, c.get('language')), 409);
    }
  });
}

/**
 * A form's POST, answered by Post/Redirect/Get.
 * @param name of the act in the audit log: `issue.pause`
 * @param fields as of `posted` @param handle as of `posted`
 */
export function change<Fields extends z.ZodRawShape>(
  path: string,
  act: Act,
  name: string,
  fields: Fields,
  handle: (c: ConsoleContext, site: Console, form: z.infer<z.ZodObject<Fields>>) => Promise<Done>,
): ConsoleRoute {
  return posted(path, act, fields, async (c, site, typed) => {
    const { to, said, subject, detail } = await handle(c, site, typed);
    await insertAudit(site.wiring.sql, c.get('staff'), { act: name, subject, detail });
    return done(c, site, to, said);
  });
}

/** Where to go after it was done. */
export function done(c: ConsoleContext, site: Console, to: string, said?: string): Response {
  return c.redirect(`${site.base}/console${to}${said ? `?said=${said}` : ''}`, 303);
}

/** A row's number out of the address; undefined when it is none. */
export function idOf(c: ConsoleContext, name = 'id'): number | undefined {
  return parseRowId(c.req.param(name));
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
    const { message, help } = errorWords(error, c.get('language'));
    return c.json({ error: message, help, code: error.code }, 409);
  }
}

/** Mounts routes behind the login; who may not is told so, the same for reading and changing. */
export function mount(app: Hono<ConsoleEnv>, site: Console, routes: readonly ConsoleRoute[]): void {
  for (const { method, path, act, handle } of routes)
    app[method](path, c =>
      may(c.get('staff'), act) ? handle(c, site) : refusedPage(c, site, c.get('words').notYours, 403),
    );
}
