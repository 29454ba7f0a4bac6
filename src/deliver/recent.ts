/** What the last messages over a route came to, in this process: whether a reply is one among many, or what the mailbox provider says to all. */
import { blocksOf } from '../model/breaker.ts';

export type Fate = 'fine' | 'slow' | 'blocked';

/** One "not now" that names nobody is chance; so many of the last few are a wish. */
const slowFrom = { least: 3, of: 20 };

export class Recent {
  /** Oldest first. */
  #fates: { fate: Fate; send: string }[] = [];

  /** @param send names the issue and since when it is under way: what came before a person let it go on does not count against it */
  note(fate: Fate, send: string): void {
    this.#fates.push({ fate, send });
    if (this.#fates.length > blocksOf) this.#fates.shift();
  }

  /** Whether enough of the last messages were put off for the reply to be meant for all. Each counts for one slow-down. */
  takeSlow(): boolean {
    const slow = this.#fates.slice(-slowFrom.of).filter(({ fate }) => fate === 'slow');
    if (slow.length < slowFrom.least) return false;
    for (const each of slow) each.fate = 'fine';
    return true;
  }

  /** Messages of a send among the last `blocksOf`, and how many of them were refused for what or who we are. */
  blocksOf(send: string): { blocks: number; attempts: number } {
    const ofSend = this.#fates.filter(each => each.send === send);
    return { blocks: ofSend.filter(({ fate }) => fate === 'blocked').length, attempts: ofSend.length };
  }
}
