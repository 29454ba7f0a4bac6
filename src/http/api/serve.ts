/** One request's way through its route: who asks, how often, what they bring, whether it was done before; then the handler. */
import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { claimAnswer, dropClaim, type StoredAnswer, storeAnswer } from '../../db/api-answers.ts';
import { findApiToken } from '../../db/api-tokens.ts';
import type { Wiring } from '../../wiring.ts';
import { sitePath } from '../public/reader.ts';
import { parseBody, parseQuery, readJson } from './body.ts';
import type { TokenLimits } from './limits.ts';
import { problemOf, Refusal } from './problems.ts';
import { type Asked, apiBase, bodyBytes, namesIn, pathParameters, type Route } from './route.ts';
import { digestOf } from './tokens.ts';

/** @throws what the handler throws, and Refusals */
export async function serve(c: Context, wiring: Wiring, limits: TokenLimits, route: Route): Promise<Response> {
  const { declared } = route;
  const token = declared.scope === null ? undefined : await admit(c, wiring, limits, route);
  const params = readParams(c, route);
  const bytes = declared.body ? await readBytes(c, declared.maxBody ?? bodyBytes) : new Uint8Array();
  const asked = {
    wiring,
    params,
    query: parseQuery(declared.query, new URL(c.req.url).searchParams),
    body: declared.body ? parseBody(declared.body, readJson(c.req.raw.headers, bytes)) : undefined,
    requestId: null,
  } as unknown as Asked;
  const key = declared.isKeyed ? readKey(c) : undefined;
  if (key === undefined || !token) return respond(c, await answer(route, asked));
  const digest = createHash('sha256').update(`${c.req.method} ${c.req.path}\n`).update(bytes).digest();
  return once(c, wiring, [token.id, key], digest, route, asked);
}

/** @throws Refusal UNAUTHORIZED, RATE_EXCEEDED, FORBIDDEN */
async function admit(
  c: Context,
  { sql }: Wiring,
  limits: TokenLimits,
  { declared }: Route,
): Promise<{ id: number; scopes: string[] }> {
  const text = /^Bearer (bs_[\w-]{43})$/i.exec(c.req.header('authorization') ?? '')?.[1];
  const token = text === undefined ? undefined : await findApiToken(sql, digestOf(text));
  if (!token)
    throw new Refusal('UNAUTHORIZED', 'there is no valid token', { headers: { 'www-authenticate': 'Bearer' } });
  const { isAllowed, headers } = await limits.take(token.id, declared.cost ?? 1);
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  if (!isAllowed) throw new Refusal('RATE_EXCEEDED', 'too many requests', { headers });
  if (!token.scopes.includes(declared.scope!)) {
    const challenge = `Bearer error="insufficient_scope", scope="${declared.scope}"`;
    throw new Refusal('FORBIDDEN', `the scope ${declared.scope} is missing`, {
      headers: { 'www-authenticate': challenge },
    });
  }
  return token;
}

/** @throws Refusal ROUTE_UNKNOWN */
function readParams(c: Context, { declared }: Route): Record<string, unknown> {
  return Object.fromEntries(
    namesIn(declared.path).map(name => {
      const parsed = pathParameters[name].safeParse(c.req.param(name));
      if (!parsed.success) throw new Refusal('ROUTE_UNKNOWN', `this is no ${name}`);
      return [name, parsed.data];
    }),
  );
}

/** Stops reading at the limit, whatever Content-Length says. @throws Refusal BODY_TOO_LARGE */
async function readBytes(c: Context, most: number): Promise<Uint8Array> {
  const tooLarge = () => new Refusal('BODY_TOO_LARGE', `the body has more than ${most} bytes`);
  if (Number(c.req.header('content-length') ?? 0) > most) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (c.req.raw.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > most) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** @throws Refusal IDEMPOTENCY_KEY_INVALID */
function readKey(c: Context): string | undefined {
  const key = c.req.header('idempotency-key');
  if (key !== undefined && !/^[\x21-\x7e]{1,255}$/.test(key))
    throw new Refusal('IDEMPOTENCY_KEY_INVALID', 'the Idempotency-Key cannot be used');
  return key;
}

/** The first request of a key runs; its answer is everybody's, byte for byte. What failed here is forgotten, so that a repeat tries again. */
async function once(
  c: Context,
  { sql }: Wiring,
  key: [number, string],
  digest: Buffer,
  route: Route,
  asked: Asked,
): Promise<Response> {
  const claim = await claimAnswer(sql, ...key, digest);
  if (claim === 'other-request') throw new Refusal('IDEMPOTENCY_KEY_REUSED', 'the key belongs to another request');
  if (claim === 'running')
    throw new Refusal('IDEMPOTENCY_KEY_RUNNING', 'it is not known yet what became of it', {
      headers: { 'retry-after': '1' },
    });
  if ('status' in claim) return respond(c, claim, true);
  try {
    const done = await refusedOr(answer(route, { ...asked, requestId: claim.requestId }));
    await storeAnswer(sql, claim.run, key, done);
    return respond(c, done);
  } catch (error) {
    await dropClaim(sql, claim.run, key).catch(() => {});
    throw error;
  }
}

/** A refusal of the handler's is an answer like any other, unless a moment later it may be another. */
async function refusedOr(work: Promise<StoredAnswer>): Promise<StoredAnswer> {
  try {
    return await work;
  } catch (error) {
    const problem = problemOf(error);
    if (!problem || problem.status >= 500 || problem.body.code === 'BUSY') throw error;
    return { status: problem.status, location: null, body: JSON.stringify(problem.body) };
  }
}

async function answer({ declared, handle }: Route, asked: Asked): Promise<StoredAnswer> {
  const { data, status = declared.status[0], location } = await handle(asked);
  return {
    status,
    location: location === undefined ? null : `${sitePath(asked.wiring.config.publicUrl)}${apiBase}${location}`,
    body: declared.response ? JSON.stringify(declared.response.parse(data)) : '',
  };
}

function respond(c: Context, { status, location, body }: StoredAnswer, isReplayed = false): Response {
  if (location) c.header('location', location);
  if (isReplayed) c.header('idempotent-replayed', 'true');
  if (body === '') return c.body(null, status as 204);
  return c.body(body, status as 200, {
    'content-type': status >= 400 ? 'application/problem+json' : 'application/json',
  });
}
