/** Loaded into a worker before anything else: tells its own CPU, and takes a profile, between `start` and `stop`. */
import { type Profiler, Session } from 'node:inspector/promises';

export interface Metered {
  cpuMs: number;
  profile: Profiler.Profile | undefined;
}

interface Question {
  meter: 'start' | 'stop';
  profile?: boolean;
}

let before = process.cpuUsage();
let session: Session | undefined;

process.on('message', async ({ meter, profile }: Question) => {
  if (meter === 'start') {
    if (profile) {
      session = new Session();
      session.connect();
      await session.post('Profiler.enable');
      await session.post('Profiler.setSamplingInterval', { interval: 200 });
      await session.post('Profiler.start');
    }
    before = process.cpuUsage();
    process.send!({});
  } else if (meter === 'stop') {
    const { user, system } = process.cpuUsage(before);
    const taken = await session?.post('Profiler.stop');
    session?.disconnect();
    session = undefined;
    process.send!({ cpuMs: (user + system) / 1000, profile: taken?.profile } satisfies Metered);
  }
});
