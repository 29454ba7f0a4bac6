/** Looks for trouble and keeps the alerts: every few seconds, in one process at a time. */
import { closeAlerts, forgetOldAlerts, noteTroubles, openAlerts, remindOfAlerts, type Target } from '../db/alerts.ts';
import type { Sql } from '../db/client.ts';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Check } from './checks.ts';
import { alertKinds, kinds } from './kinds.ts';

/** A look that takes longer counts as one that could not be made. */
const patienceMs = 4000;

const patience = alertKinds.map(kind => ({ kind, ...kinds[kind] }));

export class Watch {
  readonly #deps: { sql: Sql; log: Logger };
  readonly #checks: readonly Check[];
  readonly #targets: readonly Target[];

  constructor(deps: { sql: Sql; log: Logger }, checks: readonly Check[], targets: readonly Target[]) {
    this.#deps = deps;
    this.#checks = checks;
    this.#targets = targets;
  }

  /** One look at everything. What cannot be looked at now neither opens nor closes anything. */
  async pass(): Promise<void> {
    const { sql, log } = this.#deps;
    const looks = await Promise.all(
      this.#checks.map(async ({ kinds, look }) => {
        try {
          return { kinds, troubles: await timely(look()) };
        } catch (error) {
          log.debug({ kinds, error: messageOf(error) }, 'cannot look for trouble');
          return { kinds: [], troubles: [] };
        }
      }),
    );
    const seen = looks.flatMap(({ troubles }) => troubles);
    const looked = new Set<string>(looks.flatMap(({ kinds }) => kinds));
    await noteTroubles(sql, seen, patience);
    const opened = await openAlerts(sql, seen, patience, this.#targets);
    await closeAlerts(
      sql,
      seen,
      patience.filter(({ kind }) => looked.has(kind)),
      this.#targets,
    );
    await remindOfAlerts(sql, this.#targets);
    await forgetOldAlerts(sql);
    if (opened > 0) log.error({ opened }, 'alerts were opened; see: broadsheet alerts');
  }
}

function timely<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('took too long')), patienceMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
