/** A page that says one thing, and may ask one. */
import type { PropsWithChildren } from 'hono/jsx';
import { Icon } from '../page.tsx';

export function Told({
  title,
  body,
  isDone = false,
  children,
}: PropsWithChildren<{ title: string; body: string; isDone?: boolean }>) {
  return (
    <div class="sheet">
      <h1 class={isDone ? 'done' : undefined}>
        {isDone && <Icon name="check" />}
        {title}
      </h1>
      <p>{body}</p>
      {children}
    </div>
  );
}
