/**
 * Writes clicks in groups: while one statement is under way, those that come gather for the next, and share its commit. A click is written
 * when its promise resolves; nothing that was answered is lost with the process.
 */
import { type ClickEvent, insertClicks } from '../db/clicks.ts';
import type { Sql } from '../db/client.ts';
import { instantMs } from './judge.ts';

/** Clicks that wait at most: some seconds' worth of a slow Postgres. Then they are refused, and their readers go on without a note. */
const mostWaiting = 5000;

/** Of one statement. */
const groupSize = 200;

/** Statements under way at once: one, and the next may begin before its commit is on the disk. */
const mostUnderWay = 2;

interface Waiting {
  click: ClickEvent;
  resolve: () => void;
  reject: (error: unknown) => void;
}

export class ClickWriter {
  readonly #sql: Sql;
  #waiting: Waiting[] = [];
  #underWay = 0;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Resolves after the commit; rejects when it was not written. */
  write(click: ClickEvent): Promise<void> {
    if (this.#waiting.length >= mostWaiting) return Promise.reject(new Error('too many clicks wait for Postgres'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ click, resolve, reject });
      // What comes in the same turn of the event loop shares the statement.
      if (this.#waiting.length === 1) setImmediate(() => this.#next());
    });
  }

  #next(): void {
    if (this.#underWay >= mostUnderWay || this.#waiting.length === 0) return;
    const group = this.#waiting.splice(0, groupSize);
    this.#underWay++;
    insertClicks(
      this.#sql,
      group.map(one => one.click),
      instantMs,
    )
      .then(
        () => {
          for (const one of group) one.resolve();
        },
        error => {
          for (const one of group) one.reject(error);
        },
      )
      .finally(() => {
        this.#underWay--;
        this.#next();
      });
  }
}
