/** A forgotten password: the page answers alike whether the address has an account, and mails in the background for the same time. */
import type { Child } from 'hono/jsx';
import { insertAudit } from '../../../db/audit.ts';
import { findReset, putReset, resetPassword } from '../../../db/staff-links.ts';
import { messageOf } from '../../../errors.ts';
import { clientIp } from '../../client-ip.ts';
import { readForm } from '../../form.ts';
import type { Language } from '../../language.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { Alone, Message, sendPage, Token } from '../layout.tsx';
import { windowMinutes } from '../limits.ts';
import { BusyError, hashPassword } from '../password.ts';
import { isFormToken } from '../sessions.ts';
import { ChoosePassword, passwordProblem } from './choose-password.tsx';
import { deadLink, tooManyTries } from './dead-link.tsx';
import { textOf } from './form.ts';
import { digestOfLink, linkUrl, newLink, resetMinutes } from './links.ts';
import { canMail, mailStaff } from './mail.ts';
import { triesOf } from './tries.ts';
import { staffWords, wordsIn } from './words.ts';

export function forgotPage(c: ConsoleContext, site: Console) {
  return showForgot(c, site);
}

function showForgot(c: ConsoleContext, site: Console, message?: Child, status: 200 | 403 = 200) {
  const words = staffWords(c);
  return sendPage(
    c,
    <Alone c={c} site={site} title={words.forgotTitle}>
      <p class="quiet">{canMail(site) ? words.forgotText : words.forgotNoMail}</p>
      {message && <Message>{message}</Message>}
      {canMail(site) && (
        <form method="post" action={`${site.base}/console/forgot`}>
          <Token c={c} site={site} />
          <div>
            <label for="email">{c.get('words').email}</label>
            <input id="email" name="email" type="email" autocomplete="username" required maxlength={320} autofocus />
          </div>
          <button type="submit" class="main">
            {words.forgotSend}
          </button>
        </form>
      )}
    </Alone>,
    status,
  );
}

export async function pressForgot(c: ConsoleContext, site: Console): Promise<Response> {
  const words = staffWords(c);
  const fields = await readForm(c);
  if (!isFormToken(c, site, fields.token))
    return showForgot(c, site, `${c.get('words').formOld} ${c.get('words').needCookies}`, 403);
  const email = textOf(fields, 'email', 320).trim();
  const tries = await triesOf(site).mail(email, clientIp(c));
  if (!tries.network) return tooManyTries(c, site, windowMinutes);
  // Not waited for: neither the answer nor its time tells whether there is an account.
  if (tries.address && canMail(site)) void mailReset(site, email, c.get('language'));
  return sendPage(
    c,
    <Alone c={c} site={site} title={words.forgotTitle}>
      <p class="said" role="status">
        {words.forgotSent(resetMinutes)}
      </p>
    </Alone>,
  );
}

async function mailReset(site: Console, email: string, language: Language): Promise<void> {
  const words = wordsIn(language);
  try {
    const { token, digest } = newLink();
    const staff = await putReset(site.wiring.sql, { digest, email, by: null, minutes: resetMinutes });
    if (!staff) return;
    const text = words.resetMail(linkUrl(site, 'reset', token), resetMinutes);
    await mailStaff(site, { to: staff.email, subject: words.resetSubject, text, language });
  } catch (error) {
    site.wiring.log.warn({ error: messageOf(error) }, 'link for a forgotten password not made');
  }
}

export function resetPage(c: ConsoleContext, site: Console): Promise<Response> {
  return showReset(c, site);
}

async function showReset(c: ConsoleContext, site: Console, message?: string, status: 200 | 400 | 403 | 503 = 200) {
  if (!(await triesOf(site).link(clientIp(c)))) return tooManyTries(c, site, windowMinutes);
  const words = staffWords(c);
  const token = c.req.param('token') ?? '';
  const found = await findReset(site.wiring.sql, digestOfLink(token));
  if (!found) return deadLink(c, site, words.resetDead);
  return sendPage(
    c,
    <ChoosePassword
      c={c}
      site={site}
      title={words.resetTitle}
      text={words.resetText}
      email={found.email}
      action={`${site.base}/console/reset/${encodeURIComponent(token)}`}
      button={words.resetSave}
      message={message}
    />,
    status,
  );
}

export async function pressReset(c: ConsoleContext, site: Console): Promise<Response> {
  const words = c.get('words');
  const fields = await readForm(c);
  if (!isFormToken(c, site, fields.token)) return showReset(c, site, `${words.formOld} ${words.needCookies}`, 403);
  const password = fields.password ?? '';
  const problem = passwordProblem(c, password);
  if (problem) return showReset(c, site, problem, 400);
  if (!(await triesOf(site).link(clientIp(c)))) return tooManyTries(c, site, windowMinutes);
  const digest = digestOfLink(c.req.param('token') ?? '');
  if (!(await findReset(site.wiring.sql, digest))) return deadLink(c, site, staffWords(c).resetDead);
  const hash = await hashPassword(password).catch(error => {
    if (error instanceof BusyError) return undefined;
    throw error;
  });
  if (hash === undefined) return showReset(c, site, words.busy, 503);
  const staff = await resetPassword(site.wiring.sql, digest, hash);
  if (!staff) return deadLink(c, site, staffWords(c).resetDead);
  await insertAudit(site.wiring.sql, staff, { act: 'password.reset', subject: `staff ${staff.id}` });
  // Not logged in by it: who has a second factor shows it first.
  return c.redirect(`${site.base}/console/login`, 303);
}
