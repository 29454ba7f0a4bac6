/** The dialogue of one connection, to the byte. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { classify } from '../../src/deliver/classify.ts';
import { openConnection, parseRelay } from '../../src/deliver/relay.ts';
import { type Patience, patience, WireConnection } from '../../src/deliver/wire-connection.ts';
import { type ScriptedRelay, type Step, startScript } from './scripted-relay.ts';

let relay: ScriptedRelay;
afterEach(() => relay.close());

const raw = Buffer.from('Subject: x\r\n\r\nbody line\r\n');
/** More than two kernels buffer. */
const large = Buffer.alloc(32 << 20, `${'x'.repeat(62)}\r\n`);
const pipelining = ['PIPELINING'];
const envelope = (to: string) => `MAIL FROM:<f@example.org>\r\nRCPT TO:<${to}@example.net>\r\nDATA\r\n`;

async function open(extensions: string[], steps: Step[], given?: Patience): Promise<WireConnection> {
  relay = await startScript(extensions, steps);
  if (!given) return openConnection(parseRelay(relay.url));
  const connection = new WireConnection(parseRelay(relay.url), given);
  await connection.open(undefined);
  return connection;
}

const deliver = (connection: WireConnection, to = 'a', bytes = raw, onTaken?: () => void) =>
  connection.deliver('f@example.org', `${to}@example.net`, bytes, onTaken);

/** The client's words after its EHLO. */
const said = () => relay.received().replace(/^EHLO .*\r\n/, '');

const accepts: Step[] = [
  [/DATA\r\n$/, '250 ok\r\n250 ok\r\n354 go\r\n'],
  [/\r\n\.\r\n$/, '250 2.0.0 queued\r\n'],
];

describe('with PIPELINING', () => {
  test('the envelope is one write, and a recipient refused leaves a session for the next', async () => {
    const connection = await open(pipelining, [
      [/DATA\r\n$/, '250 ok\r\n550 5.1.1 no such user\r\n554 5.5.1 no valid recipients\r\n'],
      [/DATA\r\n$/, '250 forgotten\r\n250 ok\r\n250 ok\r\n354 go\r\n'],
      [/\r\n\.\r\n$/, '250 2.0.0 queued\r\n'],
    ]);
    expect(await deliver(connection, 'a')).toEqual({
      phase: 'envelope',
      reply: '550 5.1.1 no such user',
      error: undefined,
      refused: 'rcpt',
    });
    expect(await deliver(connection, 'b')).toEqual({ phase: 'dot', reply: '250 2.0.0 queued', error: undefined });
    expect(said()).toBe(`${envelope('a')}RSET\r\n${envelope('b')}${raw}.\r\n`);
    expect(connection.usable).toBe(true);
  });

  test('354 although the recipient was refused gets an empty body, never the message', async () => {
    const connection = await open(pipelining, [
      [/DATA\r\n$/, '250 ok\r\n450 4.2.1 slow down\r\n354 go\r\n'],
      [/^\.\r\n$/, '554 5.5.1 no valid recipients\r\n'],
      [/DATA\r\n$/, '250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n'],
      [/\r\n\.\r\n$/, '250 queued\r\n'],
    ]);
    expect(await deliver(connection, 'a')).toEqual({
      phase: 'envelope',
      reply: '450 4.2.1 slow down',
      error: undefined,
      refused: 'rcpt',
    });
    expect((await deliver(connection, 'b')).reply).toBe('250 queued');
    expect(said()).toBe(`${envelope('a')}.\r\nRSET\r\n${envelope('b')}${raw}.\r\n`);
  });

  test('354 although the sender was refused ends the connection: not even a dot follows', async () => {
    const connection = await open(pipelining, [[/DATA\r\n$/, '550 5.7.1 not you\r\n503 no\r\n354 go\r\n']]);
    expect(await deliver(connection)).toEqual({
      phase: 'envelope',
      reply: '550 5.7.1 not you',
      error: undefined,
      refused: 'mail',
    });
    expect(connection.usable).toBe(false);
    expect(said()).toBe(envelope('a'));
  });

  test('the first refusal counts, and all replies are waited for', async () => {
    const connection = await open(pipelining, [
      [/DATA\r\n$/, ['550 5.7.1 not you\r\n503 5.5.1 MAIL fir', 'st\r\n', '503 5.5.1 MAIL first\r\n']],
      [/DATA\r\n$/, '250 ok\r\n250 ok\r\n250 ok\r\n451 4.3.0 later\r\n'],
    ]);
    expect((await deliver(connection, 'a')).reply).toBe('550 5.7.1 not you');
    expect(await deliver(connection, 'b')).toEqual({
      phase: 'envelope',
      reply: '451 4.3.0 later',
      error: undefined,
      refused: 'data',
    });
    expect(connection.usable).toBe(true);
  });

  test('a refusal counts although the connection is lost before the other replies', async () => {
    const connection = await open(pipelining, [[/DATA\r\n$/, '250 ok\r\n550 5.1.1 no such user\r\n', 'end']]);
    expect(await deliver(connection)).toEqual({
      phase: 'envelope',
      reply: '550 5.1.1 no such user',
      error: undefined,
      refused: 'rcpt',
    });
    expect(connection.usable).toBe(false);
  });

  test('a 421 stands for all replies that do not come any more', async () => {
    const connection = await open(pipelining, [[/DATA\r\n$/, '250 ok\r\n421 4.7.0 try later\r\n']]);
    expect(await deliver(connection)).toEqual({
      phase: 'envelope',
      reply: '421 4.7.0 try later',
      error: undefined,
      refused: 'rcpt',
    });
    expect(connection.usable).toBe(false);
  });

  test('a relay that does not forget a refused envelope is left, before any data', async () => {
    const connection = await open(pipelining, [
      [/DATA\r\n$/, '250 ok\r\n550 no\r\n503 no\r\n'],
      [/DATA\r\n$/, '502 what is RSET\r\n250 ok\r\n250 ok\r\n354 go\r\n'],
    ]);
    await deliver(connection, 'a');
    expect(await deliver(connection, 'b')).toMatchObject({ phase: 'envelope', reply: undefined });
    expect(connection.usable).toBe(false);
    expect(said()).not.toContain('Subject');
  });
});

