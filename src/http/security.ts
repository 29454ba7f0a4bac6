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
  return `default-src 'none'${style}${script}; img-src ${more.images ? "'self' https: " : ''}data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;
}

/** As `pagePolicy`, for a page with a widget of ours: our own scripts, workers and style sheets. */
export function widgetPolicy(styleHash: string): string {
  return pagePolicy(styleHash).replace(/style-src/, "script-src 'self'; worker-src 'self'; style-src 'self'");
}

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

/**
 * A request whose body has no stated length (sent in chunks, as some mail clients do with one-click) becomes a `Request` of the platform: the
 * adapter's own cannot be copied, which is what a limit on such a body has to do.
 */
export const copyableRequests: MiddlewareHandler = async (c, next) => {
  const { method, headers, body } = c.req.raw;
  if (body && !headers.has('content-length')) {
    // `duplex` is asked for with a stream, and unknown to the types.
    const init: RequestInit & { duplex: 'half' } = { method, headers, body, duplex: 'half' };
    c.req.raw = new Request(c.req.url, init);
  }
  await next();
};

/** Forms are a few hundred bytes. */
const bodyBytes = 64 * 1024;

/** Behind the console's login: a picture; a text of 1 MiB or a template of 20,000 characters, of whose bytes a form makes up to three each. */
const larger: readonly (readonly [RegExp, bytes: number])[] = [
  [/^\/console\/images$/, 10 * 1024 * 1024],
  [/^\/console\/issues\/\d+\/correct$/, 4 * 1024 * 1024],
  [/^\/console\/settings\/publications\/[^/]+\/templates\//, 256 * 1024],
];

/** Webhooks bring batches, the API and the console's composer issues, an import its file in parts; they have limits of their own. @param refuse makes the answer to a body that is too large */
export function bodyLimits(refuse: (c: Context) => Response | Promise<Response>): MiddlewareHandler {
  const usual = bodyLimit({ maxSize: bodyBytes, onError: refuse });
  const limits = larger.map(([path, maxSize]) => ({ path, limit: bodyLimit({ maxSize, onError: refuse }) }));
  return (c, next) => {
    if (/^\/(?:hooks|api\/v1|console\/manuscripts|console\/readers\/imports\/\d+\/parts)\//.test(c.req.path))
      return next();
    return (limits.find(({ path }) => path.test(c.req.path))?.limit ?? usual)(c, next);
  };
}
