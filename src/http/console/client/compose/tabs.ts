/** Which panel stands beside the text; on a narrow screen, which of text, e-mail and panels is in sight. */
import { element } from './page.ts';

const storageKey = 'broadsheet:panel';

export function openTabs(): { start(): void; showText(): void } {
  const root = element('compose');
  const buttons = [...root.querySelectorAll<HTMLButtonElement>('.w-tabs button')];
  const isNarrow = () => matchMedia('(max-width: 900px)').matches;
  const paint = () => {
    const { panel, view } = root.dataset;
    for (const button of buttons) {
      const isPanel = button.dataset.panel !== undefined;
      const pressed = isPanel
        ? button.dataset.panel === panel && (!isNarrow() || view === 'panel')
        : button.dataset.view === view;
      button.setAttribute('aria-pressed', String(pressed));
    }
  };
  for (const button of buttons) {
    button.addEventListener('click', () => {
      const { panel, view } = button.dataset;
      if (view) root.dataset.view = view;
      else {
        // Pressed again the panel goes, and the text has the room.
        const isOpen = root.dataset.panel === panel && !isNarrow();
        root.dataset.panel = isOpen ? '' : panel;
        root.dataset.view = 'panel';
        try {
          localStorage.setItem(storageKey, root.dataset.panel ?? '');
        } catch {}
      }
      paint();
    });
  }
  matchMedia('(max-width: 900px)').addEventListener('change', paint);
  return {
    showText: () => {
      if (!isNarrow()) return;
      root.dataset.view = 'text';
      paint();
    },
    start: () => {
      const stored = localStorage.getItem(storageKey);
      if (stored !== null && (stored === '' || buttons.some(button => button.dataset.panel === stored)) && !isNarrow())
        root.dataset.panel = stored;
      paint();
    },
  };
}
