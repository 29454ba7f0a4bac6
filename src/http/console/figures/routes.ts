/** The routes of figures. */
import type { ConsoleRoute } from '../routes.ts';

export const figuresRoutes: ConsoleRoute[] = [];
