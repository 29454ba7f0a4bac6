/** The first run: whoever holds the link that the program printed creates the owner. */

import type { Child } from 'hono/jsx';
import { hasStaff } from '../../db/staff.ts';
import { readForm } from '../form.ts';
import type { Console, ConsoleContext } from './context.ts';
import { Alone, Message, sendPage, Token } from './layout.tsx';
import { isSetupCode, longestPassword, makeOwner, type OwnerProblem, shortestPassword } from './owner.ts';
import { NewPassword } from './password-field.tsx';
import { isFormToken, openSession } from './sessions.ts';
import type { Words } from './words.ts';

export async function setupPage(c: ConsoleContext, site: Console) {
  const code = c.req.query('code') ?? '';
  return (await refusal(c, site, code)) ?? sendPage(c, <SetupForm c={c} site={site} code={code} />);
}

export async function pressSetup(c: ConsoleContext, site: Console) {
  const words = c.get('words');
  const form = await readForm(c);
  const text = (name: string) => form[name] ?? '';
  const code = c.req.query('code') ?? '';
  const refused = await refusal(c, site, code);
  if (refused) return refused;
  const email = text('email').slice(0, 320).replaceAll('\0', '').trim();
  const again = (message: Child, status: 400 | 403) =>
    sendPage(c, <SetupForm c={c} site={site} code={code} email={email} message={message} />, status);
  if (!isFormToken(c, site, form.token)) return again(`${words.formOld} ${words.needCookies}`, 403);
  const made = await makeOwner(site.wiring.sql, { email, password: text('password') });
  if (typeof made === 'string') return again(explain(made, words), 400);
  await openSession(c, site, made);
  return c.redirect(`${site.base}/console`, 303);
}

/** Once there is staff the code is worth nothing, and the page does not say whether it was right. */
async function refusal(c: ConsoleContext, site: Console, code: string) {
  const words = c.get('words');
  const done = await hasStaff(site.wiring.sql);
  if (!done && (await isSetupCode(site.wiring.sql, code))) return undefined;
  const page = (
    <Alone c={c} site={site} title={words.setupTitle}>
      <Message>
        {done ? words.setupDone : words.setupCode} {done && <a href={`${site.base}/console/login`}>{words.login}</a>}
      </Message>
    </Alone>
  );
  return sendPage(c, page, done ? 404 : 403);
}

function explain(problem: OwnerProblem, words: Words): string {
  if (problem === 'exists') return words.setupDone;
  if (problem === 'address') return words.problem.address;
  return problem === 'short' ? words.problem.short(shortestPassword) : words.problem.long(longestPassword);
}

function SetupForm({
  c,
  site,
  code,
  email,
  message,
}: {
  c: ConsoleContext;
  site: Console;
  code: string;
  email?: string;
  message?: Child;
}) {
  const words = c.get('words');
  return (
    <Alone c={c} site={site} title={words.setupTitle}>
      <p class="quiet">{words.setupText}</p>
      {message && <Message>{message}</Message>}
      <form method="post" action={`${site.base}/console/setup?code=${encodeURIComponent(code)}`}>
        <Token c={c} site={site} />
        <div>
          <label for="email">{words.email}</label>
          <input id="email" name="email" type="email" autocomplete="username" required maxlength={320} value={email} />
        </div>
        <NewPassword c={c} />
        <button type="submit" class="main">
          {words.create}
        </button>
      </form>
    </Alone>
  );
}
