/** The public routes: the archive, and everything a reader's link does. GET and HEAD change nothing but the raw click events. */
import { Hono } from 'hono';
import type { Wiring } from '../../wiring.ts';
import { archivePage, homePage, WebIssues } from './archive.tsx';
import { Clicks } from './click.ts';
import { codePage } from './code/page.tsx';
import { likePage, pressLike } from './like.tsx';
import { changePreferences, preferencesPage } from './preferences.tsx';
import { openSite } from './reader.ts';
import { pressUnsubscribe, unsubscribePage } from './unsubscribe.tsx';

/** To be mounted at `/`; the app it is mounted in answers what is not found, refused or failed. HEAD is served by the GET routes. */
export function publicApp(wiring: Wiring): Hono {
  const site = openSite(wiring);
  const clicks = new Clicks(site);
  const web = new WebIssues(site);
  return new Hono()
    .get('/', c => homePage(c, site))
    .get('/p/:slug', c => archivePage(c, site))
    .get('/p/:slug/:issue', c => web.published(c))
    .get('/r/:token', c => clicks.follow(c))
    .get('/r/:token/like', c => likePage(c, site))
    .post('/r/:token/like', c => pressLike(c, site))
    .get('/r/:token/unsubscribe', c => unsubscribePage(c, site))
    .post('/r/:token/unsubscribe', c => pressUnsubscribe(c, site))
    .get('/r/:token/preferences', c => preferencesPage(c, site))
    .post('/r/:token/preferences', c => changePreferences(c, site))
    .get('/r/:token/code', c => codePage(c, site))
    .get('/r/:token/web', c => web.ofLink(c));
}
