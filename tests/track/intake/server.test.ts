import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectDatabase } from '../../../src/db/client.ts';
import { isSuppressed } from '../../../src/db/suppressions.ts';
import { type IntakeServer, startIntakeServer } from '../../../src/track/intake/server.ts';
import { maxMailBytes } from '../../../src/track/intake/take.ts';
import { type Relay, startRelay } from '../../support/relay.ts';
import { openServices, type Services } from '../../support/services.ts';
import { dsn } from '../bounces/samples.ts';
import { type SentIssue, sendIssue } from '../support.ts';
import { forgedAddress, freshIssue, intakeOf, leaveAddress, letter, returnAddress } from './support.ts';

let services: Services;
let relay: Relay;
let issue: SentIssue;
let server: IntakeServer;
let count = 0;
const open: Client[] = [];

beforeAll(async () => {
  services = await openServices();
  relay = await startRelay();
});
afterAll(async () => {
  await relay.close();
  await services.close();
});
beforeEach(async () => {
  issue = await freshIssue(services, relay, `issue-${++count}`);
});
afterEach(async () => {
  for (const client of open.splice(0)) client.close();
  await server.close();
});

async function start(protocol: 'smtp' | 'lmtp', deps = intakeOf(services, relay.url)): Promise<Client> {
  server = await startIntakeServer(deps, { protocol, host: '127.0.0.1', port: 0 });
  const client = new Client(connect(server.port, '127.0.0.1'));
  open.push(client);
  expect(await client.reply()).toMatch(/^220 /);
  expect(await client.ask(protocol === 'lmtp' ? 'LHLO mx.example' : 'EHLO mx.example')).toMatch(/^250/);
  return client;
}

