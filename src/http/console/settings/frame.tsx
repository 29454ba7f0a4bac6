/** The frame of everything under Settings: tabs, of which each role sees its own. */
import type { Child } from 'hono/jsx';
import type { Console, ConsoleContext } from '../context.ts';
import { Desk } from '../layout.tsx';
import { type Act, may } from '../may.ts';
import { settingsWords } from './words.ts';

const tabs = [
  ['publications', '/settings/publications', 'settings'],
  ['domains', '/settings/domains', 'settings'],
  ['relays', '/settings/relays', 'settings'],
  ['webhooks', '/settings/webhooks', 'settings'],
  ['tokens', '/settings/tokens', 'settings'],
  ['people', '/staff', 'staff'],
  ['audit', '/staff/audit', 'staff'],
  ['backups', '/settings/backups', 'settings'],
] as const satisfies readonly (readonly [string, string, Act])[];

export type SettingsTab = (typeof tabs)[number][0];

export function Settings(props: {
  c: ConsoleContext;
  site: Console;
  tab: SettingsTab;
  title: string;
  /** Beside the title, such as the button that begins something. */
  beside?: Child;
  scripts?: string[];
  wide?: boolean;
  children: Child;
}) {
  const { c, site, tab, title, beside, scripts, wide, children } = props;
  const words = settingsWords(c);
  const shown = tabs.filter(([, , act]) => may(c.get('staff'), act));
  return (
    <Desk c={c} site={site} title={title} place="settings" {...(scripts ? { scripts } : {})} wide={wide ?? false}>
      {shown.length > 1 && (
        <nav class="tabs settings-tabs" aria-label={c.get('words').places.settings}>
          {shown.map(([name, path]) => (
            <a href={`${site.base}/console${path}`} aria-current={name === tab ? 'page' : undefined}>
              {words.tabs[name]}
            </a>
          ))}
        </nav>
      )}
      <div class="head">
        <h1>{title}</h1>
        {beside}
      </div>
      <Said c={c} />
      {children}
    </Desk>
  );
}

function Said({ c }: { c: ConsoleContext }) {
  const key = c.req.query('said') ?? '';
  const { said } = settingsWords(c);
  if (!Object.hasOwn(said, key)) return null;
  return (
    <p class="said staff-said" role="status">
      {said[key]}
    </p>
  );
}
