/** Doctor's words, in both languages. */
import type { DoctorWords } from './words-en.ts';
import { en } from './words-en.ts';
import { ko } from './words-ko.ts';

export const doctorWords: Record<'ko' | 'en', DoctorWords> = { ko, en };
