/** Puts together what a delivering process works with. */
import type { Config } from '../config.ts';
import type { Sql } from '../db/client.ts';
import { placeOf } from '../db/workers.ts';
import type { Logger } from '../log.ts';
import type { Doing } from '../model/doing.ts';
import type { Lanes } from '../model/lanes.ts';
import { connectRedis } from '../queue/redis.ts';
import type { TokenSigner } from '../track/tokens.ts';
import type { Delivery } from './batch.ts';
import { Clerk } from './clerk.ts';
import { Presses } from './presses.ts';
import { Rates } from './rates.ts';
import { Relays } from './relays.ts';
import { Routes } from './routes.ts';
import { Tally } from './tally.ts';
import { Troubles } from './troubles.ts';
import { Turns } from './turns.ts';

export interface Deliverer {
  delivery: Delivery;
  /** Adds what was counted to Redis. */
  report(): Promise<void>;
  /** Shares the lanes' connections anew with the processes of its role that are alive. */
  share(role: string): Promise<void>;
  /** For the heartbeat. */
  doing(): Doing;
  close(): void;
}

/**
 * @param workerId the process's id in table workers
 * @throws BroadsheetError DKIM_INVALID
 */
export function openDeliverer(
  wiring: { config: Config; sql: Sql; log: Logger; lanes: Lanes; redisUrl: string; tokens: TokenSigner },
  workerId: string,
  ending: AbortSignal,
): Deliverer {
  const { config, sql, log, lanes } = wiring;
  const redis = connectRedis(wiring.redisUrl, 'worker');
  const troubles = new Troubles(redis, config.queuePrefix, log);
  const rates = new Rates(redis, config.queuePrefix, log, troubles);
  const routes = new Routes(new Relays(config.smtpUrls), config.smtpConnections, rates, troubles);
  const tally = new Tally();
  return {
    delivery: {
      sql,
      log,
      lanes,
      clerk: new Clerk(sql, workerId, log),
      presses: new Presses(wiring),
      routes,
      turns: new Turns(),
      tally,
      ending,
    },
    share: async role => routes.shareWith(await placeOf(sql, workerId, role)),
    doing: () => routes.doing(tally.pace.lately()),
    report: () => tally.flush(redis, config.queuePrefix),
    close: () => {
      routes.close();
      rates.close();
      redis.disconnect();
    },
  };
}
