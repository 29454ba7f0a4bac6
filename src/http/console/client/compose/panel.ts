/** What a panel that the server drew does: groups stay as they were opened, lines are jumped to, buttons ask for more. */
import { call } from '../lib/server.ts';
import { words } from './words.ts';

interface Options {
  /** Of `check.json`; what the buttons ask lies beside it. */
  url: string;
  /** The text as it stands; undefined: as it was saved. */
  source: () => string | undefined;
  jump?: (line: number) => void;
}

export function wirePanel(host: HTMLElement, options: Options) {
  /** By group: as the editor left it. */
  const opened = new Map<string, boolean>();
  host.addEventListener('click', event => {
    const target = event.target as HTMLElement;
    const line = target.closest<HTMLElement>('[data-line]')?.dataset.line;
    if (line && options.jump) {
      event.preventDefault();
      options.jump(Number(line));
    }
    const summary = target.closest('summary');
    const group = summary?.parentElement as HTMLDetailsElement | null;
    if (group?.dataset.group) opened.set(group.dataset.group, !group.open);
    const button = target.closest<HTMLButtonElement>('button[data-act]');
    if (button) void askMore(host, button, options);
  });
  ready(host);
  return {
    show(html: string) {
      const focused = focusKey(host);
      // Drawn and escaped by our server; the policy of the page lets nothing in it run.
      host.innerHTML = html;
      for (const group of host.querySelectorAll<HTMLDetailsElement>('details[data-group]')) {
        const was = opened.get(group.dataset.group ?? '');
        if (was !== undefined) group.open = was;
      }
      ready(host);
      if (focused) host.querySelector<HTMLElement>(`details[data-group="${focused}"] > summary`)?.focus();
    },
    fail(text: string) {
      const said = document.createElement('p');
      said.className = 'check-about';
      said.setAttribute('role', 'status');
      said.textContent = text;
      if (host.firstElementChild?.className !== 'check-about') host.prepend(said);
    },
    busy(is: boolean) {
      host.firstElementChild?.setAttribute('aria-busy', String(is));
    },
  };
}

function focusKey(host: HTMLElement): string | undefined {
  const active = document.activeElement;
  if (!active || !host.contains(active)) return undefined;
  return active.closest<HTMLElement>('details[data-group]')?.dataset.group;
}

/** Buttons need a script: without one they are not there. */
function ready(host: HTMLElement): void {
  for (const part of host.querySelectorAll<HTMLElement>('button[data-act], .check-with-script')) part.hidden = false;
}

async function askMore(host: HTMLElement, button: HTMLButtonElement, { url, source }: Options): Promise<void> {
  const act = button.dataset.act ?? '';
  const label = button.textContent;
  button.disabled = true;
  button.textContent = button.dataset.busy ?? label;
  const text = source();
  const path = url.replace(/check\.json$/, `${act}.json`);
  const answer = await call<{ panel: string }>(
    path,
    text === undefined ? {} : { source: text },
    AbortSignal.timeout(180_000),
  )
    .then(({ panel }) => panel)
    .catch(() => undefined);
  const place = host.querySelector(`[data-answer="${act}"]`);
  if (place && answer !== undefined) place.innerHTML = answer;
  else if (place) place.textContent = words().checkFailed;
  button.disabled = false;
  button.textContent = label;
}
