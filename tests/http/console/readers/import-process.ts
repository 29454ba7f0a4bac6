/** Works imports in a process of its own and says how much memory it took, MiB. */
import { readFileSync } from 'node:fs';
import { readConfig } from '../../../../src/config.ts';
import { workImports } from '../../../../src/subscribers/import-job.ts';
import { openWiring } from '../../../../src/wiring.ts';

const wiring = await openWiring(readConfig(), 'test', 4);
await workImports({ ...wiring, dataDir: wiring.config.dataDir }, async () => true);
await wiring.close();
process.stdout.write(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]!);
