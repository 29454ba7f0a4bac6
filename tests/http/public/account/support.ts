/** A stage with a second publication, and links as letters carry them. */
import { putPublication } from '../../../../src/db/publications.ts';
import type { LetterPurpose } from '../../../../src/model/purposes.ts';
import { publicationOf } from '../../../support/fixtures.ts';
import { openStage, press, type Stage } from '../support.ts';

export interface AccountStage extends Stage {
  /** Id of the publication `daily`. */
  dailyId: number;
  letterLink: (purpose: LetterPurpose, reader: number, ref?: number) => string;
  idOf: (reader: number) => number;
  /** The reader's subscription to the publication of the stage. */
  subscription: (reader: number) => Promise<Record<string, unknown>>;
  /** What a page says. */
  read: (path: string) => Promise<string>;
  /** Posts and tells where it leads. */
  go: (path: string, fields: Record<string, string>) => Promise<string | null>;
}

export async function openAccounts(law: string[] = ['kr']): Promise<AccountStage> {
  const stage = await openStage({ readers: 14, publication: { law } });
  const { sql, tokens } = stage.services;
  const daily = publicationOf({ slug: 'daily', name: '매일 소식', description: '아침마다 한 가지 소식' });
  const { id: dailyId } = await putPublication(sql, daily);
  const idOf = (reader: number) => stage.sent.subscriberIds[reader]!;
  return {
    ...stage,
    dailyId,
    idOf,
    letterLink: (purpose, reader, ref = 0) => {
      const token = tokens.sign({ purpose, issueId: stage.sent.publicationId, subscriberId: idOf(reader), ref });
      return `/r/${token}/${purpose}`;
    },
    subscription: async reader => {
      const [row] = await sql`
        select * from subscriptions where subscriber_id = ${idOf(reader)} and publication_id = ${stage.sent.publicationId}`;
      return row!;
    },
    read: async path => await (await stage.app.request(path)).text(),
    go: async (path, fields) => (await press(stage.app, path, fields)).headers.get('location'),
  };
}
