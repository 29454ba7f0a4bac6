/** Times as editors write them, in the publication's zone. */
import { BroadsheetError } from '../errors.ts';

/**
 * `2026-11-25 08:00` or `2026-11-25T08:00` in the zone, or a full ISO 8601 time with its own offset.
 * @throws BroadsheetError USAGE
 */
export function parseZonedTime(text: string, timeZone: string): Date {
  const local = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?$/.exec(text.trim());
  if (!local) {
    const instant = /T.*(Z|[+-]\d\d:?\d\d)$/.test(text) ? new Date(text) : undefined;
    if (instant && !Number.isNaN(instant.getTime())) return instant;
    throw notATime(text);
  }
  const [year, month, day, hour, minute, second = 0] = local.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number?,
  ];
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second || 0);
  // 30 February and 25 o'clock roll over to other times, which nobody meant.
  const [date = '', time = ''] = new Date(asUtc).toISOString().split('T');
  if (date !== local.slice(1, 4).join('-') || !time.startsWith(local.slice(4, 6).join(':'))) throw notATime(text);
  // Twice, since the offset at the first guess may be that of the other side of a clock change.
  let instant = asUtc - offsetMs(asUtc, timeZone);
  instant = asUtc - offsetMs(instant, timeZone);
  return new Date(instant);
}

function notATime(text: string): BroadsheetError {
  return new BroadsheetError('USAGE', `“${text}” is not a time`, {
    help: 'Write it as "2026-11-25 08:00" (in the publication’s time zone).',
  });
}

function offsetMs(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(instant);
  const name = parts.find(part => part.type === 'timeZoneName')?.value ?? 'GMT';
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return sign ? (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000 : 0;
}
