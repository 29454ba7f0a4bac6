/** What lies on the desks: texts being written, a file that was checked and waits to be brought in, the figures as `tick` keeps them. */
import { createImport, moveImport, storeChunk } from '../../src/db/imports.ts';
import { insertManuscript } from '../../src/db/manuscripts.ts';
import { listPublications, type StoredPublication } from '../../src/db/publications.ts';
import { mostFileBytes, previewFile } from '../../src/subscribers/import-file.ts';
import { workImports } from '../../src/subscribers/import-job.ts';
import { keepFigures } from '../../src/track/figures.ts';
import type { Wiring } from '../../src/wiring.ts';
import { addressOf } from './beside.ts';
import { textOf } from './texts.ts';

/** Texts of each publication. */
const texts = 3;
const rows = 2000;

/** Does nothing where it was done. */
export async function fillDesks(wiring: Wiring): Promise<void> {
  const { sql } = wiring;
  const [begun] = await sql`select from manuscripts limit 1`;
  if (begun) return;
  const [editor] = await sql<{ id: number }[]>`select id from staff where email = ${addressOf('editor')}`;
  const publications = await listPublications(sql);
  for (const { id, publication } of publications)
    for (let n = 0; n < texts; n++) {
      const { title, source } = textOf(publication.language, 1000 + n, '2026-01-01');
      await insertManuscript(sql, { publicationId: id, title, source, by: editor!.id });
    }
  await checkFile(wiring, publications[0]!, editor!.id);
  while (await keepFigures(sql)) {
    // A few a round.
  }
}

/** A tenth has no address that could be written to. */
async function checkFile(wiring: Wiring, { id, publication }: StoredPublication, staffId: number): Promise<void> {
  const { sql } = wiring;
  const lines = Array.from({ length: rows }, (_, n) =>
    n % 10 === 0 ? `no address ${n},독자 ${n}` : `file-${n}@readers.example,독자 ${n}`,
  );
  const job = await createImport(sql, { publicationId: id, staffId, name: 'readers.csv' });
  await storeChunk(sql, job, 0, Buffer.from(`이메일,이름\n${lines.join('\n')}\n`), mostFileBytes);
  const { encoding, layout } = await previewFile({ sql, dataDir: wiring.config.dataDir }, job, publication);
  const consent = { source: 'fair', at: '2026-01-01', wording: '뉴스레터를 받는 데 동의합니다.', version: '' };
  await moveImport(sql, job, ['uploading'], 'checking', { encoding, layout, consent });
  await workImports({ sql, hasher: wiring.hasher, dataDir: wiring.config.dataDir }, async () => true);
}
