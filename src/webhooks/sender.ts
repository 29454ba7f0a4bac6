/**
 * Sends what is due, endpoint by endpoint: each has room of its own, so one that hangs holds up nobody else. Any number of processes may
 * run it.
 */
import type { Sql } from '../db/client.ts';
import { claimDeliveries, type Delivery, recordDelivered, recordFailed } from '../db/webhook-deliveries.ts';
import { listeningWebhooks, type SealedSecrets } from '../db/webhooks.ts';
import { messageOf as wordsOf } from '../errors.ts';
import { type Logger, withoutAddresses } from '../log.ts';
import { messageOf } from './message.ts';
import type { Posted, Poster } from './post.ts';
import { waitAfter } from './schedule.ts';
import type { Vault } from './vault.ts';

/** Messages of one endpoint under way at once in one process; of one that fails, a single one tries. */
const atOnce = 8;
const idleMs = 1000;
/** Told to go away for good (RFC 9110 §15.5.11). */
const goneStatus = 410;

export interface SenderDeps {
  sql: Sql;
  log: Logger;
  vault: Vault;
  poster: Poster;
}

export class Sender {
  readonly #deps: SenderDeps;
  /** Endpoint → messages under way. */
  readonly #busy = new Map<number, number>();
  readonly #running = new Set<Promise<void>>();

  constructor(deps: SenderDeps) {
    this.#deps = deps;
  }

  /** Starts sending what is due and has room. @returns how many it started */
  async start(): Promise<number> {
    const { sql } = this.#deps;
    const rooms = (await listeningWebhooks(sql))
      .map(({ id, failing }) => ({ webhookId: id, room: (failing ? 1 : atOnce) - (this.#busy.get(id) ?? 0) }))
      .filter(({ room }) => room > 0);
    const claimed = rooms.length > 0 ? await claimDeliveries(sql, rooms) : [];
    for (const delivery of claimed) this.#run(delivery);
    return claimed.length;
  }

  /** Until `ending` is aborted. */
  async run(ending: AbortSignal): Promise<void> {
    while (!ending.aborted) {
      await this.start().catch(error =>
        this.#deps.log.warn({ error: wordsOf(error) }, 'no webhooks sent; tried again in a second'),
      );
      await this.#pause(ending);
    }
    await this.settled();
  }

  /** When nothing is under way: 10 s at most. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** A second, or until there is room again. */
  async #pause(ending: AbortSignal): Promise<void> {
    const over = new AbortController();
    const timer = new Promise<void>(resolve => {
      const handle = setTimeout(resolve, idleMs);
      const end = () => {
        clearTimeout(handle);
        resolve();
      };
      ending.addEventListener('abort', end, { once: true, signal: over.signal });
      over.signal.addEventListener('abort', end, { once: true });
    });
    await Promise.race([timer, ...this.#running]);
    over.abort();
  }

  #run(delivery: Delivery): void {
    const { webhookId } = delivery;
    this.#busy.set(webhookId, (this.#busy.get(webhookId) ?? 0) + 1);
    const done = this.#send(delivery)
      // Its claim runs out, and it goes out again.
      .catch(error => this.#deps.log.warn({ webhook: webhookId, error: wordsOf(error) }, 'webhook not recorded'))
      .finally(() => {
        this.#running.delete(done);
        const left = this.#busy.get(webhookId)! - 1;
        if (left > 0) this.#busy.set(webhookId, left);
        else this.#busy.delete(webhookId);
      });
    this.#running.add(done);
  }

  async #send(delivery: Delivery): Promise<void> {
    const { sql, log } = this.#deps;
    const posted = await this.#post(delivery);
    if (posted.ok) return recordDelivered(sql, delivery, posted.outcome);
    const disabled = await recordFailed(sql, delivery, {
      outcome: posted.outcome,
      waitMs: waitAfter(delivery.attempts, posted.retryAfterMs) ?? null,
      gone: posted.status === goneStatus,
      holdMs: posted.retryAfterMs ?? null,
    });
    if (disabled) log.error({ webhook: delivery.webhookId, outcome: posted.outcome }, 'webhook endpoint disabled');
  }

  async #post({ messageId, url, secrets: sealed, type, at, data, email }: Delivery): Promise<Posted> {
    const { vault, poster } = this.#deps;
    const secrets = openSecrets(vault, sealed);
    if (secrets.length === 0) return unsignable;
    // The words of a server that refused may quote whom it refused.
    const reason = typeof data.reason === 'string' ? { reason: withoutAddresses(data.reason) } : {};
    const told = { ...data, ...reason, ...(email === null ? {} : { address: email }) };
    return poster.post(url, messageOf(messageId, { type, at, data: told }), secrets);
  }
}

const unsignable: Posted = {
  status: undefined,
  ok: false,
  outcome: 'its secret cannot be read: SECRET_KEYS has changed. Put the old key back, or use: webhook rotate',
  retryAfterMs: undefined,
};

/** Newest first; empty when SECRET_KEYS no longer holds the key that sealed them. */
export function openSecrets(vault: Vault, { secret, previous }: SealedSecrets): string[] {
  return [secret, previous].flatMap(one => (one ? (vault.open(one) ?? []) : []));
}
