/** Access tokens for relays that want XOAUTH2 (RFC 7628's older sister, as Google and Microsoft take it): fetched by a refresh token, kept until they expire. */
import { readFileSync } from 'node:fs';
import XOAuth2 from 'nodemailer/lib/xoauth2';
import { z } from 'zod';
import { BroadsheetError, messageOf } from '../errors.ts';

const schema = z.strictObject({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1).optional(),
  refreshToken: z.string().min(1),
  /** The provider's token endpoint. */
  accessUrl: z.url({ protocol: /^https$/ }).or(z.url({ hostname: /^(?:localhost|127\.0\.0\.1)$/ })),
});

const made = new Map<string, XOAuth2>();

/**
 * The tokens of a user; all connections of a process share them.
 * @param file JSON: clientId, clientSecret, refreshToken, accessUrl
 * @throws BroadsheetError CONFIG_INVALID naming the file and the field, never a value
 */
export function tokensOf(user: string, file: string): XOAuth2 {
  const key = `${user} ${file}`;
  const tokens = made.get(key) ?? new XOAuth2({ user, ...read(file) });
  made.set(key, tokens);
  return tokens;
}

function read(file: string): z.infer<typeof schema> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    // A parser's message may quote what it read.
    const why = error instanceof SyntaxError ? 'is not JSON' : `cannot be read (${messageOf(error)})`;
    throw new BroadsheetError('CONFIG_INVALID', `SMTP_URL: oauth2 file ${file} ${why}`);
  }
  const checked = schema.safeParse(content);
  if (checked.success) return checked.data;
  const fields = checked.error.issues.map(issue => issue.path.join('.') || issue.message);
  throw new BroadsheetError('CONFIG_INVALID', `SMTP_URL: oauth2 file ${file}: ${fields.join(', ')} cannot be used`);
}
