/** `token create`, `token list`, `token revoke`: programs' access to the API. */
import { insertApiToken, listApiTokens, revokeApiToken } from '../db/api-tokens.ts';
import { BroadsheetError } from '../errors.ts';
import { digestOf, newToken, scopes } from '../http/api/tokens.ts';
import type { Output } from './output.ts';
import { withWiring } from './wired.ts';

/** Prints the token, this once. @throws BroadsheetError USAGE */
export async function tokenCreateCommand(
  name: string,
  options: { scope: string; expires?: string },
  output: Output,
): Promise<number> {
  const wanted = options.scope.split(',');
  const wrong = wanted.find(scope => !(scopes as readonly string[]).includes(scope));
  if (wrong !== undefined)
    throw new BroadsheetError('USAGE', `${wrong} is not a scope`, { help: `Use some of ${scopes.join(', ')}.` });
  if (options.expires !== undefined && !/^[1-9]\d{0,3}$/.test(options.expires))
    throw new BroadsheetError('USAGE', '--expires takes whole days, 1 to 9999');
  const token = newToken();
  const days = options.expires === undefined ? null : Number(options.expires);
  return withWiring('token', async ({ sql }) => {
    const id = await insertApiToken(sql, { digest: digestOf(token), name, scopes: wanted, days });
    output.result({ id, token }, [`Token ${id}, shown only now: ${token}`]);
    return 0;
  });
}

/** @throws BroadsheetError USAGE */
export async function tokenRevokeCommand(id: string, output: Output): Promise<number> {
  if (!/^[1-9]\d{0,14}$/.test(id)) throw new BroadsheetError('USAGE', `${id} is not a number of a token`);
  return withWiring('token', async ({ sql }) => {
    const revoked = await revokeApiToken(sql, Number(id));
    output.result({ id: Number(id), revoked }, [revoked ? `Token ${id} is revoked.` : `No token ${id} is in use.`]);
    return revoked ? 0 : 1;
  });
}

export async function tokenListCommand(output: Output): Promise<number> {
  return withWiring('token', async ({ sql }) => {
    const tokens = await listApiTokens(sql);
    const lines = tokens.map(({ id, name, scopes, expiresAt, revokedAt }) => {
      const end = revokedAt ? 'revoked' : expiresAt ? `until ${expiresAt.toISOString()}` : 'no end';
      return `${id}  ${name}  ${scopes.join(',')}  ${end}`;
    });
    output.result({ tokens }, lines);
    return 0;
  });
}
