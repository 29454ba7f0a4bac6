import { ImapFlow } from 'imapflow';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ImapConfig } from '../../../src/config.ts';
import type { Sql } from '../../../src/db/client.ts';
import { isSuppressed } from '../../../src/db/suppressions.ts';
import { collectMail } from '../../../src/track/intake/imap.ts';
import { type IntakeDeps, maxMailBytes } from '../../../src/track/intake/take.ts';
import { type Relay, startRelay } from '../../support/relay.ts';
import { openServices, type Services } from '../../support/services.ts';
import { dsn } from '../bounces/samples.ts';
import { acceptAll, type SentIssue, sendIssue } from '../support.ts';
import { type Dovecot, dovecotVersion, password, startDovecot } from './dovecot.ts';
import { forgedAddress, intakeOf, leaveAddress, letter, returnAddress } from './support.ts';

if (!dovecotVersion()) console.warn('IMAP is not tested: Dovecot 2.3 is not installed (apt-get install dovecot-imapd)');

describe.skipIf(!dovecotVersion())('mail collected from a mailbox', () => {
  let services: Services;
  let relay: Relay;
  let issue: SentIssue;
  let dovecot: Dovecot;
  let looker: ImapFlow | undefined;
  let collecting: { end: AbortController; done: Promise<void> }[] = [];
  let count = 0;
  const quick = { pollMs: 60_000, laterMs: 50, pauseMs: [20, 200] as [number, number] };

  beforeAll(async () => {
    services = await openServices();
    relay = await startRelay();
  });
  afterAll(async () => {
    await relay.close();
    await services.close();
  });
  beforeEach(async () => {
    for (const table of ['suppressions', 'forwarded_mail', 'leases']) await services.sql.unsafe(`delete from ${table}`);
    issue = await sendIssue(services, {
      readers: 2,
      slug: `issue-${++count}`,
      publication: { replyTo: 'editor@desk.example' },
    });
    await acceptAll(services.sql, issue.issueId, issue.subscriberIds, 60_000);
    await services.sql`update subscriptions set state = 'active'`;
    relay.accepted.length = 0;
    relay.script = {};
  });
  afterEach(async () => {
    await stop();
    await looker?.logout().catch(() => {});
    looker = undefined;
    await dovecot.close();
  });

  const config = (): ImapConfig => ({
    host: '127.0.0.1',
    port: dovecot.port,
    secure: false,
    user: 'bounces',
    password,
    folder: 'INBOX',
  });

  async function look(): Promise<ImapFlow> {
    if (looker?.usable) return looker;
    const { host, port, secure } = config();
    looker = new ImapFlow({
      host,
      port,
      secure,
      doSTARTTLS: false,
      auth: { user: 'bounces', pass: password },
      logger: false,
    });
    looker.on('error', () => {});
    await looker.connect();
    return looker;
  }

  const put = async (raw: Buffer) => (await look()).append('INBOX', raw);
  async function counts(): Promise<Record<string, number>> {
    const found: Record<string, number> = {};
    const client = await look();
    for (const folder of ['INBOX', 'Broadsheet/Done', 'Broadsheet/Unread']) {
      const path = folder.replace('/', '.');
      const status = await client.status(path, { messages: true }).catch(() => undefined);
      found[folder] = status ? (status.messages ?? 0) : 0;
    }
    return found;
  }
  const settled = (done: number, unread: number, left = 0) =>
    vi.waitFor(
      async () => expect(await counts()).toEqual({ INBOX: left, 'Broadsheet/Done': done, 'Broadsheet/Unread': unread }),
      { timeout: 10_000, interval: 30 },
    );

  function collect(deps: IntakeDeps = intakeOf(services, relay.url)): void {
    const end = new AbortController();
    const holder = `00000000-0000-4000-8000-00000000000${collecting.length}`;
    collecting.push({ end, done: collectMail(deps, config(), holder, end.signal, quick) });
  }
  async function stop(): Promise<void> {
    for (const one of collecting) one.end.abort();
    await Promise.all(collecting.map(one => one.done));
    collecting = [];
  }

  const to = (address: string, raw: Buffer) => Buffer.concat([Buffer.from(`Delivered-To: ${address}\r\n`), raw]);
  const hard = () =>
    to(
      returnAddress(services, issue, 0),
      dsn({ status: '5.1.1', diagnostic: '550 5.1.1 User unknown', recipient: 'reader0@example.net' }),
    );
  const suppressed = () => isSuppressed(services.sql, services.hasher.hash('reader0@example.net'));
  const events = () => services.sql`select * from events where issue_id = ${issue.issueId} order by id`;

  it('is taken and moved; what nobody can act on waits for a person', async () => {
    dovecot = await startDovecot();
    await put(hard());
    await put(to(leaveAddress(services, issue, 1), letter('hana@example.net', { To: 'x@y.example' })));
    await put(letter('Hana <hana@example.net>'));
    await put(letter('hana@example.net', { 'Auto-Submitted': 'auto-replied' }));
    await put(to(forgedAddress(issue), letter('mallory@example.net', { To: 'someone@else.example' })));
    await put(Buffer.from('X: \0\xff\r\n\r\n', 'latin1'));
    collect();
    await settled(4, 2);
    expect(await suppressed()).toBe(true);
    expect((await events()).map(({ kind, source }) => [kind, source])).toEqual([
      ['bounce-hard', null],
      ['unsubscribe', 'mail'],
    ]);
    expect(relay.accepted.map(({ to }) => to)).toEqual(['editor@desk.example']);
  });

  it('new mail is taken at once, the same again changes nothing', async () => {
    dovecot = await startDovecot();
    collect();
    await put(hard());
    await settled(1, 0);
    const before = await events();
    expect(before).toHaveLength(1);
    await put(hard());
    await put(letter('Hana <hana@example.net>'));
    await put(letter('Hana <hana@example.net>'));
    await settled(4, 0);
    expect(await events()).toEqual(before);
    expect(relay.accepted).toHaveLength(1);
  });

  it('above the limit is not read', async () => {
    dovecot = await startDovecot();
    await put(Buffer.concat([hard(), Buffer.alloc(maxMailBytes, 'x\r\n')]));
    collect();
    await settled(0, 1);
    expect(await suppressed()).toBe(false);
  });

  it('a lost server is found again', async () => {
    dovecot = await startDovecot();
    collect();
    await put(hard());
    await settled(1, 0);
    await looker!.logout();
    await dovecot.restart();
    await put(to(leaveAddress(services, issue, 1), letter('hana@example.net')));
    await settled(2, 0);
    expect(await events()).toHaveLength(2);
  });

  it('waits in the mailbox while Postgres is away', async () => {
    dovecot = await startDovecot();
    const logged: string[] = [];
    let isAway = false;
    const away = () => {
      const answer = Promise.reject(Object.assign(new Error('gone'), { code: 'CONNECTION_CLOSED' }));
      // A fragment of a statement is asked of nobody.
      answer.catch(() => {});
      return answer;
    };
    const sql = new Proxy(services.sql, {
      apply: (target, self, args) => (isAway ? away() : Reflect.apply(target, self, args)),
    });
    const log = { info: () => {}, warn: (_: unknown, text: string) => logged.push(text) } as never;
    collect(intakeOf({ ...services, sql: sql as Sql, log }, relay.url));
    await put(letter('hana@example.net', { 'Auto-Submitted': 'auto-replied' }));
    await settled(1, 0);
    isAway = true;
    await put(hard());
    await vi.waitFor(() => expect(logged).toContain('a mail that came back waits for Postgres'), { timeout: 10_000 });
    await settled(1, 0, 1);
    isAway = false;
    await settled(2, 0);
    expect(await suppressed()).toBe(true);
  });

  it('a reply waits for the relay, and others do not', async () => {
    dovecot = await startDovecot();
    relay.script.rcpt = () => '451 4.7.1 later';
    await put(letter('Hana <hana@example.net>'));
    await put(hard());
    collect();
    await settled(1, 0, 1);
    relay.script = {};
    await settled(2, 0);
    expect(relay.accepted).toHaveLength(1);
  });

  it('is marked where it cannot be moved, and not taken twice', async () => {
    dovecot = await startDovecot('* owner lrwsi\n');
    await put(hard());
    await put(letter('mallory@example.net', { To: 'someone@else.example' }));
    const marks = async () => {
      const client = await look();
      await client.mailboxOpen('INBOX');
      const flags: string[][] = [];
      for await (const message of client.fetch('1:*', { flags: true })) flags.push([...message.flags!].sort());
      return flags;
    };
    collect();
    const marked = [
      ['$BroadsheetDone', '\\Seen'],
      ['$BroadsheetDone', '\\Flagged', '\\Seen'],
    ];
    await vi.waitFor(async () => expect((await marks()).map(f => f.filter(x => x !== '\\Recent'))).toEqual(marked), {
      timeout: 10_000,
    });
    await stop();
    await services.sql`delete from suppressions`;
    await services.sql`delete from leases`;
    collect();
    await put(to(leaveAddress(services, issue, 1), letter('hana@example.net')));
    await vi.waitFor(async () => expect(await events()).toHaveLength(2), { timeout: 10_000 });
    expect(await suppressed()).toBe(false);
  });

  it('by one process at a time', async () => {
    dovecot = await startDovecot();
    collect();
    collect();
    for (let i = 0; i < 5; i++) await put(letter(`hana${i}@example.net`));
    await settled(5, 0);
    expect(relay.accepted).toHaveLength(5);
    expect(await services.sql`select name from leases`).toEqual([{ name: 'intake-imap' }]);
  });
});
