/** /console/account: the own password and the sessions that are open with it. */

import type { Child } from 'hono/jsx';
import { z } from 'zod';
import { insertAudit } from '../../../db/audit.ts';
import { endOneSession, endSessions, listSessions, passwordOf, setPassword } from '../../../db/people.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { Message, refusedPage, sendPage, Token } from '../layout.tsx';
import { windowMinutes } from '../limits.ts';
import { longestPassword } from '../owner.ts';
import { BusyError, checkPassword, hashPassword } from '../password.ts';
import { NewPassword } from '../password-field.tsx';
import { type ConsoleRoute, change, done, form, page } from '../routes.ts';
import { openSession, sessionId } from '../sessions.ts';
import { Table, unseen } from '../table.tsx';
import { passwordProblem } from './choose-password.tsx';
import { textOf } from './form.ts';
import { Account, When } from './frame.tsx';
import { mailStaff } from './mail.ts';
import { triesOf } from './tries.ts';
import { staffWords } from './words.ts';

export const accountRoutes: ConsoleRoute[] = [
  page('/account', 'look', (c, site) => passwordPage(c, site)),
  form('/account/password', 'look', pressPassword),
  page('/account/sessions', 'look', sessionsPage),
  change(
    '/account/sessions/end',
    'look',
    'session.end',
    { id: z.string().regex(/^[0-9a-f]{64}$/) },
    async (c, site, { id }) => {
      await endOneSession(site.wiring.sql, c.get('staff').id, id);
      return { to: '/account/sessions', said: 'sessionEnded', subject: `staff ${c.get('staff').id}` };
    },
  ),
  change('/account/sessions/end-others', 'look', 'session.end', {}, async (c, site) => {
    const ended = await endSessions(site.wiring.sql, c.get('staff').id, sessionId(c, site));
    return { to: '/account/sessions', said: 'sessionsEnded', subject: `staff ${c.get('staff').id}`, detail: { ended } };
  }),
];

/**
 * Whether the own password is right, asked for before what could keep the account's owner out.
 * @returns what to say; undefined: it is
 */
export async function passwordRefused(c: ConsoleContext, site: Console, password: string): Promise<string | undefined> {
  const words = c.get('words');
  const { id } = c.get('staff');
  if (!(await triesOf(site).password(id))) return words.tooMany(windowMinutes);
  const stored = await passwordOf(site.wiring.sql, id);
  const right = await checkPassword(password, stored).catch(error => {
    if (error instanceof BusyError) return undefined;
    throw error;
  });
  if (right === undefined) return words.busy;
  return right ? undefined : staffWords(c).passwordWrong;
}

/** The field for the own password. */
export function OwnPassword({ c }: { c: ConsoleContext }) {
  return (
    <div class="field">
      <label for="own">{staffWords(c).ownPassword}</label>
      <input id="own" name="own" type="password" autocomplete="current-password" required maxlength={longestPassword} />
    </div>
  );
}

function passwordPage(c: ConsoleContext, site: Console, message?: Child, status: 200 | 400 | 403 = 200) {
  const words = staffWords(c);
  return sendPage(
    c,
    <Account c={c} site={site} tab="password">
      <p class="quiet staff-intro">{words.passwordText}</p>
      {message && <Message>{message}</Message>}
      <form method="post" action={`${site.base}/console/account/password`} class="form after">
        <Token c={c} site={site} />
        <OwnPassword c={c} />
        <NewPassword c={c} />
        <div>
          <button type="submit" class="main">
            {words.passwordSave}
          </button>
        </div>
      </form>
    </Account>,
    status,
  );
}

async function pressPassword(c: ConsoleContext, site: Console, fields: Record<string, string>): Promise<Response> {
  const words = staffWords(c);
  const password = fields.password ?? '';
  const problem = passwordProblem(c, password);
  if (problem) return passwordPage(c, site, problem, 400);
  const refused = await passwordRefused(c, site, textOf(fields, 'own', longestPassword));
  if (refused) return passwordPage(c, site, refused, 403);
  const hash = await hashPassword(password).catch(error => {
    if (error instanceof BusyError) return undefined;
    throw error;
  });
  if (hash === undefined) return refusedPage(c, site, c.get('words').busy, 409);
  const staff = c.get('staff');
  await setPassword(site.wiring.sql, staff.id, hash);
  await insertAudit(site.wiring.sql, staff, { act: 'password.change', subject: `staff ${staff.id}` });
  await openSession(c, site, staff);
  const language = c.get('language');
  const text = words.changedMail(`${site.wiring.config.publicUrl}/console/forgot`);
  void mailStaff(site, { to: staff.email, subject: words.changedSubject, text, language });
  return done(c, site, '/account', 'password');
}

async function sessionsPage(c: ConsoleContext, site: Console) {
  const words = staffWords(c);
  const sessions = await listSessions(site.wiring.sql, c.get('staff').id);
  const own = sessionId(c, site)?.toString('hex');
  return sendPage(
    c,
    <Account c={c} site={site} tab="sessions">
      <p class="quiet staff-intro">{words.sessionsText}</p>
      <Table
        name={words.accountTabs.sessions}
        columns={[words.device, words.network, words.opened, words.lastUse, unseen(words.action)]}
        kind="stack staff-table"
        box="sheet after"
      >
        {sessions.map(session => (
          <tr>
            <td data-label={words.device}>
              {session.device || words.unknownDevice}
              {session.id === own && <span class="tag">{words.thisOne}</span>}
            </td>
            <td data-label={words.network}>{session.network || '–'}</td>
            <td data-label={words.opened}>
              <When c={c} at={session.createdAt} />
            </td>
            <td data-label={words.lastUse}>
              <When c={c} at={session.seenAt} />
            </td>
            <td class="staff-do">
              {session.id !== own && (
                <form method="post" action={`${site.base}/console/account/sessions/end`}>
                  <Token c={c} site={site} />
                  <input type="hidden" name="id" value={session.id} />
                  <button type="submit">{words.sessionEnd}</button>
                </form>
              )}
            </td>
          </tr>
        ))}
      </Table>
      {sessions.length > 1 && (
        <form method="post" action={`${site.base}/console/account/sessions/end-others`} class="after">
          <Token c={c} site={site} />
          <button type="submit">{words.sessionsEnd}</button>
        </form>
      )}
    </Account>,
  );
}
