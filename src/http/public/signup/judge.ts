/** From what a form brings to a letter, or to the reason why there is none. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredPublication } from '../../../db/publications.ts';
import { isUnderAttack, signUp } from '../../../db/signups.ts';
import { messageOf } from '../../../errors.ts';
import { versionOf, wordingsOf } from '../../../model/consent.ts';
import { parseAddress } from '../../../subscribers/address.ts';
import { isDisposable, likelyDomain } from '../../../subscribers/domains.ts';
import type { Site } from '../reader.ts';
import type { Language } from '../words.ts';
import { SignUpLimits } from './limits.ts';
import { Proofs } from './proof.ts';
import { Tickets } from './ticket.ts';

/** What was typed, ticked and carried along; each may be anything. */
export interface Entry {
  email: string;
  advertising: boolean;
  ticket: string;
  /** The version of what the form showed. */
  wording: string;
  /** Of the field that people do not see. */
  trap: string;
  /** The hint on the address was seen. */
  seen: boolean;
  proof: string;
  /** Code of the reader through whose link this person came. */
  referral: string | undefined;
}

export type Verdict =
  /** Said whatever became of it: new, known, subscribed, suppressed or a robot. */
  | { kind: 'sent' }
  /** To be pressed once more. */
  | { kind: 'again' | 'address' | 'disposable' | 'full' }
  | { kind: 'hint'; typed: string; meant: string }
  | { kind: 'proof' };

/** Every answer takes at least this long, so that its time does not tell what was done for it. */
const leastMs = 300;

/** Longest address that is looked at. */
const maxEmail = 300;

export class Judge {
  readonly tickets: Tickets;
  readonly proofs: Proofs;
  readonly #limits: SignUpLimits;
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
    this.tickets = new Tickets(site.hasher);
    this.proofs = new Proofs(site);
    this.#limits = new SignUpLimits(site);
  }

  async judge(
    stored: StoredPublication,
    entry: Entry,
    how: { lang: Language; ip: string; source: 'form' | 'embed' },
  ): Promise<Verdict> {
    const [verdict] = await Promise.all([this.#judge(stored, entry, how), sleep(leastMs)]);
    return verdict;
  }

  async #judge(
    { id, publication }: StoredPublication,
    entry: Entry,
    { lang, ip, source }: { lang: Language; ip: string; source: 'form' | 'embed' },
  ): Promise<Verdict> {
    if (entry.trap !== '') return { kind: 'sent' };
    const wordings = wordingsOf(publication, lang);
    if (this.tickets.check(id, entry.ticket) !== 'good' || entry.wording !== versionOf(wordings))
      return { kind: 'again' };
    const address = entry.email.length > maxEmail ? { problem: 'too long' } : parseAddress(entry.email);
    if ('problem' in address) return { kind: 'address' };
    const { email, emailKey, domain } = address;
    // Before the list of throw-away providers, which has gmial.com and its like.
    const meant = entry.seen ? undefined : likelyDomain(domain);
    if (meant) return { kind: 'hint', typed: email, meant: `${email.slice(0, email.lastIndexOf('@'))}@${meant}` };
    if (!publication.signup.allowDisposable && isDisposable(domain)) return { kind: 'disposable' };
    const allowance = await this.#limits.count(id, address, ip);
    if (allowance === 'full') return { kind: 'full' };
    if (allowance === 'quiet') return { kind: 'sent' };
    const { sql, hasher } = this.#site;
    if (allowance === 'proof' || (await isUnderAttack(sql, id, publication.signup.attack))) {
      if (!(await this.proofs.take(id, entry.proof))) return { kind: 'proof' };
    }
    const letter = await signUp(sql, {
      ...{ publicationId: id, email, emailKey, domain, addressHash: hasher.hash(emailKey) },
      ...{ lang, wordings, advertising: entry.advertising, source, referral: entry.referral },
    });
    this.#send(letter);
    return { kind: 'sent' };
  }

  /** Not waited for: with or without a letter the answer takes the same time. The tick finds what Redis did not hear of. */
  #send(letter: number | undefined): void {
    if (letter === undefined) return;
    const { queues, log } = this.#site;
    queues
      .add('deliver-letter', [letter])
      .catch(error => log.warn({ letter, error: messageOf(error) }, 'no job for a letter; the tick makes one'));
  }
}
