/** One send on a stage: made through the project's own functions, followed to its end, judged. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { putPublication } from '../../src/db/publications.ts';
import { submit } from '../../src/enqueue/submit.ts';
import { importCsv } from '../../src/subscribers/import.ts';
import { type Accounting, status } from '../../src/track/status.ts';
import type { Wiring } from '../../src/wiring.ts';
import { editionOf, emptyIssue, publicationOf } from '../support/fixtures.ts';
import { type Judgement, judge, type LedgerRow } from './judge.ts';
import type { Random } from './random.ts';
import type { Relay } from './relay.ts';

/** What of its stage a send needs. */
interface Ground {
  wiring: Wiring;
  relay: Relay;
  random: Random;
  folder: string;
}

export interface SendOptions {
  readers: number;
  /** Mailbox domains, taken in turn. */
  domains?: string[];
  /** How long the relay thinks about a message, milliseconds: makes the send last. */
  thinkMs?: [number, number];
}

/** Mostly small providers, which no limit slows; a few of two large ones, so that a send has several lanes. */
const usualDomains = [...Array<string>(8).fill('example.net'), 'gmail.com', 'naver.com'];
const pollMs = 200;
/** An ended issue is judged when its ledger has not changed for this long and no transaction is open. */
const quietMs = 1200;
const defaultDeadlineMs = 180_000;

export class Send {
  readonly name: string;
  readonly issueId: number;
  readonly publicationId: number;
  /** The audience, in order of subscription. */
  readonly addresses: string[];
  readonly #ground: Ground;

  private constructor(
    ground: Ground,
    name: string,
    ids: { issueId: number; publicationId: number },
    addresses: string[],
  ) {
    this.#ground = ground;
    this.name = name;
    this.issueId = ids.issueId;
    this.publicationId = ids.publicationId;
    this.addresses = addresses;
  }

  /** Stores a publication with readers of its own and an issue to them; the workers do the rest. */
  static async begin(ground: Ground, name: string, options: SendOptions): Promise<Send> {
    const { wiring, folder, relay } = ground;
    const domains = options.domains ?? usualDomains;
    const addresses = Array.from({ length: options.readers }, (_, i) => `${name}.r${i}@${domains[i % domains.length]}`);
    const publication = publicationOf({ slug: name, name: `시험 ${name}` });
    const { id: publicationId } = await putPublication(wiring.sql, publication);
    const file = join(folder, `${name}.csv`);
    await writeFile(file, `email,name\n${addresses.map(address => `${address},독자`).join('\n')}\n`);
    const report = await importCsv(wiring, { file, publicationId, publication });
    if (report.imported !== addresses.length) throw new Error(`imported ${report.imported} of ${addresses.length}`);
    const [min, max] = options.thinkMs ?? [10, 40];
    relay.script = { thinkMs: () => ground.random.between(min, max) };
    const { id: issueId } = await submit(wiring, {
      publicationId,
      source: name,
      issue: emptyIssue,
      edition: editionOf(),
      slug: name,
      again: false,
    });
    return new Send(ground, name, { issueId, publicationId }, addresses);
  }

  /** Messages of this send that the relay gave a 250. */
  get taken(): number {
    return this.#ground.relay.taken(this.name);
  }

  /** Waits until the relay has taken so many. @throws when that takes too long */
  async untilTaken(count: number, deadlineMs = 90_000): Promise<void> {
    const deadline = Date.now() + deadlineMs;
    while (this.taken < count) {
      if (Date.now() > deadline)
        throw new Error(`${this.name}: ${this.taken} of ${count} taken; ${JSON.stringify(await this.status())}`);
      await sleep(10);
    }
  }

  status(): Promise<Accounting> {
    return status(this.#ground.wiring.sql, { id: this.issueId });
  }

  /**
   * Waits for the issue's end and for quiet: a worker may settle a row that had been given up.
   * @param hurry lets waiting rows come at once instead of in minutes
   * @returns undefined, or what is wrong when the end does not come
   */
  async ended({ hurry = true, deadlineMs = defaultDeadlineMs } = {}): Promise<string | undefined> {
    const deadline = Date.now() + deadlineMs;
    let last = '';
    let quietSince = Date.now();
    while (Date.now() < deadline) {
      await sleep(pollMs);
      const now = await this.status().catch(() => undefined);
      if (!now) continue;
      const picture = JSON.stringify({ ...now, rate: 0, eta: null });
      const isOpen = now.queued + now.sending + now.deferred > 0 || !['sent', 'cancelled'].includes(now.state);
      if (picture !== last || isOpen || this.#ground.relay.busy > 0) quietSince = Date.now();
      last = picture;
      if (Date.now() - quietSince > quietMs) return undefined;
      if (hurry && now.deferred > 0 && now.queued + now.sending === 0) await this.hurry().catch(() => {});
    }
    return `not closed after ${deadlineMs / 1000} s: ${last}`;
  }

  /** Makes the time of every waiting row come. */
  async hurry(): Promise<void> {
    await this.#ground.wiring.sql`
      update recipients set next_attempt_at = now() where issue_id = ${this.issueId} and state = 'deferred'`;
  }

  async ledger(): Promise<LedgerRow[]> {
    return this.#ground.wiring.sql<LedgerRow[]>`
      select s.email, r.state, r.reply, r.reason from recipients r join subscribers s on s.id = r.subscriber_id
      where r.issue_id = ${this.issueId}`;
  }

  async judgement(addresses: readonly string[] = this.addresses): Promise<Judgement> {
    return judge(addresses, await this.ledger(), this.#ground.relay.deliveries);
  }
}
