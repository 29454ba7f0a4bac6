/** The routes of readers. */
import type { ConsoleRoute } from '../routes.ts';

export const readersRoutes: ConsoleRoute[] = [];
