/** What server and script tell each other: types alone, for both sides. */
import type { Problem, SectionType } from '../../../../model/issue.ts';
import type { Place } from '../../../../model/place.ts';

/** What the page hands to the script. */
export interface ComposePage {
  id: number;
  /** Path of the manuscript, with the base. */
  url: string;
  version: number;
  updatedAt: string;
  /** Whose browser storage it is. */
  staff: number;
  publicationLanguage: 'ko' | 'en';
  language: 'ko' | 'en';
  timeZone: string;
  nonce: string;
  words: Record<string, string> & { types: Record<SectionType, string> };
}

/** What the server answers to a preview. */
export interface Previewed {
  html: string;
  text: string;
  title: string;
  subject: string;
  preheader: string;
  /** Of the mail's HTML, as Gmail counts it. */
  bytes: number;
  problems: Problem[];
  places: Place[];
  terms: { term: string; translation: string; abbreviation: string }[];
}
