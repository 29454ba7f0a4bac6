/** The routes of readers. */
import type { ConsoleRoute } from '../routes.ts';
import { addRoutes } from './add.tsx';
import { exportRoutes } from './export.ts';
import { importRoutes } from './imports.tsx';
import { listRoutes } from './list.tsx';
import { personPages } from './person.tsx';
import { personActs } from './person-acts.ts';
import { segmentRoutes } from './segments.tsx';
import { suppressedRoutes } from './suppressed.tsx';

export const readersRoutes: ConsoleRoute[] = [
  ...listRoutes,
  ...exportRoutes,
  ...addRoutes,
  ...segmentRoutes,
  ...suppressedRoutes,
  ...importRoutes,
  ...personPages,
  ...personActs,
];
