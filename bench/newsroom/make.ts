/** Makes a newsroom in an empty database: what belongs together is made in one go, and every figure follows from the size and its seed. */
import type { Wiring } from '../../src/wiring.ts';
import { insertComments, insertLetters, insertPrograms, insertStaff, insertTroubles } from './beside.ts';
import { hurry, withoutIndexes } from './bulk.ts';
import { calendarOf, type Size } from './calendar.ts';
import { fillDesks } from './desk.ts';
import { archiveAll, insertIssues, issuesIn } from './issues.ts';
import { insertCounts, insertLedgers } from './ledger.ts';
import {
  createHelpers,
  createLives,
  dropHelpers,
  insertReaders,
  insertSubscriptions,
  spreadSuppressions,
} from './people.ts';
import type { Steps } from './steps.ts';

/** Written in bulk. The ledger's key is among them: its rows come in its order. */
const bulky = ['recipients', 'events', 'likes', 'subscriptions', 'consents', 'letters'];

/**
 * @param wiring of a database with nobody in it
 * @param isOurs the server has no other database in use: its settings may change for the while
 * @returns the password of the staff it made, one of each role (`owner@newsroom.example` …)
 */
export async function makeNewsroom(wiring: Wiring, size: Size, steps: Steps, isOurs = true): Promise<string> {
  const { sql } = wiring;
  const calendar = calendarOf(size);
  const settings = isOurs ? await hurry(sql) : undefined;
  try {
    await createHelpers(sql, size.seed);
    // One works in this process, the other in Postgres.
    const issues = issuesIn(calendar);
    const [ids] = await steps.run('issues, readers', issues + 1, async advance =>
      Promise.all([
        insertIssues(sql, calendar, advance),
        insertReaders(sql, size, calendar, wiring.hasher).then(() => advance(1)),
      ]),
    );
    const indexes = await withoutIndexes(sql, bulky);
    await steps.run('subscriptions', 4, async advance => {
      await sql`analyze subscribers`;
      for (const [place, id] of ids.entries()) {
        await createLives(sql, id, place);
        advance(1);
      }
      await spreadSuppressions(sql);
      advance(1);
      await insertSubscriptions(sql);
    });
    await steps.run('ledger and events', size.ledger, advance => insertLedgers(sql, advance));
    await steps.run('counts', 3, async advance => {
      await insertCounts(sql);
      advance(1);
      await insertComments(sql, size);
      advance(1);
      await insertLetters(sql);
    });
    await steps.run('indexes', indexes.count, advance => indexes.restore(() => advance(1)));
    const password = await insertStaff(sql);
    await insertTroubles(sql);
    await insertPrograms(wiring, ids[0]!);
    await steps.run('archive', 1, () => archiveAll(wiring));
    await dropHelpers(sql);
    await fillDesks(wiring);
    await steps.run('analysis', 1, () => sql`vacuum (analyze)`);
    return password;
  } finally {
    await settings?.restore();
  }
}
