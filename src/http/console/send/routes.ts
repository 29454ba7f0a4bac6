/** The routes from a manuscript to a sent issue. */
import { type ConsoleRoute, page } from '../routes.ts';
import { countPart, rowsPart } from './audience.tsx';
import { confirmRoutes } from './confirm.tsx';
import { sendingPage } from './page.tsx';
import { rehearsalRoutes } from './rehearsal.tsx';
import { segmentRoutes } from './segment.ts';
import { testMailRoutes } from './test-mail.tsx';
import { trialPart } from './trial.tsx';
import { whenPart } from './when.tsx';

export const sendRoutes: ConsoleRoute[] = [
  page('/manuscripts/:id/send', 'write', sendingPage),
  page('/manuscripts/:id/send/count', 'write', countPart),
  page('/manuscripts/:id/send/rows', 'write', rowsPart),
  page('/manuscripts/:id/send/when', 'write', whenPart),
  page('/manuscripts/:id/send/trial', 'write', trialPart),
  ...confirmRoutes,
  ...testMailRoutes,
  ...rehearsalRoutes,
  ...segmentRoutes,
];
