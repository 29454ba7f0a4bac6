/** Runs one command with everything connected, and disconnects whatever happens. */
import { type Config, readConfig } from '../config.ts';
import { type Database, openDatabase, openWiring, type Wiring } from '../wiring.ts';
import { endsInOrder } from './processes.ts';

const echoMs = 2000;

export async function withWiring<T>(name: string, work: (wiring: Wiring) => Promise<T>): Promise<T> {
  return closing(await openWiring(readConfig(), name), work);
}

/** With nothing but the database, and that as it is. */
export async function withDatabase<T>(config: Config, work: (database: Database) => Promise<T>): Promise<T> {
  return closing(await openDatabase(config), work);
}

async function closing<W extends Database, T>(wiring: W, work: (wiring: W) => Promise<T>): Promise<T> {
  let askedAt = 0;
  let isLeaving = false;
  const onSignal = (signal: NodeJS.Signals) => {
    // A command that stays ends in order; any other is left here and now, but not its servers. Asked again, any ends; what follows within
    // moments is the same Ctrl-C, once from the terminal and once passed on by npm.
    askedAt ||= Date.now();
    if (isLeaving || (endsInOrder() && Date.now() - askedAt < echoMs)) return;
    isLeaving = true;
    wiring.close().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    return await work(wiring);
  } catch (error) {
    // What breaks because the connections are being closed is nobody's news; the process ends in a moment.
    if (isLeaving) await new Promise(() => {});
    throw error;
  } finally {
    await wiring.close();
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
