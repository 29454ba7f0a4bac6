/** F10: the clock of one process jumps by hours in the middle of a send. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Role } from './crew.ts';
import { type Fault, type Row, rowOf, type Scale } from './rows.ts';
import type { Send } from './send.ts';
import type { Stage } from './stage.ts';

export const clockJump: Fault = {
  id: 'F10',
  name: 'clock jump',
  stage: { crew: { deliver: 0, tick: 0 } },
  run: async (stage, scale) => {
    const file = join(stage.folder, 'clock');
    await writeFile(file, '0');
    const preload = new URL('./clock-preload.mjs', import.meta.url).href;
    const shifted = (role: Role) =>
      stage.crew.add(role, { CLOCK_FILE: `${file}-${role}`, NODE_OPTIONS: `--import=${preload}` });
    await Promise.all([shifted('deliver-batch'), shifted('tick'), stage.crew.add('deliver-batch')]);
    const rows: Row[] = [];
    for (const role of ['deliver-batch', 'tick'] as const)
      for (const hours of [-3, 3]) rows.push(await jumped(stage, scale, `${file}-${role}`, role, hours));
    return rows;
  },
};

const deferredEach = 12;

async function jumped(stage: Stage, scale: Scale, file: string, role: Role, hours: number): Promise<Row> {
  await writeFile(file, '0');
  const send = await stage.send({ readers: scale.readers });
  await send.untilTaken(scale.readers * 0.2);
  const refused = new Set<string>();
  await writeFile(file, String(hours * 3_600_000));
  await sleep(300);
  stage.relay.script.hook = at => {
    if (at.step !== 'rcpt' || refused.size >= deferredEach || stage.random.next() > 0.1) return undefined;
    refused.add(at.to);
    return '450 4.2.0 greylisted, come back later';
  };
  // All others; the refused wait for their time.
  const others = scale.readers - deferredEach;
  await send.untilTaken(others);
  await sleep(2500);
  const problems = await wrongWaits(stage, send, refused.size);
  const row = await rowOf('F10', stage, send, {
    what: `clock of the ${role === 'tick' ? 'tick' : 'worker'} ${hours > 0 ? '+' : '−'}${Math.abs(hours)} h`,
    open: 0,
    also: () => [...problems, ...(refused.size === deferredEach ? [] : [`only ${refused.size} were deferred`])],
  });
  await writeFile(file, '0');
  return row;
}

/** Greylisting passes in 5 to 15 minutes (rule 2.2), whatever a worker's clock says. */
async function wrongWaits(stage: Stage, send: Send, expected: number): Promise<string[]> {
  const waits = await stage.wiring.sql<{ minutes: number }[]>`
    select extract(epoch from next_attempt_at - updated_at)::float8 / 60 as minutes from recipients
    where issue_id = ${send.issueId} and state = 'deferred'`;
  const wrong = waits.filter(({ minutes }) => minutes < 5 || minutes > 15);
  return [
    ...(wrong.length > 0 ? [`${wrong.length} deferred readers wait ${wrong[0]!.minutes.toFixed(0)} minutes`] : []),
    ...(waits.length === expected ? [] : [`${waits.length} of ${expected} still wait: some came back early`]),
  ];
}
