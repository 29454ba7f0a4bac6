/** This machine: its clock beside the others', and its disk. */
import { statfs } from 'node:fs/promises';
import { messageOf } from '../errors.ts';
import { type Finding, findings } from './finding.ts';

const group = 'Machine';
/** Seconds apart from which sends at a time are late, and times in reports wrong; and from which signatures are dated into the future. */
const skew = { warn: 2, fail: 60 };
const gb = 1024 ** 3;
/** Free octets; more where Postgres' files lie here too. */
const free = { embedded: { warn: 5 * gb, fail: gb }, keys: { warn: gb / 2, fail: gb / 10 } };

/** A clock elsewhere: milliseconds since 1970. */
export type Clock = [name: string, read: () => Promise<number | undefined>];

export async function checkClocks(clocks: readonly Clock[]): Promise<Finding[]> {
  return Promise.all(clocks.map(([name, read]) => checkClock(name, read)));
}

async function checkClock(name: string, read: () => Promise<number | undefined>): Promise<Finding> {
  const { ok, warn, fail, none } = findings(group);
  const check = `Clock of ${name}`;
  try {
    const [sentAt, startedAt] = [Date.now(), performance.now()];
    const there = await read();
    const trip = performance.now() - startedAt;
    if (there === undefined) return none(check, 'it tells no time');
    // What it says was true at some moment of the trip: within it nothing can be told.
    const apart = Math.max(0, Math.abs(there - (sentAt + trip / 2)) - trip / 2) / 1000;
    const found = `${apart < 0.1 ? 'less than 0.1' : apart.toFixed(1)} s apart`;
    const fix = 'Run a time service (systemd-timesyncd, chrony) on both machines.';
    if (apart > skew.fail) return fail(check, found, fix);
    return apart > skew.warn ? warn(check, found, fix) : ok(check, found);
  } catch (error) {
    return none(check, `it does not answer: ${messageOf(error)}`);
  }
}

/** @param isEmbedded Postgres' files lie in it too */
export async function checkDisk(dataDir: string, isEmbedded: boolean): Promise<Finding> {
  const { warn } = findings(group);
  try {
    const { bavail, bsize, blocks } = await statfs(dataDir);
    return judgeDisk({ free: bavail * bsize, total: blocks * bsize }, isEmbedded);
  } catch (error) {
    return warn('Disk', messageOf(error), 'Check that DATA_DIR is there and can be read.');
  }
}

/** @param octets of the disk on which DATA_DIR lies */
export function judgeDisk(octets: { free: number; total: number }, isEmbedded: boolean): Finding {
  const { ok, warn, fail } = findings(group);
  const least = isEmbedded ? free.embedded : free.keys;
  const size = (n: number) => `${(n / gb).toFixed(n < 10 * gb ? 1 : 0)} GB`;
  const found = `${size(octets.free)} of ${size(octets.total)} free at DATA_DIR${isEmbedded ? ', where Postgres keeps its data' : ''}`;
  const fix = `Free some, or move DATA_DIR: ${isEmbedded ? 'a full disk stops Postgres in the middle of a send; a million readers take about 0.5 GB an issue' : 'generated keys lie there'}.`;
  if (octets.free < least.fail) return fail('Disk', found, fix);
  return octets.free < least.warn ? warn('Disk', found, fix) : ok('Disk', found);
}
