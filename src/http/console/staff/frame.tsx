/** The frame of pages about one's own account, and what pages of this area share. */
import type { Child } from 'hono/jsx';
import type { Console, ConsoleContext } from '../context.ts';
import { Desk } from '../layout.tsx';
import { timeIn } from '../time.ts';
import { staffWords } from './words.ts';

const tabs = [
  ['password', ''],
  ['second', '/second'],
  ['passkeys', '/passkeys'],
  ['sessions', '/sessions'],
] as const;

export type AccountTab = (typeof tabs)[number][0];

export function Account(props: {
  c: ConsoleContext;
  site: Console;
  tab: AccountTab;
  scripts?: string[];
  children: Child;
}) {
  const { c, site, tab, scripts, children } = props;
  const words = staffWords(c);
  return (
    <Desk c={c} site={site} title={words.accountTabs[tab]} {...(scripts ? { scripts } : {})}>
      <div class="head">
        <h1>{c.get('words').account}</h1>
        <span class="quiet">
          <bdi>{c.get('staff').email}</bdi> · {words.roles[c.get('staff').role]}
        </span>
      </div>
      <nav class="tabs" aria-label={c.get('words').account}>
        {tabs.map(([name, path]) => (
          <a href={`${site.base}/console/account${path}`} aria-current={name === tab ? 'page' : undefined}>
            {words.accountTabs[name]}
          </a>
        ))}
      </nav>
      <Said c={c} />
      {children}
    </Desk>
  );
}

/** What was done by the form before, of our own words only. */
export function Said({ c }: { c: ConsoleContext }) {
  const key = c.req.query('said') ?? '';
  const { said } = staffWords(c);
  if (!Object.hasOwn(said, key)) return null;
  return (
    <p class="said staff-said" role="status">
      {said[key]}
    </p>
  );
}

/** A moment of the console itself, which belongs to no publication: UTC, and says so. */
export function When({ c, at }: { c: ConsoleContext; at: Date | null }) {
  if (!at) return <span class="quiet">–</span>;
  const shown = timeIn(at, c.get('language'), 'UTC', {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
  return (
    <time class="nowrap" datetime={at.toISOString()}>
      {shown}
    </time>
  );
}

/** A text to copy, shown this once: readable without the script, which adds the button's work. */
export function ToCopy({ c, text, label }: { c: ConsoleContext; text: string; label: string }) {
  return (
    <div class="staff-copy">
      <input type="text" readonly value={text} aria-label={label} />
      <button type="button" data-copy={text} data-copied={staffWords(c).copied} hidden>
        {staffWords(c).copy}
      </button>
    </div>
  );
}
