/**
 * Sessions: 32 random bytes in a cookie, their sha-256 in Postgres, so that a copy of the table logs nobody in.
 * Before login the same cookie holds a value that stands for nobody; forms are bound to it, and login replaces it.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { deleteSession, findHalfSession, insertSession, type Staff, useSession } from '../../db/staff.ts';
import type { Console, ConsoleEnv } from './context.ts';
import { whereabouts } from './staff/whereabouts.ts';

/** `__Host-`: the browser takes it only over https, for this host alone, whatever other hosts of the domain set. */
const cookieName = (site: Console) => (site.secure ? '__Host-broadsheet' : 'broadsheet');

function read(c: Context, site: Console): string | undefined {
  const value = getCookie(c, cookieName(site));
  return value && /^[A-Za-z0-9_-]{43}$/.test(value) ? value : undefined;
}

function write(c: Context, site: Console, value: string): void {
  setCookie(c, cookieName(site), value, { path: '/', httpOnly: true, sameSite: 'Lax', secure: site.secure });
}

/** Of a browser that came without one: the same for every form of the answer's page. */
const begun = new WeakMap<Context, string>();

const digest = (value: string) => createHash('sha256').update(value).digest();

/** Logs in: always with a new value, so that one planted before is worth nothing. */
export async function openSession(c: Context, site: Console, staff: Staff): Promise<void> {
  await begin(c, site, staff, false);
}

/** After a password that was right where a second factor is asked for: opens nothing but the page that asks. */
export async function openHalfSession(c: Context, site: Console, staff: Staff): Promise<void> {
  await begin(c, site, staff, true);
}

async function begin(c: Context, site: Console, staff: Staff, half: boolean): Promise<void> {
  const old = read(c, site);
  if (old) await deleteSession(site.wiring.sql, digest(old));
  const value = randomBytes(32).toString('base64url');
  await insertSession(site.wiring.sql, digest(value), { staffId: staff.id, half, ...whereabouts(c) });
  write(c, site, value);
}

/** Who has to show a second factor in this browser. */
export async function halfStaff(c: Context, site: Console): Promise<Staff | undefined> {
  const value = read(c, site);
  return value ? findHalfSession(site.wiring.sql, digest(value)) : undefined;
}

/** Names this browser's session, or the cookie before it; undefined without one. */
export function sessionId(c: Context, site: Console): Buffer | undefined {
  const value = read(c, site);
  return value ? digest(value) : undefined;
}

/** Logs out, on the server too. */
export async function endSession(c: Context, site: Console): Promise<void> {
  const value = read(c, site);
  if (value) await deleteSession(site.wiring.sql, digest(value));
  write(c, site, randomBytes(32).toString('base64url'));
}

export async function currentStaff(c: Context, site: Console) {
  const value = read(c, site);
  return value ? useSession(site.wiring.sql, digest(value)) : undefined;
}

/** The token that a form on this page carries. */
export function formToken(c: Context, site: Console): string {
  let value = read(c, site) ?? begun.get(c);
  if (!value) {
    value = randomBytes(32).toString('base64url');
    begun.set(c, value);
    write(c, site, value);
  }
  return tokenOf(site, value);
}

/** Whether a form came from a page that this browser was shown. */
export function isFormToken(c: Context, site: Console, token: unknown): boolean {
  const value = read(c, site);
  if (!value || typeof token !== 'string') return false;
  const expected = Buffer.from(tokenOf(site, value));
  const given = Buffer.from(token);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function tokenOf(site: Console, value: string): string {
  return createHmac('sha256', site.formKey).update(value).digest('base64url');
}

/** Lets only staff through; others are asked to log in, and come back to where they wanted to go. */
export function requireStaff(site: Console): MiddlewareHandler<ConsoleEnv> {
  return async (c, next) => {
    const staff = await currentStaff(c, site);
    if (staff) {
      c.set('staff', staff);
      return staff.needsSecond && !mayWithoutSecond(c.req.path) ? askSetUp(c, site) : next();
    }
    const wantsPage = c.req.method === 'GET' && !c.req.path.includes('/api/');
    if (!wantsPage) return c.json({ error: c.get('words').loggedOut }, 401);
    const { search } = new URL(c.req.url);
    const wanted = c.req.path === '/console' ? '' : `?next=${encodeURIComponent(site.base + c.req.path + search)}`;
    return c.redirect(`${site.base}/console/login${wanted}`, 303);
  };
}

/** An owner who must have a second factor and has none sets it up before anything else. */
function mayWithoutSecond(path: string): boolean {
  return /^\/console\/(?:account(?:\/.*)?|logout)$/.test(path);
}

function askSetUp(c: Context<ConsoleEnv>, site: Console): Response {
  return c.req.method === 'GET'
    ? c.redirect(`${site.base}/console/account/second`, 303)
    : c.json({ error: c.get('words').needSecond }, 403);
}

/** Where to go after login: a page of the console, nothing else that a link may have named. */
export function safeNext(site: Console, next: unknown): string {
  const home = `${site.base}/console`;
  if (typeof next !== 'string' || next.length > 500 || !/^\/[\w./~%?&=:+-]*$/.test(next) || next.includes('..'))
    return home;
  return next.startsWith(`${home}/`) && !next.startsWith(`${home}/log`) ? next : home;
}
