/** What every answer of the web server carries, and what a request may bring. */
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';

/**
 * For pages of our own: nothing is loaded, nothing runs; each page adds the hash of its one style sheet, and of its one script if it has any.
 * @param more.images pictures that an editor put into an issue
 */
export function pagePolicy(
  styleHash?: string,
  more: { scriptHash?: string | undefined; images?: boolean } = {},
): string {
  const style = styleHash ? `; style-src '${styleHash}'` : '';
  const script = more.scriptHash ? `; script-src '${more.scriptHash}'` : '';
  return `default-src 'none'${style}${script}; img-src ${more.images ? 'https: ' : ''}data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;
}

/**
 * For an issue as a web page: its content is an editor's, so it is sandboxed (section 7). Inline styles and pictures show, jump links and
 * links outwards work; there is no script, no form, no origin of ours.
 */
export const issuePolicy = [
  "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation',
].join('; ');

const always: Record<string, string> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // A token is in the path: no page we lead to may learn it (rule 4.5).
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), browsing-topics=()',
};

/** Sets the headers that a route did not set itself; the console sets its own. */
export function securityHeaders(publicUrl: string): MiddlewareHandler {
  const https = publicUrl.startsWith('https:');
  return async (c, next) => {
    await next();
    const headers = c.res.headers;
    const put = (name: string, value: string) => {
      if (!headers.has(name)) c.header(name, value);
    };
    for (const [name, value] of Object.entries(always)) put(name, value);
    put('content-security-policy', pagePolicy());
    put('cache-control', 'no-store');
    if (https) put('strict-transport-security', 'max-age=31536000');
  };
}

/** Forms are a few hundred bytes. A route that takes whole files brings its own limit, behind the login. */
const bodyBytes = 64 * 1024;

/** Webhooks bring batches, the API issues; both have limits of their own. @param refuse makes the answer to a body that is too large */
export function bodyLimits(refuse: (c: Context) => Response | Promise<Response>): MiddlewareHandler {
  const limit = bodyLimit({ maxSize: bodyBytes, onError: refuse });
  return (c, next) => (/^\/(?:hooks|api\/v1)\//.test(c.req.path) ? next() : limit(c, next));
}
