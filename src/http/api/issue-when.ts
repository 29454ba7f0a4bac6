/** When and under which subjects an issue is to go out, as a request says it. */
import { z } from 'zod';
import { type LocalSend, localSend, timeOfDay } from '../../enqueue/local-time.ts';
import { parseZonedTime } from '../../enqueue/zoned-time.ts';
import { BroadsheetError } from '../../errors.ts';
import { trialWishSchema } from '../../model/trial.ts';
import { wrongField } from './problems.ts';

/** A time further off is a slip of the keyboard. */
const mostDaysAhead = 370;
const lateMs = 60_000;

export const sendBody = {
  segment: z
    .string()
    .max(40)
    .optional()
    .meta({ description: 'Slug of a segment; all active subscribers when left out.' }),
  again: z.boolean().default(false).meta({ description: 'Send a text that was sent before.' }),
  allowLarge: z.boolean().default(false).meta({ description: 'Send although Gmail will cut it off.' }),
  localTime: z
    .string()
    .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/)
    .optional()
    .meta({
      description:
        '08:00: at this time of each reader’s own day. Readers without a time zone have the publication’s; those whose moment has passed get it at once.',
    }),
  trial: trialWishSchema.optional().meta({ description: 'Tries subjects on a part of the readers first.' }),
};

export type Wish = z.output<z.ZodObject<typeof sendBody>>;

/** @throws Refusal REQUEST_INVALID */
export function refuseBoth({ localTime, trial }: Wish): void {
  if (localTime !== undefined && trial)
    throw wrongField('/trial', 'cannot be had with localTime: its rest goes out when it has chosen');
}

/** `2026-11-25 08:00` in the publication's zone, or a full ISO 8601 time. @throws Refusal REQUEST_INVALID */
export function timeOf(text: string, timeZone: string): Date {
  let at: Date;
  try {
    at = parseZonedTime(text, timeZone);
  } catch {
    throw wrongField(
      '/at',
      'is not a time: write 2026-11-25T08:00:00+09:00, or 2026-11-25 08:00 in the publication’s zone',
    );
  }
  const aheadMs = at.getTime() - Date.now();
  if (aheadMs < -lateMs) throw wrongField('/at', 'is in the past');
  requireNear(aheadMs);
  return at;
}

function requireNear(aheadMs: number): void {
  if (aheadMs > mostDaysAhead * 86_400_000) throw wrongField('/at', `is more than ${mostDaysAhead} days ahead`);
}

/** @param day undefined: the next one on which the time is to come @throws Refusal REQUEST_INVALID */
export function localTimeOf(time: string, day: string | undefined, timeZone: string): LocalSend {
  try {
    const send = localSend(time, day, timeZone);
    requireNear((send.startAt?.getTime() ?? 0) - Date.now());
    return send;
  } catch (error) {
    if (!(error instanceof BroadsheetError) || error.code !== 'USAGE') throw error;
    throw wrongField('/at', `${error.message}; beside localTime it is the day, as 2026-11-25`);
  }
}

/** Whether an issue goes out at this time of this day already. */
export function isSameTime(
  { localMinutes, localDay }: { localMinutes: number | null; localDay: string | null },
  { local }: LocalSend,
): boolean {
  return localMinutes === local.minutes && localDay === local.day;
}

export const localTimeSchema = z
  .object({ time: z.string(), day: z.string() })
  .nullable()
  .meta({ description: 'At this time of this day by each reader’s own clock; null: for all at once.' });

export const localTimeDocument = (row: { localMinutes: number | null; localDay: string | null }) =>
  row.localMinutes === null || row.localDay === null ? null : { time: timeOfDay(row.localMinutes), day: row.localDay };
