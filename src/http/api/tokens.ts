/** Tokens of the API: 256 random bits after a prefix that secret scanners can find. */
import { createHash, randomBytes } from 'node:crypto';

export const scopes = ['publications:read', 'issues:read'] as const;
export type Scope = (typeof scopes)[number];

export const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();
export const newToken = (): string => `bs_${randomBytes(32).toString('base64url')}`;
