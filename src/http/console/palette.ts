/** What the command palette offers: places, and what was worked on lately. The script filters it; nothing is typed to the server. */

import { latestIssues } from '../../db/issues.ts';
import { listManuscripts } from '../../db/manuscripts.ts';
import { may } from './may.ts';
import { type ConsoleRoute, page } from './routes.ts';

const shownIssues = 30;
const shownManuscripts = 15;

interface Entry {
  /** What kind it is of, in the page's language. */
  kind: string;
  title: string;
  /** Path of the site. */
  to: string;
}

export const paletteRoutes: ConsoleRoute[] = [
  page('/palette.json', 'look', async (c, site) => {
    const words = c.get('words');
    const staff = c.get('staff');
    const { sql } = site.wiring;
    const writes = may(staff, 'write');
    const [issues, manuscripts] = await Promise.all([
      latestIssues(sql, shownIssues),
      writes ? listManuscripts(sql, shownManuscripts) : [],
    ]);
    const to = (path: string) => `${site.base}/console${path}`;
    const entries: Entry[] = [
      ...(writes ? [{ kind: words.palette.act, title: words.palette.write, to: to('/manuscripts/new') }] : []),
      ...manuscripts.map(({ id, title }) => ({
        kind: words.palette.manuscript,
        title: title || words.palette.untitled,
        to: to(`/manuscripts/${id}`),
      })),
      ...issues.map(({ id, title }) => ({ kind: words.palette.issue, title, to: to(`/issues/${id}`) })),
      ...issues.map(({ id, title }) => ({ kind: words.palette.report, title, to: to(`/figures/issues/${id}`) })),
    ];
    return c.json({ entries });
  }),
];
