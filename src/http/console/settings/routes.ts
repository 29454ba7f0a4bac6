/** The routes of settings. */
import { type ConsoleRoute, page } from '../routes.ts';

export const settingsRoutes: ConsoleRoute[] = [
  page('/settings', 'settings', (c, site) => c.redirect(`${site.base}/console/settings/publications`, 303)),
];
