/** Bull Board at /console/queues, behind the console's login and guard. */
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { HonoAdapter } from '@bull-board/hono';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono, type MiddlewareHandler } from 'hono';
import { insertAudit } from '../../db/audit.ts';
import type { Console, ConsoleEnv } from './context.ts';

/** Its bundle makes style elements and attributes; scripts come from its own files only, and nothing from other hosts. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const path = '/console/queues';
const englishLocale = '"lng":"en-US"';

/** To be mounted at /queues of the console. */
export function queueBoard(site: Console): Hono<ConsoleEnv> {
  // The board finds its files by the path that the browser sees, our router by the one that reaches us: a proxy may have cut a prefix.
  const files: typeof serveStatic = options =>
    serveStatic({ ...options, rewriteRequestPath: asked => asked.replace(`${path}/static`, '') });
  const adapter = new HonoAdapter(files);
  adapter.setBasePath(site.base + path);
  const icon = `${site.base}/console/icon.svg`;
  createBullBoard({
    queues: site.wiring.queues.all().map(queue => new BullMQAdapter(queue)),
    serverAdapter: adapter,
    options: {
      uiConfig: {
        boardTitle: 'Broadsheet',
        boardLogo: { path: icon, width: 22, height: 22 },
        favIcon: { default: icon, alternative: icon },
        miscLinks: [{ text: 'Console', url: `${site.base}/console` }],
        hideDocsLink: true,
        locale: { lng: 'en-US' },
      },
    },
  });
  const app = new Hono<ConsoleEnv>();
  app.use(onlyOperatorsChange(site), ownPages);
  app.route('/', adapter.registerPlugin());
  return app;
}

/** Everyone on the staff may look; the queues are changed by those who answer for them, and it is written down. */
function onlyOperatorsChange(site: Console): MiddlewareHandler<ConsoleEnv> {
  return async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
    const staff = c.get('staff');
    if (!/^(owner|operator)$/.test(staff.role)) return c.json({ error: c.get('words').notAllowed }, 403);
    await next();
    if (c.res.status >= 400) return;
    // Of `/console/queues/api/queues/NAME/…`: what was done, and to which job.
    const [name = '', ...what] = c.req.path.replace(/^.*\/api\/queues\/?/, '').split('/');
    await insertAudit(site.wiring.sql, staff, {
      act: 'queue.change',
      subject: `queue ${name.slice(0, 100)}`,
      detail: { method: c.req.method, what: what.join('/').slice(0, 200) },
    });
  };
}

/** The board's page as our policy allows it: without fonts from another company's server, in the reader's language. */
const ownPages: MiddlewareHandler<ConsoleEnv> = async (c, next) => {
  await next();
  c.header('content-security-policy', policy);
  // File names carry a hash of their content.
  if (c.req.path.startsWith(`${path}/static/`) && c.res.status === 200)
    c.header('cache-control', 'private, max-age=86400');
  if (!c.res.headers.get('content-type')?.startsWith('text/html')) return;
  const korean = c.get('language') === 'ko';
  const page = (await c.res.text())
    .replace(/<link[^>]*href="https:\/\/fonts\.[^>]*>/g, '')
    .replace(englishLocale, korean ? '"lng":"ko-KR"' : englishLocale)
    .replace('<html lang="en"', `<html lang="${c.get('language')}"`);
  c.res = new Response(page, { status: c.res.status, headers: c.res.headers });
};
