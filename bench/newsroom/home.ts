/** The newsroom's data directory: made once, and used again by whoever measures on it. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readConfig } from '../../src/config.ts';
import { openWiring, type Wiring } from '../../src/wiring.ts';
import type { Size } from './calendar.ts';
import { fillDesks } from './desk.ts';
import { makeNewsroom } from './make.ts';
import { Steps } from './steps.ts';

export const usualHome = join(tmpdir(), 'broadsheet-newsroom');

/** Raised when the program makes something else of the same size. */
const form = 4;

const noteSchema = z.object({
  form: z.number(),
  size: z.object({ readers: z.number(), issues: z.number(), ledger: z.number(), seed: z.number() }),
  /** Null while it is being made: what was left half-way is begun anew. */
  password: z.string().nullable(),
  seconds: z.number(),
});
type Note = z.infer<typeof noteSchema>;

export interface Newsroom {
  wiring: Wiring;
  note: Note & { password: string };
  isNew: boolean;
}

const noteFile = (home: string) => join(home, 'newsroom.json');

async function readNote(home: string): Promise<Note | undefined> {
  if (!existsSync(noteFile(home))) return undefined;
  const parsed = noteSchema.safeParse(JSON.parse(await readFile(noteFile(home), 'utf8')));
  return parsed.success ? parsed.data : undefined;
}

/**
 * @param connections Postgres connections of this process
 * @param relay where mails go; usually nowhere
 * @throws Error when there is none in this directory
 */
export async function openNewsroom(home: string, connections: number, relay?: string): Promise<Newsroom> {
  const note = await readNote(home);
  if (!note?.password) throw new Error(`there is no newsroom in ${home}: npm run bench -- newsroom --data ${home}`);
  const wiring = await openHome(home, connections, relay);
  // One that was made before there were desks gets them now.
  await fillDesks(wiring);
  return { wiring, note: { ...note, password: note.password }, isNew: false };
}

/** The one that is there when it has this size; otherwise makes it, in place of another one. */
export async function makeOrOpenNewsroom(home: string, size: Size): Promise<Newsroom> {
  const known = await readNote(home);
  if (known?.password && known.form === form && JSON.stringify(known.size) === JSON.stringify(size))
    return openNewsroom(home, 2);
  // Only what this program made itself is replaced.
  if (!known && existsSync(join(home, 'embedded')))
    throw new Error(`${home} is somebody’s data directory, and no newsroom: choose another one with --data`);
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true, mode: 0o700 });
  const keep = (note: Note) => writeFile(noteFile(home), `${JSON.stringify(note, null, 2)}\n`, { mode: 0o600 });
  await keep({ form, size, password: null, seconds: 0 });
  const wiring = await openHome(home, 4);
  const startedAt = performance.now();
  try {
    const password = await makeNewsroom(wiring, size, new Steps());
    const note = { form, size, password, seconds: Math.round((performance.now() - startedAt) / 1000) };
    await keep(note);
    return { wiring, note, isNew: true };
  } catch (error) {
    await wiring.close();
    throw error;
  }
}

/** With nothing that the environment configures: no relay, no other database. */
function openHome(home: string, connections: number, relay = 'smtp://127.0.0.1:9'): Promise<Wiring> {
  const config = readConfig({
    DATA_DIR: home,
    PUBLIC_URL: 'http://localhost:3000',
    SMTP_URL: relay,
    MX_LOOKUP: 'off',
    LOG_LEVEL: 'error',
  });
  return openWiring(config, 'bench', connections);
}
