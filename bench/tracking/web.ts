/** The web server in a process of its own; tells its port, and on request what CPU it has taken. */
import { readConfig } from '../../src/config.ts';
import { createApp, listen } from '../../src/http/server.ts';
import { openWiring } from '../../src/wiring.ts';

const config = readConfig();
// As many connections as `serve` has.
const wiring = await openWiring(config, 'bench-web');
const { port } = await listen(await createApp(wiring), { host: '127.0.0.1', port: 0 });
process.on('message', () => process.send!({ cpuMs: cpuMs() }));
process.send!({ port });

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
