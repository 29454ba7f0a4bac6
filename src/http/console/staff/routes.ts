/** The routes of staff. */
import type { ConsoleRoute } from '../routes.ts';

export const staffRoutes: ConsoleRoute[] = [];
