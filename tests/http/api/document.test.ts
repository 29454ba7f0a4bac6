import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newToken, type Scope, scopes } from '../../../src/http/api/tokens.ts';
import { createApp } from '../../../src/http/server.ts';
import { type Api, openApi, publicationBody } from './support.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

interface Operation {
  method: string;
  template: string;
  path: string;
  scope: Scope | undefined;
  hasBody: boolean;
}

const operations = (): Operation[] =>
  Object.entries(api.document.paths as Record<string, Record<string, never>>).flatMap(([template, methods]) =>
    Object.entries(methods).map(
      ([method, operation]: [string, { security: { token: Scope[] }[]; requestBody?: unknown }]) => ({
        method: method.toUpperCase(),
        template,
        path: template.replace(/\{(\w+)\}/g, (_, name) =>
          name === 'publication' || name === 'segment' ? 'none' : '999',
        ),
        scope: operation.security[0]?.token[0],
        hasBody: operation.requestBody !== undefined,
      }),
    ),
  );

test('the document is valid OpenAPI 3.1, and no operation has the name of another', async () => {
  const result = await new Validator().validate(structuredClone(api.document));
  expect(result.errors).toBeUndefined();
  expect(result.valid).toBe(true);
  const ids = Object.values(api.document.paths).flatMap(path =>
    Object.values(path as Record<string, { operationId: string }>).map(each => each.operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
});

test('every route has a document and every document a route', async () => {
  const app = await createApp(api.services);
  const mounted = app.routes
    .filter(each => each.path.startsWith('/api/v1/') && each.method !== 'ALL')
    .map(each => `${each.method} ${each.path.slice('/api/v1'.length).replace(/:(\w+)/g, '{$1}')}`);
  const documented = operations().map(each => `${each.method} ${each.template}`);
  expect(mounted.toSorted()).toEqual(documented.toSorted());
  expect(documented.length).toBeGreaterThan(30);
});

test('every route refuses without a token, with an unknown one, and with every scope but its own', async () => {
  for (const { method, path, scope, hasBody } of operations()) {
    if (!scope) continue;
    const sent = hasBody ? { body: {} } : {};
    const anonymous = await api.call(method, path, { ...sent, headers: { authorization: '' } });
    expect([anonymous.status, anonymous.headers.get('www-authenticate')], `${method} ${path}`).toEqual([401, 'Bearer']);
    expect((await api.call(method, path, { ...sent, token: newToken() })).status).toBe(401);
    const others = await api.tokenWith(scopes.filter(each => each !== scope));
    const refused = await api.call(method, path, { ...sent, token: others });
    expect([refused.status, refused.json.code], `${method} ${path}`).toEqual([403, 'FORBIDDEN']);
    const own = await api.tokenWith([scope]);
    expect([401, 403], `${method} ${path}`).not.toContain(
      (await api.call(method, path, { ...sent, token: own })).status,
    );
  }
});

describe('what is no request for anything', () => {
  test('addresses that nothing is at, and methods that they do not take', async () => {
    for (const path of [
      '',
      '/',
      '/nothing',
      '/publications/',
      '/issues/999/nothing',
      '/issues/%00/status',
      '/issues/%zz',
      '/issues/slug/status',
    ]) {
      const reply = await api.call('GET', path);
      expect([reply.status, reply.json.code], path).toEqual([404, 'ROUTE_UNKNOWN']);
    }
    for (const [method, path, allow] of [
      ['POST', '/publications', 'GET, HEAD'],
      ['DELETE', '/publications/x', 'GET, HEAD, PUT'],
      ['PATCH', '/issues/1', 'GET, HEAD, DELETE'],
      ['GET', '/issues/1/send', 'POST'],
      ['OPTIONS', '/publications', 'GET, HEAD'],
    ] as const) {
      const reply = await api.call(method, path, { headers: { origin: 'https://elsewhere.example' } });
      expect([reply.status, reply.headers.get('allow')], `${method} ${path}`).toEqual([405, allow]);
      expect(reply.headers.get('access-control-allow-origin')).toBeNull();
    }
    expect((await api.call('GET', '/issues/999/status')).json).toMatchObject({ status: 404, code: 'ISSUE_UNKNOWN' });
    expect(
      (await fetch(`${api.url}/publications`, { method: 'HEAD', headers: { authorization: `Bearer ${api.token}` } }))
        .status,
    ).toBe(200);
  });

  test('queries', async () => {
    for (const [query, parameter] of [
      ['limit=0', 'limit'],
      ['limit=201', 'limit'],
      ['limit=1&limit=2', 'limit'],
      ['since=yesterday', 'since'],
      ['kind=opened', 'kind'],
      ['sort=at', 'sort'],
      ['issue=-1', 'issue'],
    ] as const) {
      const reply = await api.call('GET', `/events?${query}`);
      expect([reply.status, reply.json.errors?.[0]?.parameter], query).toEqual([422, parameter]);
    }
    const foreign = Buffer.from('["ledger",1]').toString('base64url');
    for (const cursor of ['x', '%00', Buffer.from('["events",1e99,1]').toString('base64url'), foreign]) {
      const reply = await api.call('GET', `/events?cursor=${cursor}`);
      expect([reply.status, reply.json.code], cursor).toEqual([400, 'CURSOR_INVALID']);
    }
    expect((await api.call('GET', '/events?since=0000-01-01T00:00:00Z')).status).toBe(200);
  });
});

describe('hostile bodies', () => {
  const path = '/publications/hostile';
  const put = (sent: Parameters<Api['call']>[2]) => api.call('PUT', path, sent);

  test('are refused by kind and size', async () => {
    const text = JSON.stringify(publicationBody('hostile'));
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=euc-kr', ''])
      expect((await put({ raw: text, headers: { 'content-type': type } })).status, type).toBe(415);
    expect((await put({ raw: text, headers: { 'content-encoding': 'gzip' } })).status).toBe(415);
    // A publication may bring templates; a segment is a form's worth.
    const large = { raw: `{"slug":"${'x'.repeat(70_000)}"}` };
    expect((await api.call('PUT', `${path}/segments/large`, large)).status).toBe(413);
    expect((await put(large)).status).toBe(422);
    const stream = new ReadableStream({
      pull: controller => controller.enqueue(Buffer.alloc(32 * 1024, 32)),
    });
    const endless = await fetch(`${api.url}${path}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' },
      body: stream,
      duplex: 'half',
    } as RequestInit).catch(() => undefined);
    // Node's client may see the connection end before it reads the answer.
    if (endless) expect(endless.status).toBe(413);
  });

  test('are refused when they are no JSON, too deep, or no text that can be stored', async () => {
    for (const raw of ['', '{', 'null}', '{"slug":1,}', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])]) {
      const reply = await put({ raw });
      expect([reply.status, reply.json.code], String(raw)).toEqual([400, 'BODY_UNREADABLE']);
    }
    expect((await put({ raw: '['.repeat(30_000) + ']'.repeat(30_000) })).status).toBe(400);
    for (const raw of ['{"name":"a\\u0000b"}', '{"name":"\\ud800"}', '{"fields":{"\\u0000":"x"}}']) {
      const reply = await put({ raw });
      expect([reply.status, reply.json.code], raw).toEqual([422, 'REQUEST_INVALID']);
    }
  });

  test('have each wrong field named by a pointer', async () => {
    const reply = await put({
      body: { ...publicationBody('hostile'), from: { name: '', address: 'x@gmail.com' }, 'a/b~': 1, language: 'fr' },
    });
    expect(reply.status).toBe(422);
    expect(reply.json.errors.map((each: { pointer: string }) => each.pointer).toSorted()).toEqual([
      '#/a~1b~0',
      '#/from/address',
      '#/from/name',
      '#/language',
    ]);
    expect((await put({ raw: '{"__proto__":{"slug":"x"},"constructor":1}' })).status).toBe(422);
    for (const raw of ['null', '[]', '"x"', '1']) expect((await put({ raw })).status, raw).toBe(422);
    expect((await put({ body: publicationBody('another') })).json.errors).toEqual([
      { pointer: '#/slug', detail: 'is not the slug in the address' },
    ]);
    expect((await api.call('GET', path)).status).toBe(404);
  });
});

test('what breaks here is told without its insides', async () => {
  await api.services.sql`alter table segments rename to gone`;
  await api.call('PUT', '/publications/inside', { body: publicationBody('inside') });
  const reply = await api.call('GET', '/publications/inside/segments');
  await api.services.sql`alter table gone rename to segments`;
  expect([reply.status, reply.json.code]).toEqual([500, 'INTERNAL']);
  expect(reply.text).not.toMatch(/segments|relation|select|at \//);
});

test('while Postgres is away, that is said', async () => {
  const cut = await openApi();
  await cut.services.sql.end();
  const reply = await cut.call('GET', '/publications', { isCounted: true });
  expect([reply.status, reply.json.code]).toEqual([503, 'UNAVAILABLE']);
  await cut.close();
});
