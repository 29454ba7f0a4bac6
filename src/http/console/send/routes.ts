/** The routes of send. */
import type { ConsoleRoute } from '../routes.ts';

export const sendRoutes: ConsoleRoute[] = [];
