/** Headers of the console's pages, and the guard before every change. */
import { randomBytes } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import type { Console, ConsoleContext, ConsoleEnv } from './context.ts';

const policy = (nonce?: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${nonce ? ` 'nonce-${nonce}'` : ''}`,
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** For a mail shown in a frame of ours: its styles and pictures, no script, no form, no origin (section 7). */
const framedPolicy = (isOurs: boolean) =>
  [
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    `sandbox allow-popups allow-popups-to-escape-sandbox${isOurs ? ' allow-same-origin' : ''}`,
  ].join('; ');

/** Lets this answer's page hold style sheets of a script that says the nonce. */
export function styleNonce(c: ConsoleContext): string {
  const nonce = c.get('nonce') ?? randomBytes(16).toString('base64');
  c.set('nonce', nonce);
  return nonce;
}

/**
 * Answers with a mail's HTML, to be shown in an `<iframe sandbox>` of a page of ours.
 * @param isOurs lets the page's script read and write the frame's document (never the other way: nothing in it runs)
 */
export function sendFramed(c: ConsoleContext, html: string, isOurs = false): Response {
  c.header('content-security-policy', framedPolicy(isOurs));
  c.header('x-frame-options', 'SAMEORIGIN');
  return c.body(html, 200, { 'content-type': 'text/html; charset=utf-8' });
}

/** What a route did not set itself. */
export const pageHeaders: MiddlewareHandler<ConsoleEnv> = async (c, next) => {
  await next();
  // Not `no-referrer`: with it browsers send `Origin: null` with our own forms, and older ones have nothing else to tell them by.
  c.header('referrer-policy', 'same-origin');
  c.header('x-content-type-options', 'nosniff');
  c.header('x-robots-tag', 'noindex');
  if (!c.res.headers.has('content-security-policy')) c.header('content-security-policy', policy(c.get('nonce')));
  if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
};

/**
 * Refuses changes that another site's page asks for, also when the browser would send our cookie along: of any method but the reading
 * ones, of any content type, for our forms and Bull Board's calls alike.
 */
export function sameOriginOnly(site: Console): MiddlewareHandler<ConsoleEnv> {
  return async (c, next) => {
    if (/^(GET|HEAD|OPTIONS)$/.test(c.req.method) || isOurs(c, site)) return next();
    return c.text(c.get('words').foreign, 403);
  };
}

function isOurs(c: Context, site: Console): boolean {
  // Browsers set Sec-Fetch-Site and pages cannot; over plain http to another machine it is missing, but Origin is there.
  const from = c.req.header('sec-fetch-site');
  if (from !== undefined) return from === 'same-origin';
  const origin = c.req.header('origin');
  return origin !== undefined && (origin === site.publicOrigin || origin === new URL(c.req.url).origin);
}
