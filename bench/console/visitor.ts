/** Who asks for pages: a browser with the cookie of a login, or a program with a token. In process: no network, the whole answer. */
import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import { insertApiToken } from '../../src/db/api-tokens.ts';
import { digestOf, newToken, scopes } from '../../src/http/api/tokens.ts';
import type { Wiring } from '../../src/wiring.ts';

export interface Visitor {
  name: string;
  headers: Record<string, string>;
}

export interface Answered {
  status: number;
  ms: number;
  bytes: number;
  text: string;
}

const origin = 'http://localhost:3000';

/** Until the last byte; of a stream of events, which does not end, until its first. */
export async function ask(app: Hono, visitor: Visitor, path: string): Promise<Answered> {
  const startedAt = performance.now();
  const answer = await app.request(origin + path, { headers: { 'accept-language': 'ko', ...visitor.headers } });
  const isEndless = answer.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  const body = isEndless ? await firstOf(answer) : Buffer.from(await answer.arrayBuffer());
  const ms = performance.now() - startedAt;
  return { status: answer.status, ms, bytes: body.length, text: body.toString('utf8') };
}

async function firstOf(answer: Response): Promise<Buffer> {
  const reader = answer.body!.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return Buffer.from(value ?? []);
}

export const nobody: Visitor = { name: 'anyone', headers: {} };

/** Logs in by the console's form. @throws Error when it is refused */
export async function logIn(app: Hono, name: string, email: string, password: string): Promise<Visitor> {
  const cookieOf = (answer: Response) =>
    answer.headers
      .getSetCookie()
      .find(line => line.startsWith('broadsheet='))
      ?.split(';')[0] ?? '';
  const form = await app.request(`${origin}/console/login`);
  const token = /name="token" value="([^"]+)"/.exec(await form.text())?.[1] ?? '';
  const answer = await app.request(`${origin}/console/login`, {
    method: 'POST',
    headers: { origin, cookie: cookieOf(form), 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token, email, password }).toString(),
  });
  if (answer.status !== 303) throw new Error(`${email} cannot log in: ${answer.status}`);
  return { name, headers: { cookie: cookieOf(answer) } };
}

/** A program that may do everything, for a day. Each has its own limit of requests. */
export async function program({ sql }: Pick<Wiring, 'sql'>): Promise<Visitor> {
  const token = newToken();
  await insertApiToken(sql, { digest: digestOf(token), name: `bench ${randomUUID()}`, scopes: [...scopes], days: 1 });
  return { name: 'program', headers: { authorization: `Bearer ${token}` } };
}
