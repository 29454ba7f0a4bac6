/** The field of a new password with its rule. */
import type { ConsoleContext } from './context.ts';
import { longestPassword, shortestPassword } from './owner.ts';

export function NewPassword({ c }: { c: ConsoleContext }) {
  const words = c.get('words');
  return (
    <div class="field">
      <label for="password">{words.newPassword}</label>
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="new-password"
        required
        minlength={shortestPassword}
        maxlength={longestPassword}
        aria-describedby="hint"
      />
      <p class="hint" id="hint">
        {words.passwordHint(shortestPassword)}
      </p>
    </div>
  );
}
