/** Where saving stands, in words; and what needs somebody to act, above the text. */
import { element, fill } from './page.ts';
import type { SaveState } from './saving.ts';
import type { ComposePage } from './types.ts';

export function showState(page: ComposePage, state: SaveState, acts: { tryNow(): void; decide(): void }): void {
  const { words, language, timeZone } = page;
  const place = element('w-state');
  place.dataset.is = state.is;
  if (state.is === 'saved') {
    const time = state.at.toLocaleTimeString(language, {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZone,
    });
    place.textContent = fill(words.saved!, { time });
  } else place.textContent = state.is === 'saving' ? words.saving! : words.unsaved!;
  if (state.is === 'saving') return;
  const banner = element('w-banner');
  const says: Partial<Record<SaveState['is'], string>> = {
    offline: words.offline!,
    loggedOut: `${words.loggedOut} ${words.loggedOutHint}`,
    refused: state.is === 'refused' ? fill(words.refused!, { why: state.why }) : '',
    conflict: words.undecided!,
  };
  const text = says[state.is];
  banner.hidden = text === undefined;
  if (text === undefined || banner.dataset.text === text) {
    if (text === undefined) delete banner.dataset.text;
    return;
  }
  banner.dataset.text = text;
  banner.textContent = text;
  const button = (label: string, act: () => void) => {
    const made = document.createElement('button');
    made.type = 'button';
    made.textContent = label;
    made.addEventListener('click', act);
    banner.append(made);
  };
  if (state.is === 'loggedOut') {
    const link = document.createElement('a');
    link.className = 'button';
    link.href = page.url.replace(/\/manuscripts\/\d+$/, '/login');
    link.target = '_blank';
    link.rel = 'noopener';
    link.textContent = words.logIn!;
    banner.append(link);
  }
  if (state.is === 'conflict') button(words.decide!, acts.decide);
  else button(words.tryNow!, acts.tryNow);
}
