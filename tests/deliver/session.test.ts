/** Sessions that nodemailer secures and logs in, and hands over. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openConnection, parseRelay } from '../../src/deliver/relay.ts';
import { startScript } from './scripted-relay.ts';

let server: SMTPServer | undefined;
// It warns of its built-in certificate.
beforeAll(() => void vi.spyOn(console, 'error').mockImplementation(() => {}));
afterAll(() => void vi.restoreAllMocks());
afterEach(async () => {
  const last = server;
  server = undefined;
  if (last) await new Promise<void>(resolve => last.close(resolve));
});

const raw = Buffer.from(`Subject: x\r\n\r\n${'body line\r\n'.repeat(20_000)}`);

async function start(secure: boolean): Promise<{ url: (password: string) => string; received: Buffer[] }> {
  const received: Buffer[] = [];
  server = new SMTPServer({
    secure,
    onAuth: ({ username, password }, _session, callback) =>
      username === 'news' && password === 'right' ? callback(null, { user: 'news' }) : callback(new Error('wrong')),
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', chunk => chunks.push(chunk));
      stream.on('end', () => {
        received.push(Buffer.concat(chunks));
        callback(session.secure && session.user === 'news' ? null : new Error('in the clear'));
      });
    },
  });
  await new Promise<void>(resolve => {
    server!.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server!.server.address() as { port: number };
  const scheme = secure ? 'smtps' : 'smtp';
  // The server's certificate is its own: not verified.
  return { url: password => `${scheme}://news:${password}@127.0.0.1:${port}?tls=opportunistic`, received };
}

test.each([
  ['STARTTLS', false],
  ['TLS from the first byte', true],
])('%s and a login, then many messages', async (_name, secure) => {
  const { url, received } = await start(secure);
  const connection = await openConnection(parseRelay(url('right')));
  for (let i = 0; i < 5; i++) {
    const outcome = await connection.deliver('f@example.org', `r${i}@example.net`, raw);
    expect(outcome).toMatchObject({ phase: 'dot', reply: expect.stringMatching(/^250/) });
  }
  expect(received.every(bytes => bytes.equals(raw))).toBe(true);
  expect(received).toHaveLength(5);
  connection.leave();
});

test('a refused login is quoted and leaves nothing open', async () => {
  const { url } = await start(false);
  await expect(openConnection(parseRelay(url('wrong')))).rejects.toMatchObject({
    code: 'SMTP_UNREACHABLE',
    message: expect.stringContaining('535'),
  });
});

test('a relay that takes its STARTTLS back never hears the password', async () => {
  const relay = await startScript(['STARTTLS', 'AUTH PLAIN LOGIN'], [[/^STARTTLS\r\n$/, '454 4.7.0 not just now\r\n']]);
  const url = relay.url.replace('//', '//news:right@').replace('tls=off', 'tls=opportunistic');
  await expect(openConnection(parseRelay(url))).rejects.toThrow('offers no login');
  await relay.done;
  await relay.close();
  expect(relay.received()).toMatch(/^EHLO \S+\r\nSTARTTLS\r\n(QUIT\r\n)?$/);
});

test('a relay that offers a login in the clear, and none after its STARTTLS, never hears the password', async () => {
  let heard = '';
  let end = () => {};
  const over = new Promise<void>(resolve => {
    end = resolve;
  });
  server = new SMTPServer({
    onSecure: (socket, session, callback) => {
      (session as { disabledCommands?: string[] }).disabledCommands = ['AUTH'];
      socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1'))).once('close', () => end());
      callback();
    },
    onAuth: (_login, _session, callback) => callback(null, { user: 'news' }),
  });
  await new Promise<void>(resolve => {
    server!.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.server.address() as { port: number };
  const url = `smtp://news:right@127.0.0.1:${port}?tls=opportunistic`;
  await expect(openConnection(parseRelay(url))).rejects.toThrow('offers no login');
  await over;
  expect(heard).toMatch(/^EHLO \S+\r\n(QUIT\r\n)?$/);
});

test.each([
  ['EHLO without STARTTLS', '250-relay\r\n250 AUTH PLAIN\r\n'],
  ['no EHLO at all', '500 what?\r\n'],
])('a relay that offers no TLS, %s, never hears the password, unless tls=off', async (_name, ehlo) => {
  const heard: string[] = [];
  const plain = createTcpServer(socket => {
    socket.setEncoding('latin1').on('error', () => {});
    socket.write('220 relay\r\n');
    socket.on('data', (line: string) => {
      heard.push(line);
      if (/^QUIT/.test(line)) socket.end('221 bye\r\n');
      else socket.write(/^EHLO/.test(line) ? ehlo : /^AUTH/.test(line) ? '235 ok\r\n' : '250 ok\r\n');
    });
  });
  await new Promise<void>(resolve => plain.listen(0, '127.0.0.1', resolve));
  const { port } = plain.address() as { port: number };
  // As for a relay elsewhere: on loopback the password may go out.
  const elsewhere = parseRelay(`smtp://news:right@127.0.0.1:${port}?tls=opportunistic`);
  await expect(openConnection({ ...elsewhere, loginInClear: false })).rejects.toThrow('offers no TLS');
  expect(heard.join('')).not.toMatch(/AUTH/);
  (await openConnection(parseRelay(`smtp://news:right@127.0.0.1:${port}?tls=off`))).leave();
  expect(heard.join('')).toMatch(/AUTH PLAIN/);
  await new Promise(resolve => plain.close(resolve));
});

describe('access tokens', () => {
  let folder: string;
  let tokenServer: Server;
  let asked: URLSearchParams[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'broadsheet-oauth2-'));
    asked = [];
    tokenServer = createServer((request, response) => {
      let body = '';
      request.on('data', chunk => (body += chunk));
      request.on('end', () => {
        asked.push(new URLSearchParams(body));
        response.end(JSON.stringify({ access_token: `token-${asked.length}`, expires_in: 3600 }));
      });
    });
    await new Promise<void>(resolve => tokenServer.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await new Promise(resolve => tokenServer.close(resolve));
  });

  const write = (content: unknown) => {
    const file = join(folder, 'oauth2.json');
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  };
  const account = () => ({
    clientId: 'client',
    clientSecret: 'secret',
    refreshToken: 'refresh',
    accessUrl: `http://127.0.0.1:${(tokenServer.address() as { port: number }).port}/token`,
  });

  /** Takes `token-2` alone, so the first is refused as one that was revoked. */
  async function startXoauth2(): Promise<number> {
    server = new SMTPServer({
      authMethods: ['XOAUTH2'],
      onAuth: ({ username, accessToken }, _session, callback) =>
        username === 'news@example.org' && accessToken === 'token-2'
          ? callback(null, { user: username })
          : callback(null, { data: { status: '401', schemes: 'bearer', scope: 'mail' } } as never),
    });
    await new Promise<void>(resolve => {
      server!.listen(0, '127.0.0.1', resolve);
    });
    return (server!.server.address() as { port: number }).port;
  }

  test('are fetched with the refresh token, renewed when refused, and shared by the connections that follow', async () => {
    const port = await startXoauth2();
    const url = `smtp://news%40example.org@127.0.0.1:${port}?tls=opportunistic&oauth2=${encodeURIComponent(write(account()))}`;
    for (let i = 0; i < 3; i++) (await openConnection(parseRelay(url))).leave();
    expect(asked).toHaveLength(2);
    expect(Object.fromEntries(asked[0]!)).toEqual({
      client_id: 'client',
      client_secret: 'secret',
      refresh_token: 'refresh',
      grant_type: 'refresh_token',
    });
  });

  test.each([
    ['what is no JSON', '{"clientSecret": "s3cret', /oauth2\.json is not JSON$/],
    ['a field too few', { clientId: 'x', accessUrl: 'https://a.example/token' }, /refreshToken cannot be used/],
    [
      'a token endpoint in the clear',
      { clientId: 'x', refreshToken: 's3cret', accessUrl: 'http://a.example/' },
      /accessUrl/,
    ],
  ])('%s is refused, and no secret is quoted', async (_name, content, message) => {
    const port = await startXoauth2();
    const url = `smtp://news@127.0.0.1:${port}?tls=opportunistic&oauth2=${encodeURIComponent(write(content))}`;
    const error = await openConnection(parseRelay(url)).catch((thrown: Error) => thrown);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('s3cret');
  });

  test('a password beside them is refused', async () => {
    await startXoauth2();
    expect(() => parseRelay('smtp://news:pw@relay.example?oauth2=/x.json')).toThrow('needs a user and no password');
  });
});

test.each(['PLAIN', 'LOGIN'])('a relay that offers %s alone', async method => {
  server = new SMTPServer({
    authMethods: [method],
    onAuth: ({ username, password }, _session, callback) =>
      username === 'n ews' && password === 'p:@/ä' ? callback(null, { user: 'news' }) : callback(new Error('wrong')),
  });
  await new Promise<void>(resolve => {
    server!.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server!.server.address() as { port: number };
  const login = `${encodeURIComponent('n ews')}:${encodeURIComponent('p:@/ä')}`;
  const connection = await openConnection(parseRelay(`smtp://${login}@127.0.0.1:${port}?tls=opportunistic`));
  expect(connection.usable).toBe(true);
  connection.leave();
});
