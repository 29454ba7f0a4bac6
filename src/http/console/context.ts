/** What the console's routes hand to each other: configuration, who asks, in which language. */
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, MiddlewareHandler } from 'hono';
import { instanceKey } from '../../db/instance.ts';
import type { Staff } from '../../db/staff.ts';
import type { Wiring } from '../../wiring.ts';
import { type Language, pickLanguage } from '../language.ts';
import { LoginLimits } from './limits.ts';
import { type Words, wordsOf } from './words.ts';

export interface Console {
  wiring: Wiring;
  /** Path of PUBLIC_URL before /console, '' at the root of its host. */
  base: string;
  publicOrigin: string;
  secure: boolean;
  limits: LoginLimits;
  /** Key of the tokens in forms. */
  formKey: Buffer;
}

export interface ConsoleEnv {
  Variables: { staff: Staff; language: Language; words: Words };
}
export type ConsoleContext = Context<ConsoleEnv>;

export async function openConsole(wiring: Wiring): Promise<Console> {
  const url = new URL(wiring.config.publicUrl);
  return {
    wiring,
    base: url.pathname.replace(/\/+$/, ''),
    publicOrigin: url.origin,
    secure: url.protocol === 'https:',
    limits: new LoginLimits(wiring),
    formKey: await instanceKey(wiring.sql, 'console-forms'),
  };
}

export const withLanguage: MiddlewareHandler<ConsoleEnv> = async (c, next) => {
  const language = pickLanguage(c);
  c.set('language', language);
  c.set('words', wordsOf(language));
  await next();
};

const privatePeer = /^(::ffff:)?(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)|^::1$|^f[cd]/i;

/** Who asks, for limits only. A proxy beside us appends the address it saw: the last one cannot be made up by the client. */
export function clientIp(c: Context): string {
  let peer = '';
  try {
    peer = getConnInfo(c).remote.address ?? '';
  } catch {
    // Called without a socket.
  }
  const forwarded = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim();
  return forwarded && (peer === '' || privatePeer.test(peer)) ? forwarded.slice(0, 64) : peer;
}
