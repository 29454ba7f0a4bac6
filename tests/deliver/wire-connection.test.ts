import { afterEach, expect, test } from 'vitest';
import { openConnection, parseRelay } from '../../src/deliver/relay.ts';
import { type Relay, type Script, startRelay } from '../support/relay.ts';

let relay: Relay;
afterEach(() => relay.close());

const raw = Buffer.from('Subject: x\r\n\r\nbody line\r\n');

async function deliver(script: Script, bytes = raw) {
  relay = await startRelay(script);
  const connection = await openConnection(parseRelay(relay.url));
  const outcome = await connection.deliver('from@example.org', 'to@example.net', bytes);
  connection.leave();
  return { outcome, connection };
}

test.each([{ extensions: [] }, { extensions: ['PIPELINING'] }])(
  'the bytes arrive as they are, whatever the relay offers (%o)',
  async script => {
    const big = Buffer.concat([
      Buffer.from('Subject: big\r\n\r\n'),
      Buffer.from(`${'가나다'.repeat(8)}\r\n`.repeat(20_000)),
    ]);
    const { outcome } = await deliver(script, big);
    expect(outcome).toMatchObject({ phase: 'dot', error: undefined });
    expect(outcome.reply).toMatch(/^250/);
    expect(Buffer.from(relay.accepted[0]!.raw, 'latin1').equals(big)).toBe(true);
  },
);

test('a connection carries many messages', async () => {
  relay = await startRelay();
  const connection = await openConnection(parseRelay(relay.url));
  for (let i = 0; i < 50; i++)
    expect((await connection.deliver('f@example.org', `r${i}@example.net`, raw)).reply).toMatch(/^250/);
  expect(relay.accepted.map(m => m.to)).toEqual(Array.from({ length: 50 }, (_, i) => `r${i}@example.net`));
  expect(relay.connections).toBe(1);
  connection.leave();
});

test('a refusal at each step is quoted, and the connection goes on', async () => {
  for (const step of ['mail', 'rcpt', 'data', 'done'] as const) {
    const { outcome, connection } = await deliver({ [step]: () => '550 5.1.1 no such user' });
    expect(outcome.reply, step).toBe('550 5.1.1 no such user');
    expect(outcome.phase, step).toBe(step === 'done' ? 'dot' : 'envelope');
    expect(connection.used).toBe(1);
    await relay.close();
  }
});

test('multi-line replies come whole', async () => {
  const { outcome } = await deliver({ rcpt: () => '550-5.7.1 first\r\n550 5.7.1 second' });
  expect(outcome.reply).toMatch(/first\n.*second/);
});

test.each([
  ['before MAIL is answered', { mail: () => 'drop' }, 'envelope'],
  ['at RCPT', { rcpt: () => 'drop' }, 'envelope'],
  ['before 354', { data: () => 'drop' }, 'envelope'],
  ['after the final dot', { done: () => 'drop' }, 'dot'],
] as const)('a connection lost %s is told apart', async (_name, script, phase) => {
  const { outcome, connection } = await deliver(script as Script);
  expect(outcome).toMatchObject({ phase, reply: undefined });
  expect(outcome.error).toBeTruthy();
  expect(connection.usable).toBe(false);
});

test('a connection lost inside a large body never counts as sent', async () => {
  // Larger than what two kernels buffer, so that the dot cannot have left.
  const { outcome } = await deliver(
    { body: () => 'drop' },
    Buffer.concat([Buffer.from('Subject: x\r\n\r\n'), Buffer.alloc(32 << 20, 'x\r\n')]),
  );
  expect(outcome).toMatchObject({ phase: 'body', reply: undefined });
});

test('a 421 in mid-session is quoted and ends the connection', async () => {
  const { outcome, connection } = await deliver({ rcpt: () => '421 4.7.0 try later' });
  expect(outcome.reply).toMatch(/^421/);
  expect(connection.usable).toBe(false);
});

test('after a refused recipient the next message goes out on the same connection', async () => {
  relay = await startRelay({ rcpt: to => (to.startsWith('bad') ? '550 5.1.1 no such user' : '250 ok') });
  const connection = await openConnection(parseRelay(relay.url));
  for (const to of ['bad1@example.net', 'bad2@example.net', 'good@example.net'])
    await connection.deliver('f@example.org', to, raw);
  expect(relay.accepted.map(m => m.to)).toEqual(['good@example.net']);
  expect(relay.connections).toBe(1);
  connection.leave();
});

test('a relay that hangs up while it is told to forget an envelope ends that transaction, not the lane', async () => {
  relay = await startRelay({ rcpt: () => '550 5.1.1 no', rset: () => 'drop' });
  const connection = await openConnection(parseRelay(relay.url));
  await connection.deliver('f@example.org', 'a@example.net', raw);
  expect(await connection.deliver('f@example.org', 'b@example.net', raw)).toMatchObject({
    phase: 'envelope',
    reply: undefined,
  });
  expect(connection.usable).toBe(false);
});
