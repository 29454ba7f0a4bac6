/** /console/join/:token: an invitation, accepted by choosing a password. */
import { insertAudit } from '../../../db/audit.ts';
import { acceptInvitation, findInvitation } from '../../../db/staff-links.ts';
import { clientIp } from '../../client-ip.ts';
import { readForm } from '../../form.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { sendPage } from '../layout.tsx';
import { windowMinutes } from '../limits.ts';
import { BusyError, hashPassword } from '../password.ts';
import { isFormToken, openSession } from '../sessions.ts';
import { ChoosePassword, passwordProblem } from './choose-password.tsx';
import { deadLink, tooManyTries } from './dead-link.tsx';
import { digestOfLink } from './links.ts';
import { noteLogin } from './note.ts';
import { triesOf } from './tries.ts';
import { staffWords } from './words.ts';

export async function joinPage(c: ConsoleContext, site: Console): Promise<Response> {
  return show(c, site);
}

async function show(c: ConsoleContext, site: Console, message?: string, status: 200 | 400 | 403 | 503 = 200) {
  if (!(await triesOf(site).link(clientIp(c)))) return tooManyTries(c, site, windowMinutes);
  const words = staffWords(c);
  const token = c.req.param('token') ?? '';
  const invitation = await findInvitation(site.wiring.sql, digestOfLink(token));
  if (!invitation) return deadLink(c, site, words.inviteDead);
  return sendPage(
    c,
    <ChoosePassword
      c={c}
      site={site}
      title={words.joinTitle}
      text={words.joinText(words.roles[invitation.role])}
      email={invitation.email}
      action={`${site.base}/console/join/${encodeURIComponent(token)}`}
      button={words.join}
      message={message}
    />,
    status,
  );
}

export async function pressJoin(c: ConsoleContext, site: Console): Promise<Response> {
  const words = c.get('words');
  const fields = await readForm(c);
  if (!isFormToken(c, site, fields.token)) return show(c, site, `${words.formOld} ${words.needCookies}`, 403);
  const password = fields.password ?? '';
  const problem = passwordProblem(c, password);
  if (problem) return show(c, site, problem, 400);
  const digest = digestOfLink(c.req.param('token') ?? '');
  if (!(await triesOf(site).link(clientIp(c)))) return tooManyTries(c, site, windowMinutes);
  // Before the password's work, which is costly, and again when it is used up.
  if (!(await findInvitation(site.wiring.sql, digest))) return deadLink(c, site, staffWords(c).inviteDead);
  const hash = await hashPassword(password).catch(error => {
    if (error instanceof BusyError) return undefined;
    throw error;
  });
  if (hash === undefined) return show(c, site, words.busy, 503);
  const staff = await acceptInvitation(site.wiring.sql, digest, hash);
  if (!staff) return deadLink(c, site, staffWords(c).inviteDead);
  await insertAudit(site.wiring.sql, staff, {
    act: 'staff.join',
    subject: `staff ${staff.id}`,
    detail: { role: staff.role },
  });
  await openSession(c, site, staff);
  await noteLogin(site, staff, 'invitation');
  return c.redirect(`${site.base}/console`, 303);
}
