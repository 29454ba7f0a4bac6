/** This machine: its clock beside the others', and its disk. */
import { statfs } from 'node:fs/promises';
import { messageOf } from '../errors.ts';
import { type Finding, findings, named } from './finding.ts';

const group = named('machine');
/** Seconds apart from which sends at a time are late, and times in reports wrong; and from which signatures are dated into the future. */
const skew = { warn: 2, fail: 60 };
const gb = 1024 ** 3;
/** Free octets; more where Postgres' files lie here too. */
const free = { embedded: { warn: 5 * gb, fail: gb }, keys: { warn: gb / 2, fail: gb / 10 } };

/** A clock elsewhere: milliseconds since 1970. @param name undefined: the web server's */
export type Clock = [name: string | undefined, read: () => Promise<number | undefined>];

export async function checkClocks(clocks: readonly Clock[]): Promise<Finding[]> {
  return Promise.all(clocks.map(([name, read]) => checkClock(name, read)));
}

async function checkClock(name: string | undefined, read: () => Promise<number | undefined>): Promise<Finding> {
  const { ok, warn, fail, none } = findings(group);
  const check = named('clock-of', name);
  try {
    const [sentAt, startedAt] = [Date.now(), performance.now()];
    const there = await read();
    const trip = performance.now() - startedAt;
    if (there === undefined) return none(check, 'clock-untold');
    // What it says was true at some moment of the trip: within it nothing can be told.
    const apart = Math.max(0, Math.abs(there - (sentAt + trip / 2)) - trip / 2) / 1000;
    if (apart > skew.fail) return fail(check, 'clock-apart', apart);
    return apart > skew.warn ? warn(check, 'clock-apart', apart) : ok(check, 'clock-near', apart);
  } catch (error) {
    return none(check, 'clock-silent', messageOf(error));
  }
}

/** @param isEmbedded Postgres' files lie in it too */
export async function checkDisk(dataDir: string, isEmbedded: boolean): Promise<Finding> {
  const { warn } = findings(group);
  try {
    const { bavail, bsize, blocks } = await statfs(dataDir);
    return judgeDisk({ free: bavail * bsize, total: blocks * bsize }, isEmbedded);
  } catch (error) {
    return warn(named('disk'), 'disk-unread', messageOf(error));
  }
}

/** @param octets of the disk on which DATA_DIR lies */
export function judgeDisk(octets: { free: number; total: number }, isEmbedded: boolean): Finding {
  const { ok, warn, fail } = findings(group);
  const least = isEmbedded ? free.embedded : free.keys;
  const size = (n: number) => `${(n / gb).toFixed(n < 10 * gb ? 1 : 0)} GB`;
  const [left, total] = [size(octets.free), size(octets.total)];
  const check = named('disk');
  if (octets.free < least.fail) return fail(check, 'disk-short', left, total, isEmbedded);
  return octets.free < least.warn
    ? warn(check, 'disk-short', left, total, isEmbedded)
    : ok(check, 'disk-enough', left, total, isEmbedded);
}
