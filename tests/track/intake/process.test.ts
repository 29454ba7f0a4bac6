import { createServer } from 'node:net';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isSuppressed } from '../../../src/db/suppressions.ts';
import { background } from '../../support/cli.ts';
import { openServices, type Services } from '../../support/services.ts';
import { dsn } from '../bounces/samples.ts';
import { acceptAll, sendIssue } from '../support.ts';
import { returnAddress } from './support.ts';

let services: Services;
beforeAll(async () => {
  services = await openServices();
});
afterAll(() => services.close());

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise(resolve => server.close(resolve));
  return port;
}

const roles = async () =>
  (await services.sql<{ role: string }[]>`select role from workers order by role`).map(row => row.role);

it('`work` takes bounces where it is told to listen, and ends in order', async () => {
  const issue = await sendIssue(services, { readers: 1 });
  await acceptAll(services.sql, issue.issueId, issue.subscriberIds, 60_000);
  const port = await freePort();
  const env = { ...services.env, INTAKE_LISTEN: `smtp://127.0.0.1:${port}` };
  const work = await background(['work'], env, /Workers are at work/);
  expect(await roles()).toContain('intake');
  const client = createTransport({ host: '127.0.0.1', port, secure: false });
  const raw = dsn({ status: '5.1.1', diagnostic: '550 5.1.1 User unknown', recipient: 'reader0@example.net' });
  const envelope = (to: string) => ({ envelope: { from: '', to }, raw });
  await client.sendMail(envelope(returnAddress(services, issue, 0)));
  expect(await isSuppressed(services.sql, services.hasher.hash('reader0@example.net'))).toBe(true);
  await expect(client.sendMail(envelope('someone@gmail.com'))).rejects.toMatchObject({ responseCode: 550 });
  client.close();
  expect(await work.stop()).toBe(0);
  expect(await roles()).toEqual([]);
  expect(work.output).not.toContain('reader0@');
}, 60_000);

it('`work` has no intake where none is configured', async () => {
  const work = await background(['work'], services.env, /Workers are at work/);
  expect(await roles()).toEqual(['deliver-batch', 'plan-issue', 'record-events', 'send-webhooks', 'tick']);
  expect(await work.stop()).toBe(0);
}, 60_000);
