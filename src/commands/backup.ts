/** `backup` and `restore`: the whole installation's rows in one file, and out of it again. */
import { readFile } from 'node:fs/promises';
import { fingerprint, type Head } from '../backup/format.ts';
import type { Contents } from '../backup/read.ts';
import { checkBackup, type Restored, restoreBackup, undoRestore } from '../backup/restore.ts';
import { writeBackup } from '../backup/write.ts';
import { type Config, readConfig } from '../config.ts';
import { BroadsheetError } from '../errors.ts';
import { signingSecrets } from '../wiring.ts';
import type { Output } from './output.ts';
import { rowsBar } from './rows-bar.ts';
import { withDatabase, withWiring } from './wired.ts';

export async function backupCommand(options: { out?: string }, output: Output): Promise<number> {
  return withWiring('backup', async ({ sql, config }) => {
    const bar = rowsBar(output);
    try {
      const keys = (await signingSecrets(config)).map(fingerprint);
      const file = options.out ?? `broadsheet-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}Z.backup.gz`;
      const about = { version: await version(), publicUrl: config.publicUrl, keys };
      const { head, tables, rows } = await writeBackup(sql, file, about, bar.update);
      bar.stop();
      output.result({ file, madeAt: head.madeAt, rows, tables, keep: alsoKeep(config) }, [
        `${rows.toLocaleString('en')} rows of ${tables.length} tables as of ${head.madeAt} → ${file}`,
        'The file holds readers’ addresses. To be whole again keep as well, in another place:',
        ...alsoKeep(config).map(what => `  ${what}`),
      ]);
      return 0;
    } finally {
      bar.stop();
    }
  });
}

/** What is no row: without it the rows are not the whole installation. */
function alsoKeep({ secretKeys, dataDir, dkim, lanesFile, publicUrl }: Config): string[] {
  return [
    secretKeys
      ? 'SECRET_KEYS: links in mails that were sent are signed with them'
      : `${dataDir}/secret-key: links in mails that were sent are signed with it`,
    ...(dkim
      ? [`the DKIM key ${dkim.privateKeyFile}${dkim.ed25519 ? ` and ${dkim.ed25519.privateKeyFile}` : ''}`]
      : []),
    ...(lanesFile ? [`LANES_FILE ${lanesFile}`] : []),
    `PUBLIC_URL ${publicUrl}, and the other variables`,
  ];
}

async function version(): Promise<string> {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  return version;
}

export interface RestoreOptions {
  check?: boolean;
  force?: boolean;
  undo?: boolean;
}

/** @throws BroadsheetError USAGE */
export async function restoreCommand(
  file: string | undefined,
  options: RestoreOptions,
  output: Output,
): Promise<number> {
  if (options.undo) return undoCommand(file, output);
  if (file === undefined) throw new BroadsheetError('USAGE', 'restore takes the file of a backup');
  return options.check ? checkCommand(file, output) : putInCommand(file, options, output);
}

/** Needs no server. */
async function checkCommand(file: string, output: Output): Promise<number> {
  const bar = rowsBar(output);
  try {
    const contents = await checkBackup(file, bar.update);
    bar.stop();
    output.result({ file, ...summary(contents) }, [
      `${file} is whole: ${contents.rows.toLocaleString('en')} rows of ${contents.tables.length} tables as of ${contents.head.madeAt}, version ${contents.head.version}.`,
    ]);
    return 0;
  } finally {
    bar.stop();
  }
}

async function putInCommand(file: string, { force = false }: RestoreOptions, output: Output): Promise<number> {
  const config = readConfig();
  const bar = rowsBar(output);
  try {
    const restored = await withDatabase(config, ({ sql }) =>
      restoreBackup(sql, file, { force, onProgress: bar.update }),
    );
    bar.stop();
    const differs = await differences(config, restored.head);
    const { issues, unknown, migrated, aside } = restored;
    output.result(
      { file, ...summary(restored), held: issues, unknown, migrated, aside, differs },
      linesOf(restored, differs),
    );
    return 0;
  } finally {
    bar.stop();
  }
}

async function undoCommand(file: string | undefined, output: Output): Promise<number> {
  if (file !== undefined) throw new BroadsheetError('USAGE', '--undo takes no file');
  const undone = await withDatabase(readConfig(), ({ sql }) => undoRestore(sql));
  output.result({ undone: undone ?? null }, [
    undone
      ? `What ${undone.back} held is in place again; what was restored is in schema ${undone.aside} now.`
      : 'Nothing was put aside.',
  ]);
  return undone ? 0 : 1;
}

const summary = ({ head, tables, rows }: Contents) => ({ madeAt: head.madeAt, version: head.version, rows, tables });

/** What this host is told that the one of the backup was told otherwise. */
async function differences(config: Config, head: Head): Promise<string[]> {
  const own = new Set((await signingSecrets(config)).map(fingerprint));
  const where = config.secretKeys ? 'SECRET_KEYS' : `${config.dataDir}/secret-key`;
  return [
    ...(head.keys.every(key => own.has(key))
      ? []
      : [
          `${where}: not all keys of the backup’s time are in it; links in mails of that time lead nowhere until they are`,
        ]),
    ...(head.publicUrl === config.publicUrl
      ? []
      : [`PUBLIC_URL: it was ${head.publicUrl}; links in mails of that time lead there`]),
  ];
}

function linesOf({ head, rows, tables, issues, unknown, migrated, aside }: Restored, differs: string[]): string[] {
  return [
    `${rows.toLocaleString('en')} rows of ${tables.length} tables, as they were at ${head.madeAt}.`,
    ...(aside ? [`What was there before is in schema ${aside}: broadsheet restore --undo puts it back.`] : []),
    ...(migrated.length > 0
      ? [`The backup was of an older version; brought up to this one (${migrated.join(', ')}).`]
      : []),
    ...issues.map(
      ({ slug, was }) =>
        `Held: issue ${slug}, ${was} at that time. What left after it is not known: resume or cancel it.`,
    ),
    ...(unknown > 0 ? [`${unknown} messages were in flight at that time and are unknown now.`] : []),
    ...differs,
    'What came in since is not there: unsubscribes, bounces, sign-ups, revoked tokens. See “Backup and restore” in docs/operating.md.',
  ];
}
