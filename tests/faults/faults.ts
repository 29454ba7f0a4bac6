/** All faults, in the order of INBOX-RULES section 6. F11, webhooks, has tests of its own; F18 is ours. */
import { clockJump } from './clocks.ts';
import { controls } from './controls.ts';
import { deploy } from './deploy.ts';
import { diskFull } from './disk.ts';
import { hosts } from './hosts.ts';
import { kills } from './kills.ts';
import { partitions } from './partitions.ts';
import { poison } from './poison.ts';
import { provider } from './providers.ts';
import { closedSession, lostAfterDot, lostBeforeBody } from './relay-faults.ts';
import type { Fault } from './rows.ts';
import { schedulers } from './schedulers.ts';
import { postgresFaults, redisFaults } from './server-faults.ts';
import { stops } from './stops.ts';
import { unsubscribing } from './unsubscribing.ts';

export const faults: readonly Fault[] = [
  kills,
  stops,
  lostAfterDot,
  lostBeforeBody,
  closedSession,
  redisFaults,
  postgresFaults,
  partitions,
  diskFull,
  clockJump,
  controls,
  deploy,
  provider,
  unsubscribing,
  poison,
  schedulers,
  hosts,
];
