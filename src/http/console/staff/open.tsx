/** What staff reach before they are logged in: invitations, forgotten passwords, the second factor, passkeys. */
import type { Hono } from 'hono';
import type { Console, ConsoleContext, ConsoleEnv } from '../context.ts';
import { forgotPage, pressForgot, pressReset, resetPage } from './forgot.tsx';
import { joinPage, pressJoin } from './join.tsx';
import { passkeyLogin, passkeyOptions } from './passkey-login.ts';
import { pressSecond, secondPage } from './second-login.tsx';

type Handle = (c: ConsoleContext, site: Console) => Response | Promise<Response>;

/** Path below /console, what shows it, what its form does. Each checks its form's token by itself. */
const pages: [path: string, show: Handle, press: Handle][] = [
  ['/login/second', secondPage, pressSecond],
  ['/forgot', forgotPage, pressForgot],
  ['/reset/:token', resetPage, pressReset],
  ['/join/:token', joinPage, pressJoin],
];

export function openStaffRoutes(app: Hono<ConsoleEnv>, site: Console): void {
  for (const [path, show, press] of pages) {
    app.get(path, c => show(c, site));
    app.post(path, c => press(c, site));
  }
  app.post('/login/passkey/options', c => passkeyOptions(c, site));
  app.post('/login/passkey', c => passkeyLogin(c, site));
}
