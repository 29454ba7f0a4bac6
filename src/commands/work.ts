/** `work`: the workers. Nothing of the web server is loaded: it would double the time to start, which after a crash is time without sending. */
import { BroadsheetError } from '../errors.ts';
import { askedToEnd, type Role, roles, startCrew, usualRoles } from './processes.ts';
import { withWiring } from './wired.ts';

export interface WorkOptions {
  processes?: string;
  only?: string;
}

export async function workCommand(options: WorkOptions): Promise<number> {
  const { only, processes } = crewOf(options);
  return withWiring('work', async wiring => {
    if (only?.includes('intake') && !usualRoles(wiring.config).includes('intake'))
      throw new BroadsheetError('USAGE', 'no intake is configured', { help: 'Set INTAKE_LISTEN or INTAKE_IMAP_URL.' });
    const ended = askedToEnd();
    const crew = await startCrew(wiring.log, { only: only ?? usualRoles(wiring.config), processes });
    process.stdout.write('Workers are at work. Ctrl-C lets them finish what they hold.\n');
    await ended;
    await crew.stop();
    return 0;
  });
}

const mostProcesses = 64;

/** @throws BroadsheetError USAGE */
function crewOf({ processes = '1', only }: WorkOptions): { only: Role[] | undefined; processes: number } {
  const count = /^\d{1,3}$/.test(processes) ? Number(processes) : 0;
  if (count < 1 || count > mostProcesses)
    throw new BroadsheetError('USAGE', `--processes ${processes}`, {
      help: `Give a number from 1 to ${mostProcesses}.`,
    });
  const names = only?.split(',').map(name => name.trim());
  const wrong = names?.find(name => !Object.hasOwn(roles, name));
  if (wrong !== undefined)
    throw new BroadsheetError('USAGE', `${wrong || 'nothing'} is not a role`, {
      help: `Use one or more of ${Object.keys(roles).join(', ')}, separated by commas.`,
    });
  return { only: names && ([...new Set(names)] as Role[]), processes: count };
}
