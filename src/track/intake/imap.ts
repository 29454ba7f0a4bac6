/**
 * Collects what comes back from a mailbox: each message is taken, then moved to `Broadsheet/Done`, or to `Broadsheet/Unread` for a person to look
 * at. A process that ends between the two takes it again, which changes nothing. One message at a time, one process at a time (by a lease).
 */
import { isIP } from 'node:net';
import { ImapFlow } from 'imapflow';
import type { ImapConfig } from '../../config.ts';
import { takeLease } from '../../db/workers.ts';
import { messageOf } from '../../errors.ts';
import { withoutAddresses } from '../../log.ts';
import { takeFound } from './found.ts';
import { type IntakeDeps, maxMailBytes, type Taken } from './take.ts';

/** Marks a message that could not be moved. */
const doneFlag = '$BroadsheetDone';
const folders = { done: ['Broadsheet', 'Done'], unread: ['Broadsheet', 'Unread'] };
interface Patience {
  /** Ms between looks where the server does not announce new mail. */
  pollMs: number;
  /** Ms until a message that had to wait is tried again. */
  laterMs: number;
  /** Ms after a lost connection, doubled each time up to the second. */
  pauseMs: [first: number, most: number];
}

const patience: Patience = { pollMs: 60_000, laterMs: 60_000, pauseMs: [1_000, 300_000] };

/** Collects until told to end; never rejects. @param holder the process's id, for the lease */
export async function collectMail(
  deps: IntakeDeps,
  config: ImapConfig,
  holder: string,
  ending: AbortSignal,
  given: Patience = patience,
): Promise<void> {
  const [first, most] = given.pauseMs;
  let pause = first;
  while (!ending.aborted) {
    try {
      if (await takeLease(deps.sql, 'intake-imap', holder)) {
        await new Collector(deps, config, given, ending).run(holder, () => {
          pause = first;
        });
      }
    } catch (error) {
      deps.log.warn({ error: withoutAddresses(wordsOf(error)), pauseMs: pause }, 'the mailbox cannot be reached');
    }
    await waitFor(pause, ending);
    pause = Math.min(pause * 2, most);
  }
}

/** One session with the server. */
class Collector {
  readonly #deps: IntakeDeps;
  readonly #config: ImapConfig;
  readonly #patience: Patience;
  readonly #ending: AbortSignal;
  readonly #client: ImapFlow;
  /** Messages put off, with the time of their next turn. Bounded: emptied when it grows past `mostWaiting`. */
  readonly #waiting = new Map<number, number>();
  #canMove = true;
  #isLost = false;
  #hasNew = true;
  #wake: () => void = () => {};

