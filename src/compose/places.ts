/** Where the sections stand in the editor's file: for an outline that leads there and moves them. */
import type { Section } from '../model/issue.ts';
import { sectionText } from '../model/issue-text.ts';
import type { Place } from '../model/place.ts';
import type { Numbered } from './assemble.ts';
import { bodyOf } from './drafts.ts';

/** In characters. */
const maxTitle = 80;

/** By line. A promo that only the front matter holds has no place; of two that begin on one line the first has it. */
export function placesOf(numbered: readonly Numbered[], sections: readonly Section[]): Place[] {
  const byId = new Map(sections.map(section => [section.id, section]));
  const found = numbered.flatMap(({ id, draft }): Place[] => {
    const section = byId.get(id);
    // A line of 0 is unknown.
    const lines = [draft.line, draft.heading?.line ?? 0, ...bodyOf(draft).map(item => item.line)].filter(n => n > 0);
    if (!section || lines.length === 0) return [];
    return [{ id, type: section.type, title: titleOf(section, draft.heading?.text), line: Math.min(...lines) }];
  });
  const sorted = found.sort((a, b) => a.line - b.line);
  return sorted.filter((place, index) => place.line !== sorted[index - 1]?.line);
}

function titleOf(section: Section, heading: string | undefined): string {
  const text = heading?.trim() || sectionText(section).replace(/\s+/g, ' ').trim();
  const points = [...text.slice(0, maxTitle * 4)];
  return points.length > maxTitle ? `${points.slice(0, maxTitle - 1).join('')}…` : points.join('');
}
