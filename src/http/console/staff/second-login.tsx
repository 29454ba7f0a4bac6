/** /console/login/second: the code of the app, or a recovery code, after a password that was right. */
import type { Child } from 'hono/jsx';
import { findSecond } from '../../../db/second-factors.ts';
import { readForm } from '../../form.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { Alone, Message, sendPage, Token } from '../layout.tsx';
import { windowMinutes } from '../limits.ts';
import { endSession, halfStaff, isFormToken, openSession, safeNext } from '../sessions.ts';
import { tooManyTries } from './dead-link.tsx';
import { textOf } from './form.ts';
import { noteLogin } from './note.ts';
import { takeCode } from './totp.ts';
import { triesOf } from './tries.ts';
import { staffWords } from './words.ts';

export async function secondPage(c: ConsoleContext, site: Console): Promise<Response> {
  if (!(await halfStaff(c, site))) return c.redirect(`${site.base}/console/login`, 303);
  return show(c, site);
}

function show(c: ConsoleContext, site: Console, message?: Child, status: 200 | 403 = 200) {
  const words = staffWords(c);
  const next = c.req.query('next');
  return sendPage(
    c,
    <Alone c={c} site={site} title={words.secondTitle}>
      <p class="quiet">{words.secondAsk}</p>
      {message && <Message>{message}</Message>}
      <form
        method="post"
        action={`${site.base}/console/login/second${next ? `?next=${encodeURIComponent(next)}` : ''}`}
      >
        <Token c={c} site={site} />
        <div>
          <label for="code">{words.code}</label>
          <input
            id="code"
            name="code"
            class="staff-code"
            autocomplete="one-time-code"
            required
            maxlength={40}
            autofocus
            aria-describedby="code-hint"
          />
          <p class="hint" id="code-hint">
            {words.secondHint}
          </p>
        </div>
        <button type="submit" class="main">
          {c.get('words').login}
        </button>
      </form>
    </Alone>,
    status,
  );
}

export async function pressSecond(c: ConsoleContext, site: Console): Promise<Response> {
  const fields = await readForm(c);
  const staff = await halfStaff(c, site);
  if (!staff) return c.redirect(`${site.base}/console/login`, 303);
  if (!isFormToken(c, site, fields.token)) return show(c, site, c.get('words').formOld, 403);
  const tries = triesOf(site);
  if (!(await tries.code(staff.id))) {
    // Back to the password: whoever guesses codes has to begin anew.
    await endSession(c, site);
    return tooManyTries(c, site, windowMinutes);
  }
  const second = await findSecond(site.wiring.sql, staff.id);
  const by = second?.totp ? await takeCode(site, staff.id, second.totp, textOf(fields, 'code', 40)) : undefined;
  if (!by) return show(c, site, staffWords(c).codeWrong, 403);
  await tries.forgetCodes(staff.id);
  await openSession(c, site, staff);
  await noteLogin(site, staff, by === 'app' ? 'second' : 'recovery');
  return c.redirect(by === 'app' ? safeNext(site, c.req.query('next')) : `${site.base}/console/account/second`, 303);
}
