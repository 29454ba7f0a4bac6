/** Runs one command with everything connected, and disconnects whatever happens. */
import { readConfig } from '../config.ts';
import { openWiring, type Wiring } from '../wiring.ts';
import { endsInOrder } from './processes.ts';

const echoMs = 2000;

export async function withWiring<T>(name: string, work: (wiring: Wiring) => Promise<T>): Promise<T> {
  const wiring = await openWiring(readConfig(), name);
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
