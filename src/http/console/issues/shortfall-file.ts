/** Everyone without an issue as a CSV file, written page by page as fast as it is read: no list of them is ever held, nor a connection. */
import { insertAudit } from '../../../db/audit.ts';
import type { IssueRow } from '../../../db/issues.ts';
import { bouncedPage, shortfallPage } from '../../../db/shortfall.ts';
import { csvLine } from '../../../subscribers/csv-line.ts';
import type { Console, ConsoleContext } from '../context.ts';

const pageRows = 1000;

export async function shortfallFile(c: ConsoleContext, site: Console, issue: IssueRow): Promise<Response> {
  const { sql } = site.wiring;
  await insertAudit(sql, c.get('staff'), { act: 'issue.ledger', subject: `issue ${issue.id}` });
  const lines = linesOf();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    // The mark has spreadsheets read UTF-8.
    start: to =>
      to.enqueue(
        encoder.encode(`\ufeff${csvLine(['email', 'state', 'reason', 'lane', 'attempts', 'reply', 'updated_at'])}`),
      ),
    pull: async to => {
      const { value, done } = await lines.next();
      if (done) to.close();
      else to.enqueue(encoder.encode(value));
    },
    cancel: async () => {
      await lines.return();
    },
  });
  return c.body(body, 200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${issue.slug.replace(/[^\w.-]+/g, '-')}-missing.csv"`,
  });

  async function* linesOf(): AsyncGenerator<string, void> {
    for (const read of [shortfallPage, bouncedPage])
      for (let after = 0; ; ) {
        const rows = await read(sql, issue.id, after, pageRows);
        if (rows.length > 0)
          yield rows
            .map(({ email, state, reason, lane, attempts, reply, updatedAt }) =>
              csvLine([
                email ?? '',
                state,
                reason ?? '',
                lane ?? '',
                String(attempts),
                reply ?? '',
                updatedAt.toISOString(),
              ]),
            )
            .join('');
        if (rows.length < pageRows) break;
        after = rows.at(-1)!.subscriber;
      }
  }
}