test('without PIPELINING each command waits, and none follows a refusal', async () => {
  const connection = await open(
    [],
    [
      [/^MAIL .*\r\n$/, '250 ok\r\n'],
      [/^RCPT .*\r\n$/, '550-5.1.1 no\r\n550 5.1.1 such user\r\n'],
      [/^RSET\r\n$/, '250 ok\r\n'],
      [/^MAIL .*\r\n$/, '250 ok\r\n'],
      [/^RCPT .*\r\n$/, '250 ok\r\n'],
      [/^DATA\r\n$/, '354 go\r\n'],
      [/\r\n\.\r\n$/, '250 queued\r\n'],
    ],
  );
  expect((await deliver(connection, 'a')).reply).toBe('550-5.1.1 no\n550 5.1.1 such user');
  expect((await deliver(connection, 'b')).reply).toBe('250 queued');
});

test('SIZE is told when the relay asks for it', async () => {
  const connection = await open(['SIZE 1000000', 'PIPELINING'], accepts);
  await deliver(connection);
  expect(said()).toMatch(`MAIL FROM:<f@example.org> SIZE=${raw.length}\r\n`);
});

test('replies in pieces of a byte', async () => {
  const bytes = (text: string) => Array.from(Buffer.from(text), byte => Buffer.from([byte]));
  const connection = await open(pipelining, [
    [/DATA\r\n$/, bytes('250-2.1.0 그래요\r\n250 2.1.0 ok\r\n250 ok\r\n354 go\r\n')],
    [/\r\n\.\r\n$/, bytes('250-2.0.0 받았\r\n250 2.0.0 어요\r\n')],
  ]);
  expect((await deliver(connection)).reply).toBe('250-2.0.0 받았\n250 2.0.0 어요');
});

describe('a relay that answers before it has all', () => {
  test('with a refusal: it counts, the dot is never sent, the connection ends', async () => {
    const onTaken = vi.fn();
    const connection = await open(pipelining, [
      [/DATA\r\n$/, '250 ok\r\n250 ok\r\n354 go\r\n'],
      [/x{62}/, '552 5.3.4 too big\r\n', 'hold'],
    ]);
    const outcome = await deliver(connection, 'a', large, onTaken);
    expect(outcome).toEqual({ phase: 'body', reply: '552 5.3.4 too big', error: undefined });
    expect(classify(outcome).state).toBe('rejected');
    expect(connection.usable).toBe(false);
    expect(onTaken).not.toHaveBeenCalled();
    expect(said()).not.toContain('\r\n.\r\n');
  });

  test('with a yes: it is no yes', async () => {
    const connection = await open(pipelining, [
      [/DATA\r\n$/, '250 ok\r\n250 ok\r\n354 go\r\n'],
      [/x{62}/, '250 queued\r\n', 'hold'],
    ]);
    const outcome = await deliver(connection, 'a', large);
    expect(outcome).toMatchObject({ phase: 'body', reply: undefined });
    expect(classify(outcome).state).toBe('deferred');
    expect(connection.usable).toBe(false);
  });

  test('with more replies than commands: the surplus is nobody else’s answer', async () => {
    const connection = await open(pipelining, [
      [/DATA\r\n$/, '250 ok\r\n250 ok\r\n354 go\r\n'],
      [/\r\n\.\r\n$/, '250 queued\r\n250 queued\r\n'],
    ]);
    expect((await deliver(connection, 'a')).reply).toBe('250 queued');
    expect(connection.usable).toBe(false);
    expect(await deliver(connection, 'b')).toMatchObject({ phase: 'envelope', reply: undefined });
    expect(said()).not.toContain('b@example.net');
  });
});

