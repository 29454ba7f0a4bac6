/** Sessions that nodemailer secures and logs in, and hands over. */
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { openConnection, parseRelay } from '../../src/deliver/relay.ts';

let server: SMTPServer;
// It warns of its built-in certificate.
beforeAll(() => void vi.spyOn(console, 'error').mockImplementation(() => {}));
afterEach(() => new Promise<void>(resolve => server.close(resolve)));

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
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.server.address() as { port: number };
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
