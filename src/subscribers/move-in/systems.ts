/** The systems that people move in from. */
import { ghost } from './ghost.ts';
import { keila } from './keila.ts';
import { listmonk } from './listmonk.ts';
import { mailchimp } from './mailchimp.ts';
import type { SourceSystem } from './moved.ts';
import { stibee } from './stibee.ts';
import { substack } from './substack.ts';

export const sourceSystems: readonly SourceSystem[] = [listmonk, ghost, substack, mailchimp, stibee, keila];