  constructor(deps: IntakeDeps, config: ImapConfig, given: Patience, ending: AbortSignal) {
    this.#deps = deps;
    this.#config = config;
    this.#patience = given;
    this.#ending = ending;
    const { host, port, secure, user, password } = config;
    this.#client = new ImapFlow({
      host,
      port,
      secure,
      auth: { user, pass: password },
      // The password goes over the wire: in the clear on this machine only.
      ...(secure ? {} : { doSTARTTLS: !isLoopback(host) }),
      logger: false,
      connectionTimeout: 30_000,
      greetingTimeout: 30_000,
      maxLiteralSize: maxMailBytes + 64 * 1024,
      maxIdleTime: 5 * 60_000,
    });
    const lost = () => {
      this.#isLost = true;
      this.#wake();
    };
    this.#client.on('error', lost).on('close', lost);
    this.#client.on('exists', () => {
      this.#hasNew = true;
      this.#wake();
    });
    ending.addEventListener('abort', lost, { once: true });
  }

  async run(holder: string, onOpen: () => void): Promise<void> {
    const lease = setInterval(() => {
      takeLease(this.#deps.sql, 'intake-imap', holder).then(
        isOurs => isOurs || this.#client.close(),
        // Postgres is away: nothing can be taken, and the lease runs out by itself.
        () => {},
      );
    }, 4_000);
    try {
      await this.#client.connect();
      await this.#client.mailboxOpen(this.#config.folder);
      await this.#makeFolders();
      onOpen();
      while (!this.#isLost) {
        this.#hasNew = false;
        await this.#pass();
        if (!this.#hasNew && !this.#isLost) await this.#rest();
      }
      if (!this.#ending.aborted) throw new Error('the connection was lost');
    } finally {
      clearInterval(lease);
      await this.#client.logout().catch(() => {});
      this.#client.close();
    }
  }

  async #makeFolders(): Promise<void> {
    try {
      for (const path of Object.values(folders)) await this.#client.mailboxCreate(path);
    } catch (error) {
      this.#canMove = false;
      this.#deps.log.warn({ error: withoutAddresses(wordsOf(error)) }, 'folders cannot be made; messages are marked');
    }
  }

  /** Takes all that lies there and has not been taken. */
  async #pass(): Promise<void> {
    const { mailbox } = this.#client;
    const flags = mailbox ? mailbox.permanentFlags : undefined;
    const hasKeywords = flags?.has('\\*') || flags?.has(doneFlag);
    const what = hasKeywords ? { unKeyword: doneFlag } : this.#canMove ? { all: true } : { seen: false };
    const uids = (await this.#client.search(what, { uid: true })) || [];
    const now = performance.now();
    for (const uid of uids) {
      if (this.#isLost) return;
      if ((this.#waiting.get(uid) ?? 0) > now) continue;
      const taken = await this.#take(uid);
      if (taken === undefined) continue;
      if (taken.outcome !== 'later') {
        this.#waiting.delete(uid);
        await this.#settle(uid, taken.outcome === 'taken' ? 'done' : 'unread', hasKeywords ?? false);
        continue;
      }
      if (this.#waiting.size > 10_000) this.#waiting.clear();
      this.#waiting.set(uid, performance.now() + this.#patience.laterMs);
      // Without Postgres no other would fare better.
      if (taken.as === 'database') return;
    }
  }

  /** @returns undefined when somebody else took it away */
  async #take(uid: number): Promise<Taken | undefined> {
    const { log } = this.#deps;
    const about = await this.#client.fetchOne(String(uid), { size: true }, { uid: true });
    if (!about) return undefined;
    if ((about.size ?? 0) > maxMailBytes) {
      log.warn({ uid, bytes: about.size }, 'a mail that came back is too large');
      return { outcome: 'unreadable', as: 'too large' };
    }
    const message = await this.#client.fetchOne(String(uid), { source: true }, { uid: true });
    const source = message === false ? undefined : message.source;
    return source && takeFound(this.#deps, source);
  }

  async #settle(uid: number, folder: keyof typeof folders, hasKeywords: boolean): Promise<void> {
    const range = String(uid);
    if (this.#canMove && (await this.#client.messageMove(range, folders[folder], { uid: true }))) return;
    if (this.#isLost) return;
    const marks = ['\\Seen', ...(hasKeywords ? [doneFlag] : []), ...(folder === 'unread' ? ['\\Flagged'] : [])];
    if (!(await this.#client.messageFlagsAdd(range, marks, { uid: true }))) throw new Error('no message can be marked');
  }

  /** Until new mail is announced, the next look is due, or the session ends. The library idles meanwhile (RFC 2177). */
  async #rest(): Promise<void> {
    const ms = this.#waiting.size > 0 ? this.#patience.laterMs : this.#patience.pollMs;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>(resolve => {
      this.#wake = resolve;
      timer = setTimeout(resolve, ms);
      if (!this.#client.idling) this.#client.idle().catch(() => {});
    });
    clearTimeout(timer);
    this.#wake = () => {};
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** The library puts the server's words beside its own. */
function wordsOf(error: unknown): string {
  const { responseText } = error as { responseText?: string };
  return responseText ? `${messageOf(error)}: ${responseText}` : messageOf(error);
}

async function waitFor(ms: number, ending: AbortSignal): Promise<void> {
  if (ending.aborted) return;
  await new Promise<void>(resolve => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      ending.removeEventListener('abort', done);
      resolve();
    }
    ending.addEventListener('abort', done);
  });
}
