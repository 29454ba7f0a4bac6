/** The routes of settings. */
import type { ConsoleRoute } from '../routes.ts';

export const settingsRoutes: ConsoleRoute[] = [];
