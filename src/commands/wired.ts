/** Runs one command with everything connected, and disconnects whatever happens. */
import { readConfig } from '../config.ts';
import { openWiring, type Wiring } from '../wiring.ts';

export async function withWiring<T>(name: string, work: (wiring: Wiring) => Promise<T>): Promise<T> {
  const wiring = await openWiring(readConfig(), name);
  const onSignal = (signal: NodeJS.Signals) => {
    // A command that stays has a listener of its own and ends in order; any other is left here and now, but not its servers.
    if (process.listenerCount(signal) > 1) return;
    wiring.close().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    return await work(wiring);
  } finally {
    await wiring.close();
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
