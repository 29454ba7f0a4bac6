/** Where the tracked links of an issue lead and what its summaries are called: from the database, never from the request (rule 4.4). */
import type { Sql } from '../db/client.ts';
import { findContents } from '../db/readers.ts';
import { Memo } from '../memo.ts';

interface Contents {
  links: Map<number, string>;
  summaries: Map<number, string>;
}

const nothing: Contents = { links: new Map(), summaries: new Map() };

export class IssueContents {
  readonly #sql: Sql;
  /** Some kilobytes each. A corrected title is seen within the minute. */
  readonly #memo = new Memo<number, Contents>(200, 60_000);
  /** Asked when a number is not known yet: a correction may have brought it a moment ago. */
  readonly #newest = new Memo<number, Contents>(200, 1000);

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** The destination as it can stand in a Location header, or undefined when there is none to go to. */
  async destination(issueId: number, ref: number): Promise<string | undefined> {
    return safeDestination(await this.#find(issueId, contents => contents.links.get(ref)));
  }

  /** Title of a summary; undefined when the issue has no such. */
  async summaryTitle(issueId: number, number: number): Promise<string | undefined> {
    return this.#find(issueId, contents => contents.summaries.get(number));
  }

  /** Those that can be liked and commented on, in order. */
  async summaries(issueId: number): Promise<{ number: number; title: string }[]> {
    const { summaries } = await this.#memo.get(issueId, () => this.#load(issueId));
    return [...summaries].map(([number, title]) => ({ number, title }));
  }

  async #find(issueId: number, pick: (contents: Contents) => string | undefined): Promise<string | undefined> {
    const load = () => this.#load(issueId);
    return pick(await this.#memo.get(issueId, load)) ?? pick(await this.#newest.get(issueId, load));
  }

  async #load(issueId: number): Promise<Contents> {
    const found = await findContents(this.#sql, issueId);
    if (!found) return nothing;
    return {
      links: new Map(found.links.map(link => [link.ref, link.url])),
      summaries: new Map(found.summaries.map(summary => [summary.number, summary.title])),
    };
  }
}

/** Absolute http(s), no controls or blanks, all ASCII: checked again here, whoever wrote the row. */
function safeDestination(url: string | undefined): string | undefined {
  // URL parsing would quietly drop line breaks; what has them is not a link but an attempt.
  if (!url || /[\p{Cc}\s\\]/u.test(url) || !/^https?:\/\//i.test(url)) return undefined;
  try {
    return new URL(url).href;
  } catch {
    return undefined;
  }
}
