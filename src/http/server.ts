/** The web server: readers' pages, the console, health and metrics, put together apart from listening. */
import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { BroadsheetError } from '../errors.ts';
import type { Wiring } from '../wiring.ts';
import { apiApp } from './api/app.ts';
import { apiBase } from './api/route.ts';
import { consoleApp } from './console/app.tsx';
import { healthApp } from './health.ts';
import { createMetrics } from './metrics.ts';
import { publicApp } from './public/app.tsx';
import { sitePath } from './public/reader.ts';
import { failedPage, missingPage, refusedPage } from './public/refusals.tsx';
import { bodyLimits, copyableRequests, securityHeaders } from './security.ts';
import { hooksApp } from './webhooks/app.ts';

/** Everything the web server answers, ready to be called or listened for. */
export async function createApp(wiring: Wiring): Promise<Hono> {
  const { publicUrl } = wiring.config;
  const base = sitePath(publicUrl);
  const metrics = createMetrics(wiring);
  const app = new Hono();
  app.onError((error, c) => failed(error, c, wiring, base));
  app.notFound(c => missingPage(c, base));
  app.use(metrics.watch);
  app.use(securityHeaders(publicUrl));
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        c.header('allow', methods.join(', '));
        return refusedPage(c, base, 'method');
      },
    }),
  );
  // No address of ours holds a NUL, and Postgres takes none as text. The path that routes see is decoded already.
  app.use(async (c, next) =>
    /\0|%00/.test(c.req.path) && !c.req.path.startsWith(`${apiBase}/`) ? missingPage(c, base) : next(),
  );
  app.use(copyableRequests);
  app.use(bodyLimits(c => refusedPage(c, base, 'tooLarge')));
  app.route('/', healthApp(wiring));
  app.route('/', metrics.app);
  app.route('/', hooksApp(wiring));
  app.route('/console', await consoleApp(wiring));
  app.route(apiBase, apiApp(wiring));
  app.route('/', publicApp(wiring));
  return app;
}

/** What went wrong stays in the log, under a number that the page shows. */
function failed(error: Error, c: Context, wiring: Wiring, base: string): Response | Promise<Response> {
  if (error instanceof HTTPException && error.status < 500) return error.getResponse();
  const id = randomBytes(4).toString('hex');
  wiring.log.error({ id, method: c.req.method, error: error.message, stack: error.stack }, 'request failed');
  return failedPage(c, base, id, error instanceof HTTPException ? 503 : 500);
}

export interface Listening {
  /** The one listened on, also when 0 was asked for. */
  port: number;
  /** Takes no new requests, lets running ones finish for a few seconds, then ends them. */
  close(): Promise<void>;
}

const closeMs = 5000;

/** How long a client may take, looked at every so often: who sends a letter a minute holds a connection, not the server. */
const patience = { headersMs: 10_000, requestMs: 60_000, checkMs: 5000 };

/** Connections at once; further ones are closed at once. Each takes some tens of kilobytes. */
const mostConnections = 10_000;

/**
 * @param at.port 0 for any free one
 * @param limits.headersMs for the header; `requestMs` for the whole request, `checkMs` between two looks
 * @throws BroadsheetError CONFIG_INVALID when the address cannot be listened on
 */
export async function listen(
  app: Hono,
  at: { host: string; port: number },
  limits: typeof patience = patience,
): Promise<Listening> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    overrideGlobalObjects: false,
    serverOptions: {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.checkMs,
      keepAliveTimeout: 5000,
    },
  }) as Server;
  server.maxConnections = mostConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new BroadsheetError('CONFIG_INVALID', `HOST and PORT: cannot listen on ${at.host}:${at.port} (${error.code})`, {
          cause: error,
        }),
      );
    });
    server.listen(at.port, at.host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : at.port,
    close: () => closeServer(server),
  };
}

function closeServer(server: Server): Promise<void> {
  return new Promise(resolve => {
    // A connection kept alive turns idle when its request is answered, and would hold the server until its client lets go.
    const idle = setInterval(() => server.closeIdleConnections(), 100);
    const late = setTimeout(() => server.closeAllConnections(), closeMs);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(late);
      resolve();
    });
  });
}
