/** Headers of the console's pages, and the guard before every change. */
import type { Context, MiddlewareHandler } from 'hono';
import type { Console, ConsoleEnv } from './context.ts';

const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What a route did not set itself. */
export const pageHeaders: MiddlewareHandler<ConsoleEnv> = async (c, next) => {
  await next();
  // Not `no-referrer`: with it browsers send `Origin: null` with our own forms, and older ones have nothing else to tell them by.
  c.header('referrer-policy', 'same-origin');
  c.header('x-content-type-options', 'nosniff');
  c.header('x-robots-tag', 'noindex');
  if (!c.res.headers.has('content-security-policy')) c.header('content-security-policy', policy);
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
