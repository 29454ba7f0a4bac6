/** `publication`, `import`, `subscriber`: who sends, who reads. */
import { findPublication, putPublication } from '../db/publications.ts';
import type { SubscriptionView } from '../db/subscribers.ts';
import { BroadsheetError } from '../errors.ts';
import { importCsv } from '../subscribers/import.ts';
import { readPublicationFile } from '../subscribers/publication-file.ts';
import { describeSubscriber } from '../subscribers/subscriptions.ts';
import type { Wiring } from '../wiring.ts';
import { keepHeapLean } from './lean-heap.ts';
import type { Output } from './output.ts';
import { rowsBar } from './rows-bar.ts';
import { tryOut } from './try-publication.ts';
import { withWiring } from './wired.ts';

export async function publicationCommand(file: string, output: Output): Promise<number> {
  const publication = readPublicationFile(file);
  return withWiring('publication', async ({ sql, config }) => {
    await tryOut(config, publication);
    const { created } = await putPublication(sql, publication);
    output.result({ publication: publication.slug, created }, [
      `${publication.name} (${publication.slug}) ${created ? 'created' : 'updated'}.`,
    ]);
    return 0;
  });
}

/** @throws BroadsheetError PUBLICATION_UNKNOWN */
export async function requirePublication(wiring: Pick<Wiring, 'sql'>, slug: string) {
  const found = await findPublication(wiring.sql, slug);
  if (!found) throw new BroadsheetError('PUBLICATION_UNKNOWN', `no publication ${slug}`);
  return found;
}

export async function importCommand(file: string, options: { publication: string }, output: Output): Promise<number> {
  return withWiring('import', async wiring => {
    const { id, publication } = await requirePublication(wiring, options.publication);
    keepHeapLean();
    const bar = rowsBar(output);
    try {
      const report = await importCsv(wiring, {
        file,
        publicationId: id,
        publication,
        onProgress: bar.update,
      });
      bar.stop();
      output.result(report, [
        `${report.imported} imported, ${report.updated} updated, ${report.skipped} left as they were, ${report.rejectedTotal} rejected.`,
        ...report.rejected.slice(0, 20).map(({ line, reason }) => `  ${file}:${line}: ${reason}`),
        ...(report.unknownTimeZones > 0
          ? [`  ${report.unknownTimeZones} without the time zone in their row: it is none, as Asia/Seoul is one`]
          : []),
        ...(report.rejectedTotal > 20 ? [`  … and ${report.rejectedTotal - 20} more; --json lists them`] : []),
      ]);
      return 0;
    } finally {
      bar.stop();
    }
  });
}

function subscriptionLine({
  publication,
  state,
  since,
  frequency,
  pausedUntil,
  advertising,
}: SubscriptionView): string {
  const more = [
    `  ${publication}: ${state} since ${since}`,
    pausedUntil && `paused until ${pausedUntil}`,
    frequency === 'monthly' ? 'monthly digest' : 'every issue',
    advertising ? 'agreed to advertising' : 'no consent to advertising',
  ];
  return more.filter(Boolean).join(', ');
}

export async function subscriberCommand(address: string, output: Output): Promise<number> {
  return withWiring('subscriber', async ({ sql, hasher }) => {
    const found = await describeSubscriber(sql, hasher, address);
    if (!found) throw new BroadsheetError('SUBSCRIBER_UNKNOWN', 'nobody has this address');
    output.result(found, [
      `${found.address}${found.name ? ` (${found.name})` : ''}${found.suppressed ? ': suppressed, never mailed' : ''}`,
      ...(found.id === undefined ? [] : [`  number ${found.id}`]),
      ...found.subscriptions.map(subscriptionLine),
    ]);
    return 0;
  });
}
