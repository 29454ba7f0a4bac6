/** Puts what was published, corrected or moved in into the archive: a few issues at each tick, until none is left. */
import { findUnarchived, loadForArchive, storeInArchive } from '../db/archive.ts';
import type { Sql } from '../db/client.ts';
import { takeLease } from '../db/workers.ts';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import { documentsOf, termsOf } from './documents.ts';

/** At one tick; a hundred past issues are in the archive within half a minute. */
const issuesPerTick = 4;
/** An issue that cannot be read is left alone for so long. */
const retryMs = 10 * 60_000;
const mostFailed = 1000;

export class Archivist {
  readonly #sql: Sql;
  readonly #log: Logger;
  readonly #holder: string;
  readonly #failed = new Map<number, number>();

  /** @param holder names this process, as in table workers */
  constructor({ sql, log }: { sql: Sql; log: Logger }, holder: string) {
    this.#sql = sql;
    this.#log = log;
    this.#holder = holder;
  }

  /** Any number of processes may ask; one at a time works. @returns how many issues went into the archive */
  async work(): Promise<number> {
    if (!(await takeLease(this.#sql, 'archive', this.#holder))) return 0;
    for (const [id, until] of this.#failed) if (until < Date.now()) this.#failed.delete(id);
    const ids = await findUnarchived(this.#sql, issuesPerTick, [...this.#failed.keys()]);
    let done = 0;
    for (const id of ids) {
      // One issue that cannot be read must not keep the others out.
      await archiveIssue(this.#sql, id).then(
        () => done++,
        error => {
          if (this.#failed.size < mostFailed) this.#failed.set(id, Date.now() + retryMs);
          this.#log.error({ issue: id, error: messageOf(error) }, 'issue not put into the archive');
        },
      );
    }
    return done;
  }
}

/** Guarantees: documents and terms are those of one revision, and the issue says which. Doing it again changes nothing. */
async function archiveIssue(sql: Sql, issueId: number): Promise<void> {
  const loaded = await loadForArchive(sql, issueId);
  if (!loaded) return;
  const { issue, summaries, revisionId } = loaded;
  await storeInArchive(sql, { issueId, revisionId, documents: documentsOf(issue, summaries), terms: termsOf(issue) });
}
