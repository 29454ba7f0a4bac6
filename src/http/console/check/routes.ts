/** The routes of check: the panel of findings, pasted text, pictures. */
import type { ConsoleRoute } from '../routes.ts';
import { panelRoutes } from './check.tsx';
import { imageRoutes } from './images.ts';
import { pasteRoutes } from './paste.ts';

export const checkRoutes: ConsoleRoute[] = [...imageRoutes, ...pasteRoutes, ...panelRoutes];
