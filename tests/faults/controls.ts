/** F12: an editor pauses, resumes, corrects or cancels in the middle of a send, by the command line. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { broadsheet } from '../support/cli.ts';
import { type Fault, type Row, rowOf, type Scale } from './rows.ts';
import type { Stage } from './stage.ts';

/** With effect within a second of the command's end (the design's contract). */
const effectMs = 1000;

export const controls: Fault = {
  id: 'F12',
  name: 'pause, resume, correct, cancel',
  stage: { crew: { deliver: 2 } },
  run: async (stage, scale) => {
    const rows = [await pausedTwice(stage, scale), await cancelled(stage, scale)];
    const help = await broadsheet(['--help'], stage.env);
    if (/^\s+correct /m.test(help.stdout)) rows.push(await corrected(stage, scale));
    return rows;
  },
};

async function command(stage: Stage, ...args: string[]): Promise<void> {
  const { code, stderr } = await broadsheet(args, stage.env);
  if (code !== 0) throw new Error(`${args.join(' ')}: ${stderr.trim()}`);
}

const slow: [number, number] = [100, 300];

async function pausedTwice(stage: Stage, scale: Scale): Promise<Row> {
  const send = await stage.send({ readers: scale.readers, thinkMs: slow });
  const late: string[] = [];
  for (const part of [0.15, 0.55]) {
    await send.untilTaken(scale.readers * (part + stage.random.between(0, 0.1)));
    await command(stage, 'pause', send.name);
    const paused = performance.now();
    await sleep(effectMs + stage.random.between(1000, 4000));
    late.push(...stage.relay.spokenBetween(send.name, paused + effectMs, performance.now()));
    await command(stage, 'resume', send.name);
  }
  return rowOf('F12', stage, send, {
    what: 'paused and resumed, twice',
    open: 0,
    also: ({ accepted }) => [
      ...lateProblem('pause', late),
      ...(accepted === scale.readers ? [] : [`only ${accepted} accepted`]),
    ],
  });
}

async function cancelled(stage: Stage, scale: Scale): Promise<Row> {
  const send = await stage.send({ readers: scale.readers, thinkMs: slow });
  await send.untilTaken(scale.readers * stage.random.between(0.1, 0.5));
  await command(stage, 'cancel', send.name);
  const at = performance.now();
  await sleep(effectMs + 3000);
  const late = stage.relay.spokenBetween(send.name, at + effectMs, performance.now());
  return rowOf('F12', stage, send, {
    what: 'cancelled',
    open: 0,
    also: ({ states }) => [...lateProblem('cancel', late), ...(states.excluded ? [] : ['nobody was left out'])],
  });
}

/** The rest gets the corrected text; nobody gets both. */
async function corrected(stage: Stage, scale: Scale): Promise<Row> {
  const send = await stage.send({ readers: scale.readers, thinkMs: slow });
  const file = join(stage.folder, `${send.name}-corrected.md`);
  await writeFile(file, '---\nsubject: 고친 호\n---\n안녕하세요, 고친 글입니다.\n');
  await send.untilTaken(scale.readers * stage.random.between(0.2, 0.4));
  await command(stage, 'correct', send.name, file);
  const at = performance.now();
  return rowOf('F12', stage, send, {
    what: 'corrected in the middle',
    open: 0,
    also: ({ accepted }) => {
      const copies = send.addresses.flatMap(address => stage.relay.deliveries.get(address) ?? []);
      const [first] = copies.toSorted((a, b) => a.mailAt - b.mailAt);
      const later = copies.filter(copy => copy.mailAt > at + effectMs);
      const old = later.filter(copy => copy.subject === first?.subject);
      return [
        ...(accepted === scale.readers ? [] : [`only ${accepted} accepted`]),
        ...(old.length > 0 ? [`${old.length} got the old text more than a second after the correction`] : []),
        ...(later.length > 0 ? [] : ['the send was over before the correction']),
      ];
    },
  });
}

const lateProblem = (what: string, late: string[]): string[] =>
  late.length === 0 ? [] : [`${late.length} readers were spoken of more than a second after the ${what}`];
