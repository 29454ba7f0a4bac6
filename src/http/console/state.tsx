/** An issue's state by word and icon, and only then by colour. */
import type { IssueState } from '../../model/states.ts';
import { Icon, type IconName } from '../icons.tsx';
import type { Words } from './words.ts';

const stateIcons: Record<IssueState, IconName> = {
  draft: 'draft',
  scheduled: 'clock',
  sending: 'send',
  paused: 'pause',
  sent: 'done',
  held: 'alert',
  cancelled: 'cancelled',
};

export function StateMark({ state, words }: { state: IssueState; words: Words }) {
  return (
    <span class={`state ${state}`}>
      <Icon name={stateIcons[state]} />
      {words.states[state]}
    </span>
  );
}
