/** `alerts`, `alerts ack`: what is in trouble, and that somebody looks after it. */
import { userInfo } from 'node:os';
import type { AlertKind } from '../alerts/kinds.ts';
import { say } from '../alerts/words.ts';
import { type AlertRow, acknowledgeAlert, listAlerts } from '../db/alerts.ts';
import { BroadsheetError } from '../errors.ts';
import type { Output } from './output.ts';
import { withWiring } from './wired.ts';

export async function alertsCommand(options: { all?: boolean }, output: Output): Promise<number> {
  return withWiring('alerts', async ({ sql }) => {
    const alerts = await listAlerts(sql, options.all);
    const told = alerts.map(alert => ({ ...alert, ...say('en', alert.kind as AlertKind, alert.detail) }));
    output.result({ alerts: told }, told.length > 0 ? told.flatMap(linesOf) : ['Nothing is in trouble.']);
    return 0;
  });
}

function linesOf(alert: AlertRow & { title: string; what: string; todo: string }): string[] {
  const { id, title, what, todo, openedAt, closedAt, acknowledgedBy } = alert;
  const ack = acknowledgedBy ? `, acknowledged by ${acknowledgedBy}` : '';
  const head = `${id}  ${title}  (since ${openedAt.toISOString()}${closedAt ? ` until ${closedAt.toISOString()}` : ''}${ack})`;
  return [head, `    ${what}`, ...(closedAt ? [] : todo.split('\n').map(line => `    → ${line}`))];
}

/** @throws BroadsheetError USAGE, ALERT_UNKNOWN */
export async function alertAckCommand(id: string, output: Output): Promise<number> {
  if (!/^[1-9]\d{0,14}$/.test(id)) throw new BroadsheetError('USAGE', `${id} is not a number of an alert`);
  return withWiring('alerts', async ({ sql }) => {
    if (!(await acknowledgeAlert(sql, Number(id), whoAmI())))
      throw new BroadsheetError('ALERT_UNKNOWN', `no alert ${id} is open`);
    output.result({ id: Number(id), acknowledged: true }, [`Alert ${id}: no more reminders until it is over.`]);
    return 0;
  });
}

/** A container's user often has a number only. */
function whoAmI(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? '?'}`;
  }
}
