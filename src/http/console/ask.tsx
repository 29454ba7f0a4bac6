/** What cannot be taken back is asked for on a page of its own: to what, what it means, the act, and the way back. */
import type { Child } from 'hono/jsx';
import type { Console, ConsoleContext } from './context.ts';
import { Token } from './layout.tsx';

export function Ask({
  c,
  site,
  what,
  means,
  action,
  act,
  back,
  keep = c.get('words').keep,
  sure,
  fields,
}: {
  c: ConsoleContext;
  site: Console;
  what: Child;
  means: Child;
  /** Where the form posts to. */
  action: string;
  /** Words of the button that does it. */
  act: string;
  /** Address of the way back, and its words. */
  back: string;
  keep?: string;
  /** Words of a box to be ticked first. */
  sure?: string;
  /** Hidden fields. */
  fields?: Child;
}) {
  return (
    <div class="ask">
      <p>{what}</p>
      <p>{means}</p>
      <form method="post" action={action} class={sure ? 'form' : undefined}>
        <Token c={c} site={site} />
        {fields}
        {sure && (
          <label class="choice">
            <input type="checkbox" name="sure" value="yes" required />
            {sure}
          </label>
        )}
        <div class="buttons">
          <button type="submit" class="main">
            {act}
          </button>
          <a class="button" href={back}>
            {keep}
          </a>
        </div>
      </form>
    </div>
  );
}
