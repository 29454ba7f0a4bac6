/** Databases with nothing in them, not even tables. */
import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { connectDatabase, type Sql } from '../../src/db/client.ts';

export interface EmptyDatabase {
  url: string;
  sql: Sql;
  close(): Promise<void>;
}

export async function emptyDatabase(): Promise<EmptyDatabase> {
  const name = `empty_${randomBytes(6).toString('hex')}`;
  const mainUrl = inject('databaseUrl');
  const admin = connectDatabase(mainUrl.replace('/broadsheet?', '/postgres?'), 1);
  await admin.unsafe(`create database ${name}`);
  const url = mainUrl.replace('/broadsheet?', `/${name}?`);
  const sql = connectDatabase(url, 1);
  return {
    url,
    sql,
    close: async () => {
      await sql.end();
      await admin.unsafe(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}
