/** Where a section of an issue begins in its editor's text. */
import type { SectionType } from './issue.ts';

export interface Place {
  /** Id of the section, as in `Issue`. */
  id: string;
  type: SectionType;
  /** Its heading; its first words when it has none. */
  title: string;
  /** From 1, front matter counted. */
  line: number;
}
