/** The page on which an invitation or a forgotten password ends: one field, twice not needed, shown when asked. */

import type { Child } from 'hono/jsx';
import type { Console, ConsoleContext } from '../context.ts';
import { Alone, Message, Token } from '../layout.tsx';
import { longestPassword, shortestPassword } from '../owner.ts';
import { NewPassword } from '../password-field.tsx';

/** @returns what is wrong with a password, in words; undefined: nothing */
export function passwordProblem(c: ConsoleContext, password: string): string | undefined {
  const { problem } = c.get('words');
  if ([...password].length < shortestPassword) return problem.short(shortestPassword);
  return password.length > longestPassword ? problem.long(longestPassword) : undefined;
}

export function ChoosePassword(props: {
  c: ConsoleContext;
  site: Console;
  title: string;
  text: Child;
  email: string;
  action: string;
  button: string;
  message?: Child;
}) {
  const { c, site, title, text, email, action, button, message } = props;
  const words = c.get('words');
  return (
    <Alone c={c} site={site} title={title}>
      <p class="quiet">{text}</p>
      {message && <Message>{message}</Message>}
      <form method="post" action={action}>
        <Token c={c} site={site} />
        {/* Read-only rather than hidden: password managers file the password under it. */}
        <div>
          <label for="email">{words.email}</label>
          <input id="email" type="email" autocomplete="username" readonly value={email} />
        </div>
        <NewPassword c={c} />
        <button type="submit" class="main">
          {button}
        </button>
      </form>
    </Alone>
  );
}
