/** The routes of check. */
import type { ConsoleRoute } from '../routes.ts';

export const checkRoutes: ConsoleRoute[] = [];
