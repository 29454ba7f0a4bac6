/** The public routes: the archive, and everything a reader's link does. GET and HEAD change nothing but the raw click events. */
import { Hono } from 'hono';
import type { Wiring } from '../../wiring.ts';
import { accountApp } from './account/app.ts';
import { archiveRoutes } from './archive/routes.ts';
import { archivePage, homePage } from './archive.tsx';
import { Clicks } from './click.ts';
import { codePage } from './code/page.tsx';
import { image } from './images/image.ts';
import { likePage, pressLike } from './like.tsx';
import { reactionRoutes } from './reactions/routes.ts';
import { openSite } from './reader.ts';
import { signUpApp } from './signup/app.tsx';
import { pressUnsubscribe, unsubscribePage } from './unsubscribe.tsx';

/** To be mounted at `/`; the app it is mounted in answers what is not found, refused or failed. HEAD is served by the GET routes. */
export function publicApp(wiring: Wiring): Hono {
  const site = openSite(wiring);
  const clicks = new Clicks(site);
  return new Hono()
    .get('/', c => homePage(c, site))
    .get('/p/:slug', c => archivePage(c, site))
    .get('/i/:file', c => image(c, site))
    .route('/', signUpApp(site))
    .get('/r/:token', c => clicks.follow(c))
    .get('/r/:token/like', c => likePage(c, site))
    .post('/r/:token/like', c => pressLike(c, site))
    .get('/r/:token/unsubscribe', c => unsubscribePage(c, site))
    .post('/r/:token/unsubscribe', c => pressUnsubscribe(c, site))
    .route('/', accountApp(site))
    .get('/r/:token/code', c => codePage(c, site))
    .route('/', reactionRoutes(site))
    .route('/', archiveRoutes(site));
}
