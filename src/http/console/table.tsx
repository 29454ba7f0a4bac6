/** Tables of the console: columns named once, in a box that scrolls by itself where it is wider than the screen, and is reached by keyboard. */
import type { Child } from 'hono/jsx';

export type Column =
  | string
  | {
      name: string;
      /** `number`: to the right, in figures of one width; `hidden`: named for those who hear it, as a column of buttons. */
      as: 'number' | 'hidden';
    };

export const numeric = (name: string): Column => ({ name, as: 'number' });
export const unseen = (name: string): Column => ({ name, as: 'hidden' });

export function Table({
  name,
  columns,
  kind,
  box = 'sheet',
  children,
}: {
  /** For those who hear it. */
  name: string;
  columns: readonly Column[];
  /** Class of the table. */
  kind?: string;
  /** Classes of the box beside that which scrolls. */
  box?: string;
  /** Its rows. */
  children: Child;
}) {
  return (
    <section class={`scroll ${box}`.trim()} tabindex={0} aria-label={name}>
      <table class={kind} aria-label={name}>
        <thead>
          <tr>
            {columns.map(column => (
              <Head of={column} />
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}

function Head({ of }: { of: Column }) {
  if (typeof of === 'string') return <th scope="col">{of}</th>;
  return (
    <th scope="col" class={of.as === 'number' ? 'number' : undefined}>
      {of.as === 'hidden' ? <span class="hidden">{of.name}</span> : of.name}
    </th>
  );
}
