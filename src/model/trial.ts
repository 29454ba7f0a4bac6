/** A trial of subjects: what an editor asks for, and how the best one is told. */
import { z } from 'zod';

export const trialMeasures = ['clicks', 'likes'] as const;
export type TrialMeasure = (typeof trialMeasures)[number];

export const mostVariants = 4;
/** Characters; as the front matter's own subject. */
const maxSubject = 200;

const subject = z
  .string()
  .trim()
  .min(1)
  .max(maxSubject)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'must be one line without control characters');

export const trialWishSchema = z.strictObject({
  subjects: z
    .array(subject)
    .min(2, 'a trial needs two to four subjects')
    .max(mostVariants, 'a trial needs two to four subjects')
    .refine(subjects => new Set(subjects).size === subjects.length, 'two subjects are the same')
    .meta({ description: 'Variant n is the nth; merge fields as in the front matter.' }),
  share: z.int().min(5).max(50).default(20).meta({ description: 'Per cent of the audience, split evenly over them.' }),
  measure: z
    .enum(trialMeasures)
    .default('clicks')
    .meta({ description: 'Readers who clicked, machines left out, or who pressed like: of those accepted.' }),
  hours: z
    .int()
    .min(1)
    .max(24)
    .default(4)
    .meta({ description: 'From when the trial’s part has gone out to the decision.' }),
});

export type TrialWish = z.infer<typeof trialWishSchema>;

/** How a trial came by its subject. `default`: too little was measured, so it is the first. */
export type ChosenBy = 'measure' | 'default' | 'editor';

export interface VariantCount {
  /** From 1. */
  variant: number;
  /** Readers to whom it was tried to be sent. */
  sent: number;
  accepted: number;
  /** Readers with a click that does not look like a machine's. */
  clicks: number;
  /** Readers who like the issue or a summary. */
  likes: number;
  /** Readers who left through the issue and have not come back. */
  unsubscribed: number;
}

/** Of the best variant, readers: one or two may have been the editors themselves. */
const fewestReaders = 3;

/** The variant with the best measure per accepted; of equals, and when too little was measured, the first. Pure. */
export function bestVariant(counts: readonly VariantCount[], measure: TrialMeasure): { variant: number; by: ChosenBy } {
  let best: VariantCount | undefined;
  for (const count of counts) {
    if (count.accepted === 0) continue;
    // As products: no two rates that are equal differ by their rounding.
    if (!best || count[measure] * best.accepted > best[measure] * count.accepted) best = count;
  }
  if (!best || best[measure] < fewestReaders) return { variant: 1, by: 'default' };
  return { variant: best.variant, by: 'measure' };
}