/** A plain SMTP client: what is said is seen. */
class Client {
  readonly #socket: Socket;
  #heard = '';
  #wake = () => {};

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1').on('data', text => {
      this.#heard += text;
      this.#wake();
    });
    socket.on('error', () => {}).on('close', () => this.#wake());
  }

  /** The next whole reply. */
  async reply(): Promise<string> {
    for (;;) {
      const whole = /^(?:\d{3}-[^\n]*\r\n)*\d{3}[^\n-][^\n]*\r\n/.exec(this.#heard)?.[0];
      if (whole) {
        this.#heard = this.#heard.slice(whole.length);
        return whole.trimEnd();
      }
      if (this.#socket.destroyed) throw new Error('closed');
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
  }

  ask(line: string): Promise<string> {
    this.#socket.write(`${line}\r\n`);
    return this.reply();
  }

  /** @returns the replies to RCPT, and the last of DATA: one per recipient in LMTP */
  async mail(from: string, to: string[], raw: Buffer, answers = 1): Promise<string[]> {
    await this.ask(`MAIL FROM:<${from}>`);
    const replies: string[] = [];
    for (const address of to) replies.push(await this.ask(`RCPT TO:<${address}>`));
    if (!replies.some(reply => reply.startsWith('250'))) return replies;
    expect(await this.ask('DATA')).toMatch(/^354/);
    this.#socket.write(Buffer.concat([raw, Buffer.from('\r\n.\r\n')]));
    for (let i = 0; i < answers; i++) replies.push(await this.reply());
    return replies;
  }

  close(): void {
    this.#socket.destroy();
  }
}

const hard = dsn({ status: '5.1.1', diagnostic: '550 5.1.1 User unknown', recipient: 'reader0@example.net' });
const suppressed = (reader: number) => isSuppressed(services.sql, services.hasher.hash(`reader${reader}@example.net`));
const states = async () =>
  (await services.sql<{ state: string }[]>`select state from subscriptions order by subscriber_id`).map(r => r.state);
const events = () =>
  services.sql`select kind, source, subscriber_id from events where issue_id = ${issue.issueId} order by id`;

describe.each(['smtp', 'lmtp'] as const)('by %s', protocol => {
  it('takes a bounce to a signed return path; again changes nothing', async () => {
    const client = await start(protocol);
    const to = [returnAddress(services, issue, 0)];
    expect(await client.mail('', to, hard)).toEqual(['250 2.1.5 Accepted', '250 2.6.0 taken']);
    expect([await suppressed(0), await suppressed(1)]).toEqual([true, false]);
    const before = await events();
    expect(before).toMatchObject([{ kind: 'bounce-hard', subscriberId: issue.subscriberIds[0] }]);
    expect(await client.mail('', to, hard)).toEqual(['250 2.1.5 Accepted', '250 2.6.0 taken']);
    expect(await events()).toEqual(before);
  });

  it('refuses every address that is not ours, before DATA', async () => {
    const client = await start(protocol);
    const strangers = [
      'someone@gmail.com',
      'postmaster@example.org',
      'unsubscribe@elsewhere.example',
      'news@elsewhere.example',
      forgedAddress(issue),
      forgedAddress(issue).replace(/^b-/, 'u-'),
      returnAddress(services, issue, 0).replace(/^b-/, 'u-'),
      leaveAddress(services, issue, 0).replace(/^u-/, 'b-'),
      `x${returnAddress(services, issue, 0)}`,
      'editor@desk.example',
      'someone%gmail.com@example.org',
    ];
    const replies = await client.mail('spammer@example.com', strangers, hard);
    expect(replies).toEqual(strangers.map(() => '550 5.1.1 No such mailbox here'));
    expect(await client.ask('DATA')).toMatch(/^503/);
    expect(relay.arrived).toEqual([]);
  });

  it('ends the subscription of the signed address, and no other', async () => {
    const client = await start(protocol);
    const to = [leaveAddress(services, issue, 1)];
    expect((await client.mail('whoever@example.net', to, letter('whoever@example.net'))).at(-1)).toBe(
      '250 2.6.0 taken',
    );
    expect(await states()).toEqual(['active', 'unsubscribed']);
    await client.mail('whoever@example.net', to, letter('whoever@example.net'));
    expect(await events()).toEqual([{ kind: 'unsubscribe', source: 'mail', subscriberId: issue.subscriberIds[1] }]);
  });

  it('refuses a mail above the limit with 552 5.3.4', async () => {
    const client = await start(protocol);
    expect(await client.ask(`MAIL FROM:<> SIZE=${maxMailBytes + 1}`)).toMatch(/^552 5\.3\.4/);
    await client.ask('RSET');
    const large = Buffer.concat([hard, Buffer.from(`${'x'.repeat(76)}\r\n`.repeat(Math.ceil(maxMailBytes / 78) + 1))]);
    expect((await client.mail('', [returnAddress(services, issue, 0)], large)).at(-1)).toMatch(/^552 5\.3\.4/);
    expect(await suppressed(0)).toBe(false);
  });

  it('says 451 4.3.0 while Postgres is away, at RCPT and after DATA', async () => {
    const away = connectDatabase('postgres://nobody@127.0.0.1:9/none', 1);
    const client = await start(protocol, intakeOf({ ...services, sql: away }, relay.url));
    expect(await client.mail('', ['news@example.org'], hard)).toEqual(['451 4.3.0 Try again later']);
    await client.ask('RSET');
    // A signed address needs no table to be known as ours.
    expect(await client.mail('', [returnAddress(services, issue, 0)], hard)).toEqual([
      '250 2.1.5 Accepted',
      '451 4.3.0 Try again later',
    ]);
    await away.end({ timeout: 0 });
  });

  it('forwards a person’s reply to the editor, never to the reader, and only once', async () => {
    const client = await start(protocol);
    const raw = letter('Hana <hana@example.net>');
    for (let i = 0; i < 2; i++)
      expect((await client.mail('hana@example.net', ['news@example.org'], raw)).at(-1)).toBe('250 2.6.0 taken');
    expect(relay.accepted.map(({ from, to }) => ({ from, to }))).toEqual([
      { from: 'news@example.org', to: 'editor@desk.example' },
    ]);
  });
});

it('answers each recipient of its own in LMTP', async () => {
  const client = await start('lmtp');
  relay.script.rcpt = () => '451 4.7.1 later';
  const to = [leaveAddress(services, issue, 0), 'news@example.org'];
  expect((await client.mail('hana@example.net', to, letter('hana@example.net'), 2)).slice(2)).toEqual([
    '250 2.6.0 taken',
    '451 4.3.0 Try again later',
  ]);
  expect(await states()).toEqual(['unsubscribed', 'active']);
});

it('refuses clients above the limit, and a client that leaves mid-mail does no harm', async () => {
  const client = await start('smtp');
  await client.ask('MAIL FROM:<>');
  await client.ask(`RCPT TO:<${returnAddress(services, issue, 0)}>`);
  await client.ask('DATA');
  client.close();
  const more = Array.from({ length: 22 }, () => new Client(connect(server.port, '127.0.0.1')));
  open.push(...more);
  const greetings = await Promise.all(more.map(one => one.reply()));
  expect(greetings.filter(text => text.startsWith('421')).length).toBeGreaterThanOrEqual(2);
  expect(greetings.filter(text => text.startsWith('220')).length).toBeLessThanOrEqual(20);
  expect(await suppressed(0)).toBe(false);
});

describe('without an editor', () => {
  it('the publication’s address is refused', async () => {
    const client = await start('smtp', intakeOf(services));
    expect(await client.mail('a@example.net', ['news@example.org'], hard)).toEqual(['550 5.1.1 No such mailbox here']);
  });

  it('nor does a reply go to an address that comes back here', async () => {
    await sendIssue(services, { readers: 2, slug: `issue-${++count}`, publication: { replyTo: 'NEWS@example.org' } });
    const client = await start('smtp');
    expect(await client.mail('a@example.net', ['news@example.org'], hard)).toEqual(['550 5.1.1 No such mailbox here']);
  });
});
