/** The routes of write. */
import type { ConsoleRoute } from '../routes.ts';
import { composerRoutes } from './composer.tsx';
import { historyRoutes } from './history.tsx';
import { listRoutes } from './list.tsx';
import { newRoutes } from './new.tsx';
import { previewRoutes } from './preview.tsx';
import { saveRoutes } from './save.ts';

/** `new` before `:id`. */
export const writeRoutes: ConsoleRoute[] = [
  ...newRoutes,
  ...listRoutes,
  ...composerRoutes,
  ...saveRoutes,
  ...previewRoutes,
  ...historyRoutes,
];
