/** `npm run faults -- [--seed N] [--only F3,F8] [--kills 200] [--readers 2000] [--json FILE]`: what each fault does is in docs/faults.md. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { messageOf } from '../../src/errors.ts';
import { faults } from './faults.ts';
import { seeded } from './random.ts';
import { type Fault, type Row, type Scale, Skipped } from './rows.ts';
import { closeStages, openStage, type Stage } from './stage.ts';
import { table } from './table.ts';

const usage = `usage: npm run faults -- [--seed N] [--only ${faults
  .slice(0, 2)
  .map(({ id }) => id)
  .join(',')}] [--kills 200] [--readers 2000] [--json FILE]\n`;

function options() {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      only: { type: 'string' },
      kills: { type: 'string', default: '200' },
      readers: { type: 'string', default: '2000' },
      json: { type: 'string' },
    },
  });
  const number = (text: string, least: number) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > 1_000_000)
      throw new Error(`${text} is not a number from ${least}`);
    return value;
  };
  const only = values.only?.split(',').map(id => id.trim().toUpperCase());
  const unknown = only?.filter(id => !faults.some(fault => fault.id === id)) ?? [];
  if (unknown.length > 0)
    throw new Error(`no fault ${unknown.join(', ')}; there are ${faults.map(({ id }) => id).join(', ')}`);
  const scale: Scale = { readers: number(values.readers, 100), kills: number(values.kills, 0), isShort: false };
  return {
    seed: number(values.seed, 0),
    chosen: faults.filter(({ id }) => only?.includes(id) ?? true),
    scale,
    json: values.json,
  };
}

async function played(fault: Fault, seed: number, scale: Scale): Promise<Row[]> {
  const empty = {
    fault: fault.id,
    what: fault.name,
    readers: 0,
    lost: 0,
    doubled: 0,
    unknown: 0,
    open: 0,
    recovery: [],
  };
  let stage: Stage | undefined;
  try {
    stage = await openStage(seeded(seed).fork(fault.id), fault.stage);
    const rows = await fault.run(stage, scale);
    if (rows.some(row => row.problems.length > 0)) process.stderr.write(`${await stage.log(20)}\n`);
    return rows;
  } catch (error) {
    if (error instanceof Skipped) return [{ ...empty, problems: [], skipped: error.message }];
    if (stage) process.stderr.write(`${await stage.log(20)}\n`);
    return [{ ...empty, problems: [`could not be played to its end: ${messageOf(error)}`] }];
  } finally {
    await stage?.close();
  }
}

let isLeaving = false;

/** Nothing stays behind, whatever ends the run. Ctrl-C comes twice, from the terminal and passed on by npm. */
function endInOrder(): void {
  const leave = (code: number) => {
    if (isLeaving) return;
    isLeaving = true;
    void closeStages().finally(() => process.exit(code));
  };
  process.on('SIGINT', () => leave(130));
  process.on('SIGTERM', () => leave(143));
  process.on('uncaughtException', error => {
    // What breaks because everything is being closed is nobody's news.
    if (!isLeaving) process.stderr.write(`${error.stack}\n`);
    leave(1);
  });
}

async function main(): Promise<number> {
  let given: ReturnType<typeof options>;
  try {
    given = options();
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n${usage}`);
    return 2;
  }
  const { seed, chosen, scale, json } = given;
  endInOrder();
  process.stdout.write(`seed ${seed}\n`);
  const rows: Row[] = [];
  for (const fault of chosen) {
    const startedAt = Date.now();
    process.stderr.write(`${fault.id} ${fault.name} …\n`);
    const results = await played(fault, seed, scale);
    // What broke because the run was broken off says nothing.
    if (isLeaving) await new Promise(() => {});
    for (const row of results)
      process.stderr.write(`  ${row.skipped ? 'skipped' : row.problems.length > 0 ? 'FAILED' : 'held'}: ${row.what}\n`);
    process.stderr.write(`  ${Math.round((Date.now() - startedAt) / 1000)} s\n`);
    rows.push(...results);
  }
  process.stdout.write(`${table(rows)}\n`);
  if (json) await writeFile(json, `${JSON.stringify({ seed, scale, rows }, null, 2)}\n`);
  return rows.some(row => row.problems.length > 0) ? 1 : 0;
}

// Stages are closed; a client that still looks for its server must not keep the run alive.
process.exit(await main());
