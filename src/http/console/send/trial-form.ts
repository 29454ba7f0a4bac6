/** A trial of subjects as the form of the send page has it, and what it comes to. The issue's own subject is the first and no field. Pure. */
import { mostVariants, type TrialWish, trialMeasures, trialWishSchema } from '../../../model/trial.ts';

export interface TrialForm {
  isOn: boolean;
  /** Beside the issue's own; as typed, with empty ones in their places. */
  subjects: string[];
  /** Per cent, as typed. */
  share: string;
  measure: TrialWish['measure'];
  hours: string;
}

export const mostOthers = mostVariants - 1;
/** Beyond what `trialWishSchema` takes, so that one too long is refused and not cut short. */
const mostTyped = 300;

export function readTrial(search: URLSearchParams): TrialForm {
  return {
    isOn: search.get('trial') === '1',
    subjects: search
      .getAll('subject')
      .slice(0, mostOthers)
      .map(subject => subject.slice(0, mostTyped)),
    share: (search.get('share') ?? '20').slice(0, 10),
    measure: trialMeasures.find(measure => measure === search.get('measure')) ?? 'clicks',
    hours: (search.get('hours') ?? '4').slice(0, 10),
  };
}

export function writeTrial(query: URLSearchParams, form: TrialForm): void {
  if (!form.isOn) return;
  query.set('trial', '1');
  for (const subject of form.subjects) if (subject.trim()) query.append('subject', subject);
  query.set('share', form.share);
  query.set('measure', form.measure);
  query.set('hours', form.hours);
}

export type TrialProblem = 'both' | 'few' | 'same' | 'subject' | 'share' | 'hours';

/** @param own the issue's subject @param isLocal asked for together with each reader's own time @returns `trial` null: none is asked for */
export function trialOf(
  form: TrialForm,
  own: string,
  isLocal: boolean,
): { trial: TrialWish | null; problem?: undefined } | { problem: TrialProblem } {
  if (!form.isOn) return { trial: null };
  if (isLocal) return { problem: 'both' };
  const others = form.subjects.map(subject => subject.trim()).filter(Boolean);
  if (others.length === 0) return { problem: 'few' };
  const whole = (text: string) => (/^\d{1,3}$/.test(text.trim()) ? Number(text) : undefined);
  const { measure } = form;
  const asked = { subjects: [own, ...others], share: whole(form.share) ?? 0, measure, hours: whole(form.hours) ?? 0 };
  const read = trialWishSchema.safeParse(asked);
  if (read.success) return { trial: read.data };
  const [first] = read.error.issues;
  const [field, n] = first?.path ?? [];
  if (field === 'share' || field === 'hours') return { problem: field };
  // One that does not fit has a number; that two are the same is said of the list.
  return { problem: n === undefined ? 'same' : 'subject' };
}

/** How many readers try, as the plan draws them (`drawnIn`). */
export function partOf(readers: number, { share, subjects }: Pick<TrialWish, 'share' | 'subjects'>): number {
  return Math.min(readers, Math.max(subjects.length, Math.round((readers * share) / 100)));
}
