/** Everything held of one person as one JSON document, written as it is read: its size in memory is that of a page of rows. */
import type { Row, Sql } from '../db/client.ts';
import {
  addressChangesOf,
  codesOf,
  commentsOf,
  consentsOf,
  issuesOf,
  lettersOf,
  subscriptionsOf,
  tagsOf,
} from '../db/personal-data.ts';

/** @yields pieces of the document, UTF-8 text */
export async function* dataFile(sql: Sql, person: Row): AsyncGenerator<string> {
  const id: number = person.id;
  yield `{"person": ${JSON.stringify(person)}`;
  yield* list('subscriptions', await subscriptionsOf(sql, id));
  yield* list('tags', await tagsOf(sql, id));
  yield* list('consents', consentsOf(sql, id));
  yield* list('addressChanges', addressChangesOf(sql, id));
  yield* list('discountCodes', codesOf(sql, id));
  yield* list('comments', commentsOf(sql, id));
  yield* list('letters', lettersOf(sql, id));
  yield* list('issues', issuesOf(sql, id));
  yield '}\n';
}

async function* list(name: string, rows: AsyncIterable<Row> | Iterable<Row>): AsyncGenerator<string> {
  yield `,\n"${name}": [`;
  let before = '\n  ';
  for await (const row of rows) {
    yield before + JSON.stringify(row);
    before = ',\n  ';
  }
  yield ']';
}
