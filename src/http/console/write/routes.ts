/** The routes of write. */
import type { ConsoleRoute } from '../routes.ts';

export const writeRoutes: ConsoleRoute[] = [];
