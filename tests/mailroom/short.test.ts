/** The short version of `npm run mailroom` (docs/measurements.md): a real Postfix and Dovecot, where Debian's packages are installed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Act, blockedIssue, firstIssue } from './acts.ts';
import { obstacle } from './packages.ts';
import { readersOf, smallRoom } from './readers.ts';
import { openRoom, type Room } from './room.ts';
import { Undoing } from './undoing.ts';

const why = obstacle();

describe.skipIf(why)(`through Postfix to Dovecot${why ? `: not played, ${why}` : ''}`, () => {
  const undoing = new Undoing();
  let room: Room;

  beforeAll(async () => {
    undoing.opening = openRoom(readersOf(smallRoom), undoing);
    room = (await undoing.opening) as Room;
  });

  afterAll(() => undoing.close());

  const holds = async ({ checks }: Act) => {
    expect(checks.length).toBeGreaterThan(2);
    for (const { what, problems } of checks) expect(problems, `${what}\n${await room.log()}`).toEqual([]);
  };

  test('each message arrives or comes back, signed as it left; the dead addresses are suppressed', async () => {
    await holds(await firstIssue(room));
  });

  test('5.7.1 for all: nobody is suppressed, the issue is held', async () => {
    await holds(await blockedIssue(room));
  });
});
