/** `codes add`, `codes list`, `codes redeemed`: pools of discount codes, one for each reader. */
import { addCodes, type CodePool, findPool, listPools, putPool, redeemCodes } from '../db/codes.ts';
import { BroadsheetError } from '../errors.ts';
import { poolName, readCodes } from '../subscribers/codes-file.ts';
import { requirePublication } from './lists.ts';
import type { Output } from './output.ts';
import { rowsBar } from './rows-bar.ts';
import { withWiring } from './wired.ts';

interface CodesOptions {
  publication: string;
  expires?: string;
}

/** Refused lines that are told. */
const mostTold = 20;

/** Fills a pool, making it where it is not there yet. Again it changes nothing. @throws BroadsheetError USAGE, FILE_UNREADABLE */
export async function codesAddCommand(
  pool: string,
  file: string,
  options: CodesOptions,
  output: Output,
): Promise<number> {
  const name = poolName(pool);
  const expires = options.expires ?? null;
  if (expires !== null && (!/^\d{4}-\d{2}-\d{2}$/.test(expires) || Number.isNaN(Date.parse(expires))))
    throw new BroadsheetError('USAGE', '--expires takes a day, as 2026-12-31');
  return withWiring('codes', async wiring => {
    const { id } = await requirePublication(wiring, options.publication);
    const poolId = await putPool(wiring.sql, id, name, expires);
    let added = 0;
    const { seen, rejected } = await eachGroup(file, output, async codes => {
      added += await addCodes(wiring.sql, poolId, codes);
    });
    const now = (await findPool(wiring.sql, id, name))!;
    output.result({ pool: now, added, repeated: seen - added, rejected }, [
      `${added} codes added, ${seen - added} were there already, ${rejected.length} lines refused.`,
      ...told(file, rejected),
      lineOf(now),
      `In an issue: promo: { pool: ${name} } in its front matter.`,
    ]);
    return rejected.length > 0 && added === 0 ? 1 : 0;
  });
}

export async function codesListCommand(options: CodesOptions, output: Output): Promise<number> {
  return withWiring('codes', async wiring => {
    const { id } = await requirePublication(wiring, options.publication);
    const pools = await listPools(wiring.sql, id);
    output.result({ pools }, pools.length > 0 ? pools.map(lineOf) : ['No pools yet: broadsheet codes add NAME FILE']);
    return 0;
  });
}

/** Marks the codes that the shop lists as used. @throws BroadsheetError USAGE, POOL_UNKNOWN, FILE_UNREADABLE */
export async function codesRedeemedCommand(
  pool: string,
  file: string,
  options: CodesOptions,
  output: Output,
): Promise<number> {
  return withWiring('codes', async wiring => {
    const { id } = await requirePublication(wiring, options.publication);
    const found = await findPool(wiring.sql, id, pool);
    if (!found) throw new BroadsheetError('POOL_UNKNOWN', `${options.publication} has no pool ${pool}`);
    const total = { known: 0, marked: 0 };
    const { seen, rejected } = await eachGroup(file, output, async codes => {
      const { known, marked } = await redeemCodes(wiring.sql, found.id, codes);
      total.known += known;
      total.marked += marked;
    });
    const now = (await findPool(wiring.sql, id, pool))!;
    output.result({ pool: now, marked: total.marked, unknown: seen - total.known, rejected }, [
      `${total.marked} codes marked as used; ${total.known - total.marked} were already, ${seen - total.known} are not of this pool.`,
      ...told(file, rejected),
      lineOf(now),
    ]);
    return 0;
  });
}

async function eachGroup(file: string, output: Output, act: (codes: string[]) => Promise<void>) {
  const bar = rowsBar(output);
  const rejected: { line: number; reason: string }[] = [];
  let seen = 0;
  try {
    for await (const group of readCodes(file)) {
      const codes = [...new Set(group.codes)];
      seen += codes.length;
      rejected.push(...group.rejected.slice(0, 1000 - rejected.length));
      if (codes.length > 0) await act(codes);
      bar.update({ bytes: group.position, totalBytes: group.totalBytes, rows: seen });
    }
  } finally {
    bar.stop();
  }
  return { seen, rejected };
}

function told(file: string, rejected: { line: number; reason: string }[]): string[] {
  const lines = rejected.slice(0, mostTold).map(({ line, reason }) => `  ${file}:${line}: ${reason}`);
  return rejected.length > mostTold ? [...lines, `  … and ${rejected.length - mostTold} more`] : lines;
}

function lineOf({ name, total, assigned, redeemed, free, expires }: CodePool): string {
  const until = expires ? `, until ${expires}` : '';
  return `${name}: ${total} codes, ${assigned} given to readers, ${redeemed} used, ${free} left${until}`;
}
