/** `serve`, `dev`: the web server, alone or with the workers beside it. */

import { setupCode } from '../http/console/app.tsx';
import { createApp, listen } from '../http/server.ts';
import type { Wiring } from '../wiring.ts';
import { askedToEnd, startCrew, usualRoles } from './processes.ts';
import { withWiring } from './wired.ts';

/** @returns how to stop it */
async function startWeb(wiring: Wiring): Promise<() => Promise<void>> {
  const { config } = wiring;
  const web = await listen(await createApp(wiring), { host: config.host, port: config.port });
  process.stdout.write(
    `Broadsheet answers at http://${config.host}:${web.port} (public address ${config.publicUrl})\n`,
  );
  const code = await setupCode(wiring);
  if (code)
    process.stdout.write(`First run: make the owner's account at ${config.publicUrl}/console/setup?code=${code}\n`);
  return web.close;
}

export async function serveCommand(): Promise<number> {
  return withWiring('serve', async wiring => {
    const close = await startWeb(wiring);
    await askedToEnd();
    await close();
    return 0;
  });
}

export async function devCommand(): Promise<number> {
  return withWiring('dev', async wiring => {
    const ended = askedToEnd();
    const close = await startWeb(wiring);
    const crew = await startCrew(wiring.log, { only: usualRoles(wiring.config) });
    await ended;
    await crew.stop();
    await close();
    return 0;
  });
}
