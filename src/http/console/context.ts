/** What the console's routes hand to each other: configuration, who asks, in which language. */
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
  Variables: {
    staff: Staff;
    language: Language;
    words: Words;
    /** Of this answer's policy, for the style sheets that an editor's script writes; set by `styleNonce`. */
    nonce?: string;
  };
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
