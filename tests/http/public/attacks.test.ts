/** What somebody with bad intentions may send to readers' links and forms, and what must come of it: nothing. */
import { createHmac, randomBytes } from 'node:crypto';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp, type Listening, listen } from '../../../src/http/server.ts';
import { type Purpose, purposes } from '../../../src/model/purposes.ts';
import { TokenSigner } from '../../../src/track/tokens.ts';
import { digestOf } from '../../support/digest.ts';
import { openStage, press, type Stage } from './support.ts';

let stage: Stage;
let server: Listening;
beforeAll(async () => {
  stage = await openStage({ readers: 8 });
  server = await listen(await createApp(stage.services), { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await server?.close();
  await stage?.services.close();
});

const digest = () => digestOf(stage.services.sql);
/** What follows the token, of every route that the app has for readers' links: a new route is attacked without being named here. */
let routes: string[];
beforeAll(() => {
  const paths = stage.app.routes.map(route => route.path).filter(path => path.startsWith('/r/:token'));
  routes = [...new Set(paths)].map(path => path.slice('/r/:token'.length));
});

/** What the forms of all routes name as their action. */
const actions = [
  ...[
    'like',
    'unlike',
    'unsubscribe',
    'unsubscribe-all',
    'resubscribe',
    'reason',
    'confirm',
    'alone',
    'apply',
    'restore',
  ],
  ...[
    'name',
    'language',
    'pause',
    'address',
    'data',
    'delete',
    'download',
    'add',
    'remove',
    'own',
    'quiet',
    'loud',
    'withdraw',
  ],
];
/** Fields that would do something with the right token. */
const fields = {
  sure: 'yes',
  name: 'x',
  body: 'x',
  reason: 'other',
  language: 'en',
  months: '1',
  address: 'x@example.org',
};

/** Every route of readers' links with this token, read and posted to. @returns the statuses seen */
async function tryAll(token: string): Promise<number[]> {
  const statuses = new Set<number>();
  for (const route of routes) {
    statuses.add((await stage.app.request(`/r/${token}${route}`)).status);
    const fields = { action: 'unsubscribe', name: 'x', 'List-Unsubscribe': 'One-Click' };
    const posted = await press(stage.app, `/r/${token}${route}`, fields);
    // 405 is said of the route, before anybody looks at the token.
    if (posted.status !== 405) statuses.add(posted.status);
  }
  return [...statuses];
}

describe('tokens', () => {
  const good = () => Buffer.from(stage.link('unsubscribe', 0).split('/')[2]!, 'base64url');

  test('any bit changed, any length, any other key: 404 everywhere, and nothing changes', async () => {
    const before = await digest();
    const tokens: string[] = [];
    for (let bit = 0; bit < 256; bit += 3) {
      const bytes = good();
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      tokens.push(bytes.toString('base64url'));
    }
    for (const length of [0, 1, 15, 16, 17, 20, 31]) tokens.push(good().subarray(0, length).toString('base64url'));
    for (const more of [1, 16, 1000]) tokens.push(Buffer.concat([good(), Buffer.alloc(more)]).toString('base64url'));
    tokens.push(Buffer.concat([good().subarray(0, 16), Buffer.alloc(16)]).toString('base64url'));
    const { sent } = stage;
    const content = {
      purpose: 'unsubscribe',
      ref: 0,
      issueId: sent.issueId,
      subscriberId: sent.subscriberIds[0]!,
    } as const;
    const stranger = new TokenSigner([randomBytes(32).toString('hex')]).bytes(content);
    tokens.push(stranger.toString('base64url'));
    // A stranger's MAC under our key's number; a plain HMAC of the secret as it stands in the configuration.
    stranger[0] = good()[0]!;
    tokens.push(stranger.toString('base64url'));
    const naive = good();
    createHmac('sha256', stage.services.env.SECRET_KEYS!).update(naive.subarray(0, 16)).digest().copy(naive, 16, 0, 16);
    tokens.push(naive.toString('base64url'));
    // The same 32 bytes in other spellings.
    tokens.push(good().toString('base64'), good().toString('hex'), `${good().toString('base64url')}=`);
    for (const token of new Set(tokens)) {
      const answer = await press(stage.app, `/r/${token}/unsubscribe`, { 'List-Unsubscribe': 'One-Click' });
      expect([token, answer.status]).toEqual([token, 404]);
    }
    for (const token of tokens.slice(0, 5)) expect(await tryAll(token)).toEqual([404]);
    expect(await digest()).toEqual(before);
  });

  test('the routes are known, and each purpose but that of return paths has one', () => {
    const expected = purposes.filter(purpose => purpose !== 'bounce' && purpose !== 'click').map(one => `/${one}`);
    expect([...routes].sort()).toEqual(['', ...expected].sort());
  });

  test.each(purposes)('one made for %s opens that and nothing else', async purpose => {
    const { sent, services } = stage;
    // Both ids that a token may carry, and numbers that name something: the round of a sign-up, a summary, a link.
    const before = await digest();
    for (const issueId of new Set([sent.issueId, sent.publicationId])) {
      const token = services.tokens.sign({ purpose, ref: 1, issueId, subscriberId: sent.subscriberIds[1]! });
      const own = purpose === 'click' ? '' : `/${purpose}`;
      for (const route of routes.filter(one => one !== own)) {
        expect([route, (await stage.app.request(`/r/${token}${route}`)).status]).toEqual([route, 404]);
        for (const action of [...actions, '']) {
          const posted = await press(stage.app, `/r/${token}${route}`, {
            ...fields,
            ...(action ? { action } : { 'List-Unsubscribe': 'One-Click' }),
          });
          expect([route, action, [404, 405].includes(posted.status)]).toEqual([route, action, true]);
        }
      }
    }
    expect(await digest()).toEqual(before);
  });

  test('of issues, readers and numbers that are not there: 404', async () => {
    const { sent, services } = stage;
    const nobody = { issueId: sent.issueId, subscriberId: 2 ** 47 };
    const nothing = { issueId: 2 ** 47, subscriberId: sent.subscriberIds[0]! };
    for (const purpose of ['like', 'preferences', 'click'] satisfies Purpose[]) {
      const ref = purpose === 'click' ? 60_000 : 0;
      const route = purpose === 'click' ? '' : `/${purpose}`;
      for (const of of [nobody, nothing]) {
        const path = `/r/${services.tokens.sign({ purpose, ref, ...of })}${route}`;
        expect([path, (await stage.app.request(path)).status]).toEqual([path, 404]);
      }
    }
  });

  test('replayed a hundred times at once: one like, one leaving', async () => {
    const { sql } = stage.services;
    const id = stage.sent.subscriberIds[2]!;
    await Promise.all(
      Array.from({ length: 50 }, () => [
        press(stage.app, stage.link('like', 2), { action: 'like' }),
        press(stage.app, stage.link('unsubscribe', 2), { 'List-Unsubscribe': 'One-Click' }),
      ]).flat(),
    );
    const events = await sql`select kind, count(*) as n from events where subscriber_id = ${id} group by 1 order by 1`;
    expect([...events]).toEqual([
      { kind: 'like', n: 1 },
      { kind: 'unsubscribe', n: 1 },
    ]);
  });
});

const nasty = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; drop table subscribers; --",
  'a\r\nSet-Cookie: x=1\r\n\r\n<html>',
  '{{constructor.constructor("return process")()}}',
  '\u202Egnp.exe',
  '=HYPERLINK("https://evil.example")',
  '\ud800',
  '\u0000',
  '한'.repeat(5000),
];

describe('forms', () => {
  test.each(nasty)('a name like %j is text, in the page and in the header', async name => {
    const path = stage.link('preferences', 3);
    const answer = await press(stage.app, path, { action: 'name', name });
    expect([200, 303, 400]).toContain(answer.status);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('location') ?? 'preferences').toMatch(/^preferences(\?[\w=&]*)?(#\w+)?$/);
    const page = await stage.app.request(path);
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).not.toMatch(/<script|<img|onerror=[^&]*>/i);
    const [row] = await stage.services.sql<{ name: string }[]>`
      select name from subscribers where id = ${stage.sent.subscriberIds[3]!}`;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
    expect(row!.name).not.toMatch(/[\u0000-\u001f]/);
    expect(row!.name.length).toBeLessThanOrEqual(100);
  });

  test('fields and parameters decide nothing they were not made for', async () => {
    const link = stage.link('preferences', 4);
    const before = await digest();
    for (const fields of [
      { action: 'constructor' },
      { action: '__proto__', name: 'x' },
      { action: 'delete', email: 'evil@example.net', state: 'unsubscribed', subscriber_id: '1' },
    ] as Record<string, string>[])
      expect((await press(stage.app, link, fields)).status).toBeLessThan(500);
    for (const query of [
      '?lang=//evil.example',
      '?lang=en%0d%0aX-Evil:%201',
      '?done=<script>',
      '?next=https://evil.example',
      '?url=//evil.example',
    ]) {
      for (const purpose of ['like', 'unsubscribe', 'preferences', 'web'] as const) {
        const answer = await stage.app.request(stage.link(purpose, 4) + query);
        expect(answer.headers.get('x-evil')).toBeNull();
        expect(answer.headers.get('location')).toBeNull();
        expect(await answer.text()).not.toMatch(/evil\.example|done=<script>/);
      }
      const followed = await stage.app.request(stage.link('click', 4, 1) + query);
      expect(followed.headers.get('location')).toBe('https://arxiv.org/abs/2406.00001');
      const posted = await press(stage.app, stage.link('like', 4, 2) + query, { action: 'unlike' });
      expect(posted.headers.get('location')).toMatch(/^like(\?lang=(ko|en))?$/);
    }
    const after = await digest();
    expect({ ...after, events: '' }).toEqual({ ...before, events: '' });
  });

  test('ten thousand fields, deep names, a broken part: answered, and nobody is busy with it', async () => {
    const many = Array.from({ length: 4000 }, (_, i) => `a${i}=1`).join('&');
    const deep = `${'a['.repeat(5000)}=1&__proto__[x]=1`;
    const part = '--x\r\nContent-Disposition: form-data; name="action"\r\n\r\nlike';
    for (const [type, body] of [
      ['application/x-www-form-urlencoded', many],
      ['application/x-www-form-urlencoded', deep],
      ['application/x-www-form-urlencoded', '%%%=%'],
      ['multipart/form-data; boundary=x', part],
      ['multipart/form-data', part],
      ['application/json', '{"action":"unlike"}'],
      ['text/plain', 'action=unlike'],
    ] as const) {
      const answer = await stage.app.request(stage.link('preferences', 5), {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });
      expect([type, answer.status < 500]).toEqual([type, true]);
    }
    expect(({} as { x?: string }).x).toBeUndefined();
  });
});

test('a method in disguise is not that method', async () => {
  const before = await digest();
  const disguises = { 'x-http-method-override': 'POST', 'x-http-method': 'POST', 'x-method-override': 'POST' };
  for (const purpose of ['like', 'unsubscribe', 'preferences'] as const) {
    const path = stage.link(purpose, 6);
    for (const method of ['GET', 'HEAD'])
      await stage.app.request(`${path}?_method=POST&action=like&List-Unsubscribe=One-Click`, {
        method,
        headers: disguises,
      });
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      const answer = await stage.app.request(path, { method, headers: disguises });
      expect([method, answer.status]).toEqual([method, 405]);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  }
  expect(await digest()).toEqual(before);
});

test('links are those of PUBLIC_URL, whatever the Host says', async () => {
  const paths = [
    stage.link('like', 6),
    stage.link('unsubscribe', 6),
    stage.link('web', 6),
    '/',
    '/p/watch',
    '/p/watch/first',
    '/r/x',
  ];
  for (const path of paths) {
    const answer = await raw(
      `GET ${path} HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: gopher\r\nForwarded: host=evil.example\r\nX-Original-URL: /console\r\nConnection: close\r\n\r\n`,
    );
    expect([path, answer.slice(0, 12)]).toEqual([path, path === '/r/x' ? 'HTTP/1.1 404' : 'HTTP/1.1 200']);
    expect(answer).not.toMatch(/evil\.example|gopher:/);
  }
});

test('paths that climb, double slashes, encodings: never a file, never another host', async () => {
  for (const path of [
    '/../../../etc/passwd',
    '/p/../../etc/passwd',
    '/p/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    '/p/watch/..%2f..%2f..%2fetc%2fpasswd',
    '/p/watch/....//....//etc/passwd',
    '/p/watch%00.html',
    '//evil.example/%2e%2e',
    '/\\evil.example',
    '/p/watch/first/',
    '/%5cevil.example',
    '/r/../console/../metrics/..',
    'http://evil.example/',
    `/p/${'a'.repeat(4000)}`,
  ]) {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect([path, /^HTTP\/1\.1 (200|404|400)/.test(answer)]).toEqual([path, true]);
    expect(answer).not.toMatch(/root:|\r\nlocation:/i);
  }
});

describe('the server itself', () => {
  test.each([
    ['no end of one header', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(40_000)}\r\n\r\n`, /^HTTP\/1\.1 431/],
    ['many headers', `GET / HTTP/1.1\r\nHost: x\r\n${'A: bbbbbbbbbbbb\r\n'.repeat(3000)}\r\n`, /^HTTP\/1\.1 431/],
    ['a long line', `GET /${'a'.repeat(40_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, /^HTTP\/1\.1 (431|414)/],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd',
      /^HTTP\/1\.1 400/,
    ],
    [
      'length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      /^HTTP\/1\.1 400/,
    ],
    ['nonsense', '\x16\x03\x01\x02\x00\x01', /^HTTP\/1\.1 400/],
  ])('%s: refused', async (_what, request, expected) => {
    expect(await raw(request)).toMatch(expected);
  });

  test('a body without end, by chunks, is cut off at its limit', async () => {
    const path = stage.link('preferences', 7);
    const chunk = `${(8192).toString(16)}\r\n${'a'.repeat(8192)}\r\n`;
    const answer = await raw(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(20)}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413/);
  });

  test('requests that never end are ended by the server, and others are served meanwhile', async () => {
    const quick = await listen(
      await createApp(stage.services),
      { host: '127.0.0.1', port: 0 },
      {
        headersMs: 300,
        requestMs: 600,
        checkMs: 100,
      },
    );
    try {
      const open = (text: string) => hang(quick.port, text);
      const slow = [
        ...Array.from({ length: 50 }, () => open('GET / HTTP/1.1\r\nHost: x\r\nA:')),
        ...Array.from({ length: 50 }, () =>
          open(`POST ${stage.link('like', 7)} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\na`),
        ),
      ];
      expect((await fetch(`http://127.0.0.1:${quick.port}/healthz`)).status).toBe(200);
      // That they end is the point: with 408, or as half a form, which does nothing.
      for (const ended of await Promise.all(slow)) expect(ended).toMatch(/^(HTTP\/1\.1 (408|303)|$)/);
      const likes = await stage.services.sql`select from likes where subscriber_id = ${stage.sent.subscriberIds[7]!}`;
      expect(likes).toHaveLength(0);
    } finally {
      await quick.close();
    }
  });
});

/** All that a server says to these bytes until it ends. */
function raw(text: string): Promise<string> {
  return hang(server.port, text);
}

function hang(port: number, text: string): Promise<string> {
  return new Promise(resolve => {
    let said = '';
    const socket = net.connect(port, '127.0.0.1', () => socket.write(text, 'latin1'));
    socket.setEncoding('latin1');
    socket.on('data', data => {
      said += data;
    });
    // A server that refuses what is still being written may reset: what it said before counts.
    socket.on('error', () => {});
    socket.on('close', () => resolve(said));
  });
}
