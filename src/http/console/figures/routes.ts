/** The routes of figures. */
import { type ConsoleRoute, page } from '../routes.ts';
import { exportGrowth, exportIssues, exportLinks, exportReport, formats } from './exports.ts';
import { clickedMail, issueFigures } from './issue.tsx';
import { overviewPage } from './overview.tsx';

export const figuresRoutes: ConsoleRoute[] = [
  page('/figures', 'look', overviewPage),
  ...formats.flatMap(format => [
    page(`/figures/issues.${format}`, 'look', (c, site) => exportIssues(c, site, format)),
    page(`/figures/growth.${format}`, 'look', (c, site) => exportGrowth(c, site, format)),
  ]),
  page('/figures/issues/:id', 'look', issueFigures),
  page('/figures/issues/:id/mail', 'look', clickedMail),
  page('/figures/issues/:id/links.csv', 'look', exportLinks),
  page('/figures/issues/:id/report.json', 'look', exportReport),
];
