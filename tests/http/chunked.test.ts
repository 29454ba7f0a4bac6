/** Bodies without a stated length, over a real socket: one-click must work, and a limit must hold. */
import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Listening, listen } from '../../src/http/server.ts';
import { openStage, type Stage } from './public/support.ts';

let stage: Stage;
let server: Listening;
beforeAll(async () => {
  stage = await openStage({ readers: 2 });
  server = await listen(stage.app, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await server?.close();
  await stage?.services.close();
});

/** @returns the status of a POST sent in chunks */
function post(path: string, chunks: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{ port: server.port, host: '127.0.0.1', path, method: 'POST' },
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'transfer-encoding': 'chunked' },
      },
      answer => {
        answer.resume();
        resolve(answer.statusCode!);
      },
    );
    sent.on('error', reject);
    for (const chunk of chunks) sent.write(chunk);
    sent.end();
  });
}

test('one-click in chunks unsubscribes', async () => {
  expect(await post(stage.link('unsubscribe', 0), ['List-Unsubscribe=', 'One-Click'])).toBe(200);
  expect(await stage.state(0)).toBe('unsubscribed');
});

test('a body that grows too large in chunks is refused', async () => {
  const status = await post(stage.link('preferences', 1), [
    'action=name&name=',
    ...Array<string>(5).fill('x'.repeat(16 * 1024)),
  ]);
  expect(status).toBe(413);
});
