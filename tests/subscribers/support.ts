/** A publication in a database of its own, and CSV files to import into it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { putPublication } from '../../src/db/publications.ts';
import { type Publication, samplePublication } from '../../src/model/publication.ts';
import { type ImportReport, importCsv } from '../../src/subscribers/import.ts';
import { openServices, type Services } from '../support/services.ts';

export interface Desk {
  services: Services;
  folder: string;
  /** A new publication, with no subscribers. */
  publication(fields?: Record<string, string>): Promise<Newsletter>;
  file(content: string | Buffer): Promise<string>;
  close(): Promise<void>;
}

interface Newsletter {
  id: number;
  publication: Publication;
  import(content: string | Buffer): Promise<ImportReport>;
  /** Subscribers with their state, by address. */
  people(): Promise<Record<string, { name: string; attributes: object; state: string }>>;
}

export async function openDesk(): Promise<Desk> {
  const services = await openServices();
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-csv-'));
  let count = 0;
  const file = async (content: string | Buffer) => {
    const path = join(folder, `${++count}.csv`);
    await writeFile(path, content);
    return path;
  };
  const publication = async (fields: Record<string, string> = {}): Promise<Newsletter> => {
    const document = { ...samplePublication('ko'), slug: `paper-${++count}`, fields };
    const { id } = await putPublication(services.sql, document);
    return {
      id,
      publication: document,
      import: async content =>
        importCsv(services, { file: await file(content), publicationId: id, publication: document }),
      people: async () => {
        const rows = await services.sql<{ email: string; name: string; attributes: object; state: string }[]>`
          select s.email, s.name, s.attributes, n.state from subscriptions n join subscribers s on s.id = n.subscriber_id
          where n.publication_id = ${id}`;
        return Object.fromEntries(rows.map(({ email, ...rest }) => [email, rest]));
      },
    };
  };
  const close = async () => {
    await services.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { services, folder, publication, file, close };
}

/** Random numbers that are the same in every run. */
export function random(seed: number): { below(n: number): number; pick<T>(from: readonly T[]): T } {
  let state = seed;
  const below = (n: number) => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
  return { below, pick: from => from[below(from.length)]! };
}
