/** The receiving process. */
import { startSink } from '../../src/deliver/sink.ts';

process.once('message', async () => {
  const sink = await startSink();
  process.send!({ url: sink.url });
});
