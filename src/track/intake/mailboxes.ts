/** Whose an address is that mail comes back to: ours in one of five ways, or nobody's. */
import type { Sql } from '../../db/client.ts';
import { listPublications, type StoredPublication } from '../../db/publications.ts';
import type { Publication } from '../../model/publication.ts';
import { parseLeavePath, parseReturnPath, type TokenContent, type TokenSigner } from '../tokens.ts';

export type Mailbox =
  /** A signed return path (rule 3.2). */
  | { kind: 'return-path'; row: TokenContent }
  /** The signed address of our List-Unsubscribe. */
  | { kind: 'leave'; row: TokenContent }
  /** `unsubscribe@`: the signed token stands in the subject. */
  | { kind: 'unsubscribe' }
  /** `complaints@`: where feedback loops send their reports. */
  | { kind: 'complaints' }
  /** A publication's From address; what people write there goes on to its editor. */
  | { kind: 'publication'; publicationId: number };

/** A token's own signature says that it is ours, whatever the domain: BOUNCE_DOMAIN may have changed since the message left. */
function signedMailbox(address: string, tokens: TokenSigner): Mailbox | undefined {
  const local = address.slice(0, address.lastIndexOf('@'));
  const bounce = verified(parseReturnPath(local), 'bounce', tokens);
  if (bounce) return { kind: 'return-path', row: bounce };
  const leave = verified(parseLeavePath(local), 'unsubscribe', tokens);
  return leave && { kind: 'leave', row: leave };
}

/** The unsubscribe token in a subject: as in links, or as in our address. */
export function tokenInSubject(subject: string, tokens: TokenSigner): TokenContent | undefined {
  for (const [word] of [...subject.slice(0, 1000).matchAll(/[\w-]{43,60}/g)].slice(0, 5)) {
    const row = tokens.verify(word) ?? verified(parseLeavePath(word), 'unsubscribe', tokens);
    if (row?.purpose === 'unsubscribe') return row;
  }
  return undefined;
}

function verified(
  bytes: Buffer | undefined,
  purpose: TokenContent['purpose'],
  tokens: TokenSigner,
): TokenContent | undefined {
  const row = bytes && tokens.verifyBytes(bytes);
  return row?.purpose === purpose ? row : undefined;
}

export interface Rules {
  sql: Sql;
  tokens: TokenSigner;
  /** BOUNCE_DOMAIN; undefined: the From domains. */
  bounceDomain: string | undefined;
  /** INTAKE_FORWARD_TO. */
  forwardTo: string | undefined;
  /** Whether there is a relay to forward by. */
  canForward: boolean;
}

/** Ms for which the list of publications is believed: an unknown address must not cost a query each. */
const believedMs = 5_000;

export class Mailboxes {
  readonly #rules: Rules;
  #known: { at: number; list: StoredPublication[] } | undefined;

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  /** Undefined: not ours. Rejects when Postgres is away. */
  async find(address: string): Promise<Mailbox | undefined> {
    const signed = signedMailbox(address, this.#rules.tokens);
    if (signed) return signed;
    const all = await this.#publications();
    const asked = normal(address);
    const [local = '', domain = ''] = asked.split('@');
    const domains = [this.#rules.bounceDomain?.toLowerCase(), ...all.map(one => domainOf(one.publication))];
    if ((local === 'unsubscribe' || local === 'complaints') && domains.includes(domain)) return { kind: local };
    const one = all.find(({ publication }) => normal(publication.from.address) === asked);
    return one && (await this.editorOf(one.id)) ? { kind: 'publication', publicationId: one.id } : undefined;
  }

  /** The publication, and who reads its replies; undefined when nobody does. Never an address that would bring the mail back here. */
  async editorOf(publicationId: number): Promise<{ publication: Publication; editor: string } | undefined> {
    const all = await this.#publications();
    const publication = all.find(one => one.id === publicationId)?.publication;
    const editor = publication?.replyTo ?? this.#rules.forwardTo;
    if (!publication || !editor || !this.#rules.canForward) return undefined;
    const isOurs =
      signedMailbox(editor, this.#rules.tokens) ??
      all.some(one => normal(one.publication.from.address) === normal(editor));
    return isOurs ? undefined : { publication, editor };
  }

  async #publications(): Promise<StoredPublication[]> {
    const now = performance.now();
    if (!this.#known || now - this.#known.at > believedMs)
      this.#known = { at: now, list: await listPublications(this.#rules.sql) };
    return this.#known.list;
  }
}

function normal(address: string): string {
  return address.toLowerCase();
}

function domainOf({ from }: Publication): string {
  return normal(from.address.slice(from.address.lastIndexOf('@') + 1));
}
