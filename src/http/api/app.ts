/** `/api/v1`: the routes of each resource, mounted and described alike. */
import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { z } from 'zod';
import type { Wiring } from '../../wiring.ts';
import { eventRoutes } from './events.ts';
import { issueFigureRoutes } from './issue-figures.ts';
import { issueReviewRoutes } from './issue-review.ts';
import { issueSendingRoutes } from './issue-sending.ts';
import { issueRoutes } from './issues.ts';
import { TokenLimits } from './limits.ts';
import { openApiOf } from './openapi.ts';
import { asResponse, internalProblem, problemOf, Refusal } from './problems.ts';
import { publicationRoutes } from './publications.ts';
import { apiBase, patternOf, type Route, route } from './route.ts';
import { segmentRoutes } from './segments.ts';
import { serve } from './serve.ts';
import { subscriberRoutes } from './subscribers.ts';
import { suppressionRoutes } from './suppressions.ts';

/** Of one token. A check or preview counts as twenty: it renders the whole issue. */
const requestsAMinute = 600;

const documentRoute = (routes: () => readonly Route[], server: string): Route => {
  let document: Record<string, unknown> | undefined;
  return route(
    {
      method: 'get',
      path: '/openapi.json',
      tag: 'This document',
      summary: 'This document',
      scope: null,
      response: z.looseObject({ openapi: z.literal('3.1.0') }),
      status: [200],
    },
    async () => {
      document ??= openApiOf(routes(), server);
      return { data: document as { openapi: '3.1.0' } };
    },
  );
};

/** @param limit requests a minute of one token */
export function apiApp(wiring: Wiring, limit = requestsAMinute): Hono {
  const routes: Route[] = [
    ...publicationRoutes,
    ...issueRoutes,
    ...issueReviewRoutes,
    ...issueSendingRoutes,
    ...issueFigureRoutes,
    ...subscriberRoutes,
    ...suppressionRoutes,
    ...segmentRoutes,
    ...eventRoutes,
  ];
  routes.push(documentRoute(() => routes, `${wiring.config.publicUrl}${apiBase}`));
  const limits = new TokenLimits(wiring, limit);
  const app = new Hono();
  app.onError((error, c) => {
    const problem = problemOf(error);
    if (problem && problem.status < 500) return asResponse(c, problem);
    const id = randomBytes(6).toString('hex');
    wiring.log.error({ id, method: c.req.method, error: error.message, stack: error.stack }, 'API request failed');
    return asResponse(c, problem ?? internalProblem(id));
  });
  for (const each of routes) {
    const { method, path } = each.declared;
    app.on(method.toUpperCase(), path.replace(/\{(\w+)\}/g, ':$1'), c => serve(c, wiring, limits, each));
  }
  const patterns = routes.map(({ declared }) => ({ pattern: patternOf(declared.path), method: declared.method }));
  app.all('*', c => {
    const path = c.req.path.slice(c.req.path.indexOf(apiBase) + apiBase.length);
    const methods = patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method.toUpperCase());
    if (methods.length === 0) throw new Refusal('ROUTE_UNKNOWN', 'there is no such address');
    const allow = [...new Set(methods.flatMap(method => (method === 'GET' ? ['GET', 'HEAD'] : [method])))].join(', ');
    throw new Refusal('METHOD_WRONG', `${c.req.method.slice(0, 20)} is not for this address`, { headers: { allow } });
  });
  return app;
}
