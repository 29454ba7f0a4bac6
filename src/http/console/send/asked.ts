/** What is asked for, put together: the moment, the trial, and the text as it goes out then and under these subjects. */
import type { Prepared } from '../../../commands/prepare.ts';
import type { Console } from '../context.ts';
import type { SendDesk } from './desk.ts';
import { preparedText } from './text.ts';
import { trialOf } from './trial-form.ts';
import { momentOf, type Wish } from './wish.ts';

export interface Asked {
  moment: ReturnType<typeof momentOf>;
  trial: ReturnType<typeof trialOf>;
  /** Null: now, also while the moment is none. */
  at: Date | null;
  /** Under the issue's own subject alone. */
  plain: Prepared;
  /** Under all subjects of the trial, where there is one. */
  prepared: Prepared;
}

export async function askedFor({ wiring }: Console, desk: SendDesk, wish: Wish): Promise<Asked> {
  const { manuscript, publication } = desk;
  const moment = momentOf(wish, publication.timeZone);
  const at = moment.problem ? null : moment.at;
  const plain = await preparedText(wiring, manuscript, publication, at);
  const trial = trialOf(wish.trial, plain.issue.subject, wish.when === 'local');
  const subjects = trial.problem ? undefined : trial.trial?.subjects;
  const prepared = subjects ? await preparedText(wiring, manuscript, publication, at, subjects) : plain;
  return { moment, trial, at, plain, prepared };
}
