/** The API as a program meets it: a real server, a token, and answers held against the document that the server gives. */
import { expect } from 'vitest';
import { z } from 'zod';
import { insertApiToken } from '../../../src/db/api-tokens.ts';
import { digestOf, newToken, type Scope, scopes } from '../../../src/http/api/tokens.ts';
import { Counters } from '../../../src/http/counters.ts';
import { createApp, listen } from '../../../src/http/server.ts';
import { openServices, type Services } from '../../support/services.ts';

interface Reply {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: each answer has a shape of its own; `checked` holds it against the document
  json: any;
}

interface Sent {
  token?: string;
  body?: unknown;
  /** Instead of `body`: as it is. */
  raw?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  /** Whether it adds up to the token's limit with what went before. */
  isCounted?: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document
type Document = any;

export interface Api {
  services: Services;
  url: string;
  document: Document;
  /** All scopes. */
  token: string;
  tokenWith(scopes: readonly Scope[]): Promise<string>;
  /** Asks, and holds the answer against the document. @param path below /api/v1 */
  call(method: string, path: string, sent?: Sent): Promise<Reply>;
  close(): Promise<void>;
}

export async function openApi(env: Record<string, string> = {}): Promise<Api> {
  const services = await openServices(env);
  const web = await listen(await createApp(services), { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${web.port}/api/v1`;
  const document = await (await fetch(`${url}/openapi.json`)).json();
  const counters = new Counters(services, 'api', 60_000);
  const ids = new Map<string, number>();
  const tokenWith = async (given: readonly Scope[]) => {
    const token = newToken();
    const row = { digest: digestOf(token), name: 'test', scopes: [...given], days: 1 };
    ids.set(token, await insertApiToken(services.sql, row));
    return token;
  };
  const token = await tokenWith(scopes);
  return {
    services,
    url,
    document,
    token,
    tokenWith,
    call: async (method, path, sent = {}) => {
      if (!sent.isCounted) await counters.forget(String(ids.get(sent.token ?? token)));
      const body = sent.raw ?? (sent.body === undefined ? undefined : JSON.stringify(sent.body));
      const response = await fetch(`${url}${path}`, {
        method,
        redirect: 'manual',
        headers: {
          authorization: `Bearer ${sent.token ?? token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...sent.headers,
        },
        ...(body === undefined ? {} : { body }),
      });
      const text = await response.text();
      const json = /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : undefined;
      const reply = { status: response.status, headers: response.headers, text, json };
      checked(document, method, path, reply);
      return reply;
    },
    close: async () => {
      await web.close();
      await services.close();
    },
  };
}

/** Fails when the answer is none that the document promises. Addresses and methods that are not in it answer with a problem. */
function checked(document: Document, method: string, path: string, reply: Reply): void {
  const [bare = ''] = path.split('?');
  const template = Object.keys(document.paths)
    .filter(each => new RegExp(`^${each.replace(/\{\w+\}/g, '[^/]+')}$`).test(bare))
    // `/subscribers/lookup` is no subscriber.
    .sort((a, b) => a.split('{').length - b.split('{').length)
    .find(each => document.paths[each][method.toLowerCase()]);
  const operation = template && document.paths[template][method.toLowerCase()];
  const where = `${method} ${path} → ${reply.status} ${reply.text.slice(0, 300)}`;
  const promised = operation?.responses[reply.status];
  if (operation) expect(promised, `${where} is documented`).toBeDefined();
  const [type, content] = Object.entries(
    (promised?.content ?? {
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    }) as Record<string, { schema: object }>,
  )[0]!;
  if (reply.status === 204) {
    expect(reply.text).toBe('');
    return;
  }
  if (promised && !promised.content) throw new Error(`${where}: a body that is not documented`);
  expect(reply.headers.get('content-type'), where).toBe(type);
  const parsed = schemaOf(document, content.schema).safeParse(reply.json);
  expect(parsed.error && z.prettifyError(parsed.error), where).toBeUndefined();
}

function schemaOf(document: Document, schema: object): z.ZodType {
  const lifted = JSON.stringify({ ...schema, $defs: document.components.schemas }, (key, value) =>
    // JSON Schema's patterns have the u flag (2020-12, §6.4); zod reads them without.
    key === 'pattern' && typeof value === 'string' && value.includes('\\p{') ? undefined : value,
  );
  return z.fromJSONSchema(JSON.parse(lifted.replaceAll('#/components/schemas/', '#/$defs/')));
}

export const publicationBody = (slug: string, more: Record<string, unknown> = {}) => ({
  slug,
  name: 'API Weekly',
  language: 'en',
  timeZone: 'Asia/Seoul',
  from: { name: 'API Weekly', address: 'news@example.org' },
  postalAddress: 'Seoul',
  fields: { city: '', tags: '' },
  ...more,
});

export const issueText = (title: string, more = ''): string =>
  `---\ntitle: ${title}\nsubject: ${title}\npreheader: What happened this week in the world of small models and large\n---\nHello {{name|reader}}!\n\n## A paper\n\nIt says [something](https://example.org/${title.replace(/\W/g, '')}).\n\n${more}\n`;
