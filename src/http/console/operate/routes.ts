/** The routes of operate. */
import type { ConsoleRoute } from '../routes.ts';

export const operateRoutes: ConsoleRoute[] = [];
