/** Runs one command with everything connected, and disconnects whatever happens. */
import { readConfig } from '../config.ts';
import { openWiring, type Wiring } from '../wiring.ts';
import { endsInOrder } from './processes.ts';

export async function withWiring<T>(name: string, work: (wiring: Wiring) => Promise<T>): Promise<T> {
  const wiring = await openWiring(readConfig(), name);
  let wasAsked = false;
  const onSignal = (signal: NodeJS.Signals) => {
    // A command that stays ends in order; any other is left here and now, but not its servers. Asked twice, any ends.
    if (endsInOrder() && !wasAsked) {
      wasAsked = true;
      return;
    }
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
