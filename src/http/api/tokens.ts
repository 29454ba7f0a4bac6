/** Tokens of the API: 256 random bits after a prefix that secret scanners can find. */
import { createHash, randomBytes } from 'node:crypto';

/** What a token may do. `issues:write` stores drafts; only `issues:send` lets mail leave. Addresses are shown to `subscribers:read` only. */
export const scopes = [
  'publications:read',
  'publications:write',
  'issues:read',
  'issues:write',
  'issues:send',
  'subscribers:read',
  'subscribers:write',
  'events:read',
] as const;
export type Scope = (typeof scopes)[number];

export const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();
export const newToken = (): string => `bs_${randomBytes(32).toString('base64url')}`;
