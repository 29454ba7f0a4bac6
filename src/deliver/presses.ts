/** One press per revision of an issue, made when its first batch arrives and kept while it is in use. */
import { readFileSync } from 'node:fs';
import type { Config } from '../config.ts';
import type { Sql } from '../db/client.ts';
import { getRevisionEdition } from '../db/editions.ts';
import type { IssueRow } from '../db/issues.ts';
import { getPublication } from '../db/publications.ts';
import type { Edition } from '../model/edition.ts';
import type { Publication } from '../model/publication.ts';
import { type DkimKeys, loadDkim, verifyOwn } from '../personalise/dkim.ts';
import { createPress, type Press } from '../personalise/press.ts';
import type { TokenSigner } from '../track/tokens.ts';

/** More issues than this are hardly sent at once; the one used longest ago goes first. */
const kept = 8;

export class Presses {
  readonly #deps: { config: Config; sql: Sql; tokens: TokenSigner };
  readonly #presses = new Map<number, Promise<Press>>();
  readonly #dkim: DkimKeys | undefined;

  /** @throws BroadsheetError DKIM_INVALID */
  constructor(deps: { config: Config; sql: Sql; tokens: TokenSigner }) {
    this.#deps = deps;
    this.#dkim = readDkim(deps.config);
  }

  /**
   * @throws BroadsheetError DKIM_INVALID when a message signed with this key would not verify; EDITION_UNREADABLE
   */
  get(issue: IssueRow, revisionId: number): Promise<Press> {
    const existing = this.#presses.get(revisionId);
    if (existing) {
      this.#presses.delete(revisionId);
      this.#presses.set(revisionId, existing);
      return existing;
    }
    const press = this.#make(issue, revisionId);
    press.catch(() => this.#presses.delete(revisionId));
    this.#presses.set(revisionId, press);
    if (this.#presses.size > kept) this.#presses.delete(this.#presses.keys().next().value!);
    return press;
  }

  async #make(issue: IssueRow, revisionId: number): Promise<Press> {
    const { config, sql, tokens } = this.#deps;
    const [edition, publication] = await Promise.all([
      getRevisionEdition(sql, revisionId),
      getPublication(sql, issue.publicationId),
    ]);
    return makePress({ edition, publication, issue, config, tokens, dkim: this.#dkim });
  }
}

/**
 * The configured signing keys, read and checked; undefined when mail leaves unsigned.
 * @throws BroadsheetError DKIM_INVALID
 */
export function readDkim({ dkim }: Pick<Config, 'dkim'>): DkimKeys | undefined {
  return dkim && loadDkim(dkim, file => readFileSync(file));
}

/**
 * A press that was seen to sign: one message is made and its signatures verified before the first goes out (rule 2.9).
 * @throws BroadsheetError DKIM_INVALID
 */
export function makePress(given: {
  edition: Edition;
  publication: Publication;
  issue: Pick<IssueRow, 'id' | 'slug' | 'kind' | 'startedAt'>;
  config: Config;
  tokens: TokenSigner;
  dkim: DkimKeys | undefined;
}): Press {
  const { issue, config, dkim } = given;
  const press = createPress(given.edition, {
    publication: given.publication,
    // The Date of a message is the send's, not the attempt's: a retry is the same message to the byte.
    issue: { id: issue.id, slug: issue.slug, date: issue.startedAt ?? new Date() },
    publicUrl: config.publicUrl,
    tokens: given.tokens,
    ...(dkim ? { dkim } : {}),
    ...(config.bounceDomain ? { bounceDomain: config.bounceDomain } : {}),
    unsubscribeMailto: config.unsubscribeMailto,
    test: issue.kind === 'test',
  });
  if (dkim)
    verifyOwn(press.message({ subscriberId: 0, email: 'reader@example.com', name: '', attributes: {} }).raw, dkim);
  return press;
}
