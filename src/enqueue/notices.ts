/** Scheduled letters of the law (rules 5.5 and 5.6): with each tick a batch of what is due, so that a million due on one day are spread by themselves. */
import type { Sql } from '../db/client.ts';
import { areLettersPiled, noticeConsents, noticeLeaving, reviewConsents } from '../db/notices.ts';
import type { Logger } from '../log.ts';

/** Of each kind with one tick: a million take about half an hour. */
const perTick = 500;
/** So many letters waiting, and a confirmation that someone waits for would come late behind more. */
const mostWaiting = 2000;

/** Writes what is due; the letters leave by the next step of the tick. @param now for tests */
export async function writeNotices({ sql, log }: { sql: Sql; log: Logger }, now?: Date): Promise<void> {
  if (await areLettersPiled(sql, mostWaiting)) return;
  const batch = { limit: perTick, now };
  const consents = await noticeConsents(sql, batch);
  const leaving = await noticeLeaving(sql, batch);
  const { letters: reconfirm } = await reviewConsents(sql, batch);
  if (consents + leaving + reconfirm > 0) log.info({ consents, leaving, reconfirm }, 'notices written');
}
