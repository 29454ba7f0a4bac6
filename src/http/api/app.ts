/** The API's read-only routes, each mounted and documented by the same call. */
import { Hono } from 'hono';
import { z } from 'zod';
import { findApiScopes } from '../../db/api-tokens.ts';
import { findPublication, listPublications } from '../../db/publications.ts';
import { requireIssue } from '../../enqueue/control.ts';
import { BroadsheetError, type ErrorCode } from '../../errors.ts';
import { publicationSchema } from '../../model/publication.ts';
import { issueStates } from '../../model/states.ts';
import { report } from '../../track/report.ts';
import { status } from '../../track/status.ts';
import type { Wiring } from '../../wiring.ts';
import { digestOf, type Scope } from './tokens.ts';

interface Route {
  path: string;
  summary: string;
  scope: Scope;
  response: z.ZodType;
}

const n = z.number().int().nonnegative();
const accounting = z.object({
  issue: z.string(),
  state: z.enum(issueStates),
  reason: z.string().optional(),
  ...{ audience: n, queued: n, sending: n, accepted: n, deferred: n, rejected: n, expired: n, unknown: n },
  excluded: z.record(z.string(), n),
  rate: z.number(),
  eta: z.number().nullable(),
});
const issueReport = z.object({
  accepted: n,
  likes: n,
  summaryLikes: z.array(z.object({ summary: n, title: z.string(), likes: n })),
  clicks: z.object({
    all: n,
    people: n,
    links: z.array(z.object({ ref: n, url: z.string(), label: z.string(), all: n, people: n })),
  }),
  opens: z.null(),
  unsubscribed: n,
  leftReasons: z.record(z.string(), n),
  complained: n,
  bounced: z.object({ hard: n, soft: n }),
});

const statusOf: Partial<Record<ErrorCode, 404>> = { ISSUE_UNKNOWN: 404, PUBLICATION_UNKNOWN: 404 };

/** RFC 9457 problem details. */
function problem(code: string, detail: string, status: number, headers: Record<string, string> = {}): Response {
  const body = JSON.stringify({ type: 'about:blank', status, code, detail });
  return new Response(body, { status, headers: { 'content-type': 'application/problem+json', ...headers } });
}

export function apiApp({ sql }: Wiring): Hono {
  const app = new Hono();
  const paths: Record<string, unknown> = {};
  app.onError(error => {
    const status = error instanceof BroadsheetError ? statusOf[error.code] : undefined;
    if (!status) throw error;
    return problem((error as BroadsheetError).code, (error as BroadsheetError).help, status);
  });
  const route = ({ path, summary, scope, response }: Route, handler: (param: string) => Promise<unknown>) => {
    const name = /\{(\w+)\}/.exec(path)?.[1];
    const content = { 'application/json': { schema: z.toJSONSchema(response, { unrepresentable: 'any' }) } };
    const parameters = name ? [{ name, in: 'path', required: true, schema: { type: 'string' } }] : [];
    const responses = { 200: { description: 'OK', content } };
    paths[`/api/v1${path}`] = { get: { summary, security: [{ token: [scope] }], parameters, responses } };
    app.get(path.replace(/\{(\w+)\}/, ':$1'), async c => {
      const token = /^Bearer (bs_[\w-]{43})$/.exec(c.req.header('authorization') ?? '')?.[1];
      const granted = token && (await findApiScopes(sql, digestOf(token)));
      if (!granted) return problem('UNAUTHORIZED', 'A valid token is needed.', 401, { 'www-authenticate': 'Bearer' });
      if (!granted.includes(scope)) return problem('FORBIDDEN', `The token needs the scope ${scope}.`, 403);
      return c.json(response.parse(await handler(name ? c.req.param(name)! : '')) as object);
    });
  };
  route(
    {
      path: '/publications',
      summary: 'All publications',
      scope: 'publications:read',
      response: z.array(publicationSchema),
    },
    async () => (await listPublications(sql)).map(found => found.publication),
  );
  route(
    {
      path: '/publications/{slug}',
      summary: 'One publication',
      scope: 'publications:read',
      response: publicationSchema,
    },
    async slug => {
      const found = await findPublication(sql, slug);
      if (!found) throw new BroadsheetError('PUBLICATION_UNKNOWN', 'no such publication');
      return found.publication;
    },
  );
  route(
    { path: '/issues/{issue}/status', summary: 'The accounting', scope: 'issues:read', response: accounting },
    async issue => status(sql, await requireIssue(sql, issue)),
  );
  route(
    { path: '/issues/{issue}/report', summary: 'What readers did', scope: 'issues:read', response: issueReport },
    async issue => report(sql, (await requireIssue(sql, issue)).id),
  );
  const components = { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } };
  app.get('/openapi.json', c =>
    c.json({ openapi: '3.1.0', info: { title: 'Broadsheet', version: '1' }, paths, components }),
  );
  return app;
}
