/** `npm run mailroom -- [--json FILE]`: sends through a real Postfix to real Dovecot Maildirs; docs/measurements.md says what is seen. Root, Debian. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { messageOf } from '../../src/errors.ts';
import { type Act, blockedIssue, firstIssue, mendedIssue } from './acts.ts';
import { systemState } from './checks.ts';
import { letters } from './letters.ts';
import { install, missingPackages, obstacle } from './packages.ts';
import { fullRoom, readersOf } from './readers.ts';
import { openRoom, type Room } from './room.ts';
import { Undoing } from './undoing.ts';

const undoing = new Undoing();

/** @returns why it cannot be played here */
async function prepared(): Promise<string | undefined> {
  const missing = missingPackages();
  if (missing.length > 0 && process.getuid?.() === 0) {
    process.stderr.write(`installing ${missing.join(', ')} (apt-get, without recommended packages)\n`);
    await install(missing).catch(error => process.stderr.write(`${messageOf(error)}\n`));
  }
  return obstacle();
}

async function play(room: Room): Promise<Act[]> {
  const acts: Act[] = [];
  for (const act of [firstIssue, blockedIssue, mendedIssue, letters]) {
    acts.push(await act(room));
    process.stdout.write(`${told(acts.at(-1)!)}\n`);
  }
  return acts;
}

function told({ what, seconds, checks }: Act): string {
  const lines = checks.flatMap(check => [
    `  ${check.problems.length === 0 ? 'holds ' : 'FAILED'} ${String(check.looked).padStart(4)}  ${check.what}`,
    ...check.problems.slice(0, 5).map(problem => `              ${problem}`),
    ...(check.problems.length > 5 ? [`              and ${check.problems.length - 5} more`] : []),
  ]);
  return [`${what} (${seconds.toFixed(1)} s)`, ...lines].join('\n');
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { json: { type: 'string' } } });
  const why = await prepared();
  if (why) {
    process.stderr.write(`not played: ${why}\n`);
    return 2;
  }
  const before = await systemState();
  let room: Room | undefined;
  let code = 1;
  try {
    undoing.opening = openRoom(readersOf(fullRoom), undoing);
    room = (await undoing.opening) as Room;
    const acts = await play(room);
    if (values.json) await writeFile(values.json, `${JSON.stringify(acts, null, 2)}\n`);
    const isGood = acts.every(({ checks }) => checks.every(({ problems }) => problems.length === 0));
    if (isGood) code = 0;
    else process.stderr.write(`${await room.log()}\n`);
  } catch (error) {
    if (!undoing.isOver) process.stderr.write(`${messageOf(error)}\n${room ? await room.log() : ''}\n`);
  }
  // What broke because the run was broken off says nothing.
  if (undoing.isOver) await new Promise(() => {});
  await undoing.close();
  if ((await systemState()) === before) return code;
  process.stderr.write("the system's own Postfix is not as it was\n");
  return 1;
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.on(signal, () => void undoing.close().finally(() => process.exit(code)));

process.exit(await main());