test.each([
  ['what is no reply', 'queued, thank you\r\n'],
  ['354', '354 go on\r\n'],
  ['lines of two minds', '250-queued\r\n550 refused\r\n'],
  ['a reply without end', `250-${'x'.repeat(20_000)}`],
])('after the dot, %s says nothing: the row is unknown', async (_name, answer) => {
  const connection = await open(pipelining, [accepts[0]!, [/\r\n\.\r\n$/, answer]]);
  const outcome = await deliver(connection);
  expect(outcome).toMatchObject({ phase: 'dot', reply: undefined });
  expect(outcome.error).toBeTruthy();
  expect(classify(outcome).state).toBe('unknown');
  expect(connection.usable).toBe(false);
});

test('a refusal cut off by the end of the connection is quoted, a yes is not believed', async () => {
  for (const [answer, reply] of [
    ['554 5.7.1 spam', '554 5.7.1 spam'],
    ['250 queu', undefined],
  ] as const) {
    const connection = await open(pipelining, [accepts[0]!, [/\r\n\.\r\n$/, answer, 'end']]);
    expect(await deliver(connection)).toMatchObject({ phase: 'dot', reply });
    await relay.close();
  }
});

test('a relay that ends an idle session is noticed before the next message', async () => {
  const connection = await open(pipelining, [...accepts, [/^$/, ['421 4.4.2 idle\r\n'], 'end']]);
  await deliver(connection, 'a');
  await relay.done;
  await vi.waitFor(() => expect(connection.usable).toBe(false));
  expect(await deliver(connection, 'b')).toMatchObject({ phase: 'envelope', reply: undefined });
});

test('the memory of a message is given back once, when the kernel has it', async () => {
  const onTaken = vi.fn();
  const connection = await open(pipelining, [
    [/DATA\r\n$/, '250 ok\r\n550 no\r\n503 no\r\n'],
    [/DATA\r\n$/, '250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n'],
    [/\r\n\.\r\n$/, '250 queued\r\n'],
  ]);
  await deliver(connection, 'a', raw, onTaken);
  expect(onTaken).not.toHaveBeenCalled();
  await deliver(connection, 'b', raw, onTaken);
  expect(onTaken).toHaveBeenCalledTimes(1);
});

test('an address that would end its command is not sent', async () => {
  const connection = await open(pipelining, accepts);
  for (const to of ['a@example.net>\r\nRCPT TO:<b', 'a<b', 'é', ''])
    expect(await connection.deliver('f@example.org', to, raw)).toMatchObject({ phase: 'envelope', reply: undefined });
  expect(connection.usable).toBe(true);
  expect((await deliver(connection)).reply).toMatch(/^250/);
  expect(said()).toBe(`${envelope('a')}${raw}.\r\n`);
});

describe('patience', () => {
  test('is five minutes for a command, ten for a body and after the dot (RFC 5321 §4.5.3.2)', () => {
    expect(patience).toEqual({ command: 300_000, body: 600_000, dot: 600_000 });
  });

  const long = 3_600_000;
  test.each<[string, Patience, Step[], typeof raw | typeof large, string]>([
    ['in the envelope', { command: 50, body: long, dot: long }, [[/DATA/, '250 ok\r\n']], raw, 'envelope'],
    [
      'while it takes no data',
      { command: long, body: 50, dot: long },
      [[/DATA/, '250 ok\r\n250 ok\r\n354 go\r\n', 'hold']],
      large,
      'body',
    ],
    ['after the dot', { command: long, body: long, dot: 50 }, accepts.slice(0, 1), raw, 'dot'],
  ])('ends %s', async (_name, given, steps, bytes, phase) => {
    const connection = await open(pipelining, steps, given);
    const outcome = await deliver(connection, 'a', bytes);
    expect(outcome).toMatchObject({ phase, reply: undefined });
    expect(outcome.error).toMatch('silent');
    expect(connection.usable).toBe(false);
  });

  test('is not stretched by a reply that comes in drops', async () => {
    const drops = Array.from({ length: 20_000 }, () => 'x');
    const connection = await open(pipelining, [accepts[0]!, [/\r\n\.\r\n$/, ['250-', ...drops]]], {
      command: long,
      body: long,
      dot: 30,
    });
    const outcome = await deliver(connection);
    expect(outcome).toMatchObject({ phase: 'dot', reply: undefined });
    expect(outcome.error).toMatch('silent');
  });

  test('does not outlive its transaction', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const connection = await open(pipelining, accepts);
      const outcome = deliver(connection);
      expect(vi.getTimerCount()).toBe(1);
      expect((await outcome).reply).toMatch(/^250/);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

test('a session that is left says so', async () => {
  const connection = await open(pipelining, [...accepts, [/^QUIT\r\n$/, '221 bye\r\n', 'end']]);
  await deliver(connection);
  connection.leave();
  await relay.done;
  expect(said()).toMatch(/QUIT\r\n$/);
});
