/** A tag: a word of the staff's for readers, as `후원` or `press`. */
import { z } from 'zod';

/** One line without a comma, since attributes of moved-in lists separate tags by commas. */
export const tagSchema = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^,\p{Cc}]*$/u, 'must be one line without commas')
  .transform(tag => tag.normalize('NFC'));

/** Of one reader. */
export const mostTags = 50;
