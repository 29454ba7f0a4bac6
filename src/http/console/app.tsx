/** The console: staff pages under /console. */
import { Hono } from 'hono';
import type { Wiring } from '../../wiring.ts';
import { asset } from './assets.ts';
import { checkRoutes } from './check/routes.ts';
import { commentRoutes } from './comments/routes.tsx';
import { type ConsoleEnv, openConsole, withLanguage } from './context.ts';
import { figuresRoutes } from './figures/routes.ts';
import { pageHeaders, sameOriginOnly } from './guard.ts';
import { homePage } from './issues/list.tsx';
import { Overview } from './issues/overview.ts';
import { issuePages } from './issues/page.tsx';
import { iconSvg } from './layout.tsx';
import { loginPage, pressLogin, pressLogout } from './login.tsx';
import { operateRoutes } from './operate/routes.tsx';
import { paletteRoutes } from './palette.ts';
import { queueBoard } from './queues.ts';
import { readersRoutes } from './readers/routes.ts';
import { type ConsoleRoute, mount, page } from './routes.ts';
import { sendRoutes } from './send/routes.ts';
import { requireStaff } from './sessions.ts';
import { settingsRoutes } from './settings/routes.ts';
import { pressSetup, setupPage } from './setup.tsx';
import { openStaffRoutes } from './staff/open.tsx';
import { staffRoutes } from './staff/routes.ts';
import { style } from './style.ts';
import { manuscriptBodies } from './write/manuscript.ts';
import { writeRoutes } from './write/routes.ts';

export { createOwner, setupCode } from './owner.ts';

/** Every page and change behind the login but the list of issues. */
export const consoleRoutes: readonly ConsoleRoute[] = [
  ...issuePages,
  ...paletteRoutes,
  // Before /manuscripts/:id, which their addresses look like.
  ...checkRoutes,
  ...writeRoutes,
  ...sendRoutes,
  ...commentRoutes,
  ...figuresRoutes,
  ...readersRoutes,
  ...operateRoutes,
  ...settingsRoutes,
  ...staffRoutes,
];

/** To be mounted at /console. Everything but login, first run and the style sheet is for staff only. */
export async function consoleApp(wiring: Wiring): Promise<Hono> {
  const site = await openConsole(wiring);
  const overview = new Overview(wiring.sql);
  const app = new Hono<ConsoleEnv>();
  app.use(pageHeaders, withLanguage);
  app.use(async (c, next) => {
    // Bull Board answers 404 to its own address with a slash at the end; for one spelling of each address, all lose it.
    if (c.req.method === 'GET' && c.req.path.endsWith('/')) {
      return c.redirect(site.base + withoutSlash(c.req.path) + new URL(c.req.url).search, 301);
    }
    await next();
  });
  app.use(sameOriginOnly(site));
  for (const [path, content, type] of [
    ['/style.css', style, 'text/css'],
    ['/icon.svg', iconSvg, 'image/svg+xml'],
  ] as const) {
    app.get(path, c =>
      c.body(content, 200, {
        'content-type': `${type}; charset=utf-8`,
        'cache-control': 'public, max-age=31536000, immutable',
      }),
    );
  }
  app.get('/assets/:file', asset);
  app.get('/login', c => loginPage(c, site));
  app.post('/login', c => pressLogin(c, site));
  app.get('/setup', c => setupPage(c, site));
  app.post('/setup', c => pressSetup(c, site));
  openStaffRoutes(app, site);
  app.use(requireStaff(site));
  // Whole texts, behind the login.
  app.use('/manuscripts/*', manuscriptBodies);
  app.post('/logout', c => pressLogout(c, site));
  mount(app, site, [page('/', 'look', (c, site) => homePage(c, site, overview)), ...consoleRoutes]);
  app.route('/queues', queueBoard(site));
  return app as unknown as Hono;
}

/** A loop, since a pattern anchored at the end looks at each of ten thousand slashes ten thousand times. */
function withoutSlash(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end--;
  return path.slice(0, end);
}
