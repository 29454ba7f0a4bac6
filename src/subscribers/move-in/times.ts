/** Times as newsletter systems write them into their exports. */

const pattern =
  /^(\d{4})[-./](\d{1,2})[-./](\d{1,2})\.?(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?(?: [A-Z]{1,5}| [+-]\d{2,4})?(?: m=\S{1,40})?$/;

/** No newsletter is older. */
const earliest = Date.UTC(1990, 0, 1);

/**
 * Year first, in any of the usual separators, with or without a time: `2024-03-16T08:03:11.000Z`, `2018-02-05 19:28:23`,
 * `2024. 3. 16`, and Go's `2024-01-05 10:20:30.123 +0000 UTC`. Day and month are never guessed: `3/4/2024` is not read.
 * @param zone of a time that names none
 * @returns undefined when it cannot be read, does not exist or lies in the future
 */
export function parseTime(text: string, zone: 'UTC' | '+09:00', now = Date.now()): Date | undefined {
  const match = text.length > 100 ? null : pattern.exec(text.trim().replace(/([./-]) +(?=\d)/g, '$1'));
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(part => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const fraction = Number(`0.${match[7] ?? '0'}`);
  const local = Date.UTC(year, month - 1, day, hour, minute, second, Math.floor(fraction * 1000));
  const date = new Date(local);
  const exists =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  const time = local - offsetMs(match[8] ?? zone);
  return exists && time >= earliest && time <= now ? new Date(time) : undefined;
}

function offsetMs(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (!match) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000;
}
