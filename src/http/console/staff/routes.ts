/** The routes of staff: one's own account, and who else is staff. */
import type { ConsoleRoute } from '../routes.ts';
import { accountRoutes } from './account.tsx';
import { passkeyRoutes } from './account-passkeys.tsx';
import { secondRoutes } from './account-second.tsx';
import { auditRoutes } from './audit.tsx';
import { peopleRoutes } from './people.tsx';
import { personRoutes } from './person.tsx';
import { tokenRoutes } from './tokens.tsx';

export const staffRoutes: ConsoleRoute[] = [
  ...accountRoutes,
  ...secondRoutes,
  ...passkeyRoutes,
  ...peopleRoutes,
  ...personRoutes,
  ...auditRoutes,
  ...tokenRoutes,
];
