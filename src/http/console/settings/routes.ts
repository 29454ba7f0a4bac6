/** The routes of settings. */
import { type ConsoleRoute, page } from '../routes.ts';
import { machineRoutes } from './machines.tsx';
import { publicationMoreRoutes } from './publication-more.tsx';
import { publicationRoutes } from './publications.tsx';
import { templateRoutes } from './templates.tsx';
import { oneWebhookRoutes } from './webhook.tsx';
import { webhookRoutes } from './webhooks.tsx';

export const settingsRoutes: ConsoleRoute[] = [
  page('/settings', 'settings', (c, site) => c.redirect(`${site.base}/console/settings/publications`, 303)),
  ...publicationRoutes,
  ...publicationMoreRoutes,
  ...templateRoutes,
  ...machineRoutes,
  ...webhookRoutes,
  ...oneWebhookRoutes,
];
