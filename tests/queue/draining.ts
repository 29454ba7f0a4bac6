/** A worker process for `process.test.ts`: it drains at once, when hurried, or never. */
import { readConfig } from '../../src/config.ts';
import { runProcess } from '../../src/queue/process.ts';
import { openWiring } from '../../src/wiring.ts';

const kind = process.argv[2]!;
const say = (word: string) => process.stdout.write(`${word}\n`);
const wiring = await openWiring(readConfig(), kind, 2);
await runProcess(
  wiring,
  kind,
  async (_id, ending) => {
    let finish = () => {};
    const finished = new Promise<void>(resolve => {
      finish = resolve;
    });
    ending.addEventListener('abort', () => {
      say('ending');
      if (kind === 'quick') finish();
    });
    setImmediate(() => say('at work'));
    return {
      hurry: () => {
        say('hurried');
        if (kind === 'slow') finish();
      },
      drain: async () => {
        await finished;
        say('drained');
      },
    };
  },
  { hurryMs: 200, drainMs: kind === 'stuck' ? 600 : 30_000 },
);
