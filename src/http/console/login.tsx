/** Logging in and out. The answer and its time are the same whether an address has an account or not. */
import type { Child } from 'hono/jsx';
import { findStaff, hasStaff } from '../../db/staff.ts';
import { clientIp } from '../client-ip.ts';
import { readForm } from '../form.ts';
import { Icon } from '../icons.tsx';
import type { Console, ConsoleContext } from './context.ts';
import { Alone, Message, sendPage, Token } from './layout.tsx';
import { windowMinutes } from './limits.ts';
import { longestPassword } from './owner.ts';
import { BusyError, checkPassword } from './password.ts';
import { currentStaff, endSession, isFormToken, openHalfSession, openSession, safeNext } from './sessions.ts';
import { noteLogin } from './staff/note.ts';
import { staffWords } from './staff/words.ts';

export async function loginPage(c: ConsoleContext, site: Console) {
  const next = c.req.query('next');
  if (await currentStaff(c, site)) return c.redirect(safeNext(site, next), 303);
  const firstRun = !(await hasStaff(site.wiring.sql));
  return sendPage(
    c,
    <LoginPage c={c} site={site} next={next} message={firstRun ? c.get('words').firstRun : undefined} />,
  );
}

export async function pressLogin(c: ConsoleContext, site: Console) {
  const words = c.get('words');
  const next = c.req.query('next');
  const form = await readForm(c);
  const text = (name: string, most: number) => form[name]?.slice(0, most) ?? '';
  const email = text('email', 320).replaceAll('\0', '').trim();
  const again = (message: Child, status: 400 | 403 | 429 | 503) =>
    sendPage(c, <LoginPage c={c} site={site} next={next} email={email} message={message} />, status);
  if (!isFormToken(c, site, form.token)) return again(`${words.formOld} ${words.needCookies}`, 403);
  const ip = clientIp(c);
  if (!(await site.limits.count(email, ip))) {
    c.header('retry-after', String(windowMinutes * 60));
    return again(words.tooMany(windowMinutes), 429);
  }
  const staff = await findStaff(site.wiring.sql, email);
  const right = await checkPassword(text('password', longestPassword), staff?.password).catch(error => {
    if (error instanceof BusyError) return undefined;
    throw error;
  });
  if (right === undefined) return again(words.busy, 503);
  if (!right || !staff) return again(words.loginRefused, 403);
  await site.limits.forget(email, ip);
  if (staff.second) {
    await openHalfSession(c, site, staff);
    const after = next ? `?next=${encodeURIComponent(next)}` : '';
    return c.redirect(`${site.base}/console/login/second${after}`, 303);
  }
  await openSession(c, site, staff);
  await noteLogin(site, staff, 'password');
  return c.redirect(safeNext(site, next), 303);
}

export async function pressLogout(c: ConsoleContext, site: Console) {
  const form = await readForm(c);
  if (!isFormToken(c, site, form.token)) return c.text(c.get('words').formOld, 403);
  await endSession(c, site);
  return c.redirect(`${site.base}/console/login`, 303);
}

function LoginPage(props: {
  c: ConsoleContext;
  site: Console;
  next: string | undefined;
  email?: string;
  message: Child;
}) {
  const { c, site, next, email, message } = props;
  const words = c.get('words');
  const more = staffWords(c);
  return (
    <Alone c={c} site={site} title={words.loginTitle} scripts={['passkey']}>
      {message && <Message>{message}</Message>}
      <form method="post" action={`${site.base}/console/login${next ? `?next=${encodeURIComponent(next)}` : ''}`}>
        <Token c={c} site={site} />
        <div>
          <label for="email">{words.email}</label>
          <input
            id="email"
            name="email"
            type="email"
            autocomplete="username"
            required
            maxlength={320}
            value={email}
            autofocus={!email}
          />
        </div>
        <div>
          <label for="password">{words.password}</label>
          <input
            id="password"
            name="password"
            type="password"
            autocomplete="current-password"
            required
            maxlength={longestPassword}
            autofocus={Boolean(email)}
          />
        </div>
        <button type="submit" class="main">
          {words.login}
        </button>
      </form>
      <p class="message" id="passkey-trouble" role="alert" hidden />
      <button type="button" class="staff-passkey" id="passkey-login" data-next={safeNext(site, next)} hidden>
        <Icon name="key" />
        {more.passkeyLogin}
      </button>
      <p class="staff-forgot">
        <a href={`${site.base}/console/forgot`}>{more.forgot}</a>
      </p>
    </Alone>
  );
}
