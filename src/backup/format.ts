/**
 * The file of a backup: one gzip stream of text, so `gunzip` and an eye can read it.
 *
 *     {"broadsheet":"backup","form":1,"version":"0.1.0","madeAt":"…","migrations":[…],"publicUrl":"…","keys":[…]}
 *     {"table":"subscribers","columns":["id","email",…]}
 *     …rows, as COPY's text form has them…
 *     \.
 *     {"rows":12,"bytes":3456,"sha256":"…"}
 *     …more tables…
 *     {"end":true,"tables":17,"rows":12345}
 *
 * A line of data is never `\.`: COPY doubles each backslash. Line breaks within values are written as `\n`, so lines are rows. A file
 * without its last line is not whole.
 */
import { scryptSync } from 'node:crypto';
import { z } from 'zod';

/** Raised when a version before could not read the file. */
export const form = 1;

const identifier = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/);

export const headSchema = z.object({
  broadsheet: z.literal('backup'),
  form: z.number().int().positive(),
  version: z.string().max(50),
  madeAt: z.iso.datetime(),
  migrations: z.array(z.string().regex(/^\d{4}_[a-z0-9_]+\.sql$/)).max(9999),
  publicUrl: z.string().max(2000),
  /** What SECRET_KEYS come to, newest first; nothing can be signed with it. */
  keys: z.array(z.string().max(100)).max(100),
});
export type Head = z.infer<typeof headSchema>;

export const tableSchema = z.object({ table: identifier, columns: z.array(identifier).min(1).max(500) });
export type TableLine = z.infer<typeof tableSchema>;

export const closingSchema = z.object({
  rows: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Closing = z.infer<typeof closingSchema>;

export const endSchema = z.object({
  end: z.literal(true),
  tables: z.number().int().nonnegative(),
  rows: z.number().int().nonnegative(),
});

export const dataEnd = '\\.\n';
/** Of our own lines; a row may be longer. */
export const mostLineBytes = 1_000_000;
/** More tables than any version has. */
export const mostTables = 1000;

/** Tells whether two installations sign alike. Slow on purpose: a file that gets about must not help to guess a key. */
export function fingerprint(key: string): string {
  return scryptSync(key, 'broadsheet backup', 16).toString('hex');
}
