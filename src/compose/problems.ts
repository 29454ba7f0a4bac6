/** Every problem that composing can find: its code, how grave it is, and what the editor should do. Explained in docs/issue-format.md. */
import type { Problem } from '../model/issue.ts';

type Entry = readonly [severity: Problem['severity'], help: string];

/** Code → severity and help. The codes are stable: other programs and the documentation name them. */
export const problemCatalogue = {
  'source-too-large': [
    'error',
    'Split the issue, or link to long material instead of pasting it. The limit is 1 MiB of text.',
  ],
  'no-content': ['error', 'Write the issue below the front matter.'],
  'too-complex': [
    'error',
    'Simplify this place: it nests or repeats Markdown marks far beyond what a reader could see. It was kept as plain text.',
  ],
  'control-character': [
    'warning',
    'Retype this line; invisible characters came along when it was pasted. They were removed.',
  ],
  'front-matter-invalid': [
    'error',
    'Write it as YAML, one "key: value" per line, and put values that contain ": " or "#" in quotes.',
  ],
  'front-matter-unclosed': ['error', 'End the front matter with a line that holds only ---.'],
  'front-matter-key': [
    'error',
    'Use these keys: title, subject, preheader, lang, number, date, slug, and promo with heading, body, url, action, code, pool, expires.',
  ],
  'front-matter-value': ['error', 'Correct the value; docs/issue-format.md shows an example of each key.'],
  'no-subject': [
    'warning',
    'Add "subject:" to the front matter if the subject made from the content is not what you want.',
  ],
  'subject-too-long': ['warning', 'Shorten the subject to about 60 characters; inboxes cut what is longer.'],
  'no-preheader': [
    'warning',
    'Add "preheader:" with 40 to 90 characters to the front matter; inboxes show it after the subject.',
  ],
  'preheader-length': [
    'warning',
    'Write 40 to 90 characters: shorter ones are filled with the body, longer ones are cut.',
  ],
  'preheader-is-subject': ['warning', 'Say something the subject does not say yet.'],
  'lang-mismatch': ['warning', 'Check "lang:" in the front matter; screen readers pronounce the issue by it.'],
  'unclosed-emphasis': [
    'warning',
    'Add the missing ** on this line, or write \\*\\* if you mean the asterisks themselves.',
  ],
  'empty-link': ['warning', 'Give the link both words and an address: [words](https://…).'],
  'unsafe-link': ['error', 'Use an http, https or mailto address. The words were kept, the link was removed.'],
  'relative-link': [
    'error',
    'Write the whole address with https://; an e-mail has no site that a relative address could belong to.',
  ],
  'insecure-link': ['warning', 'Use https:// if the site offers it; mail filters distrust plain http links.'],
  'broken-anchor': [
    'warning',
    'Link to a section that exists, for example #glossary or #paper-2. The words were kept, the link was removed.',
  ],
  'image-without-alt': ['warning', 'Describe the picture between the square brackets; many readers never load images.'],
  'image-not-https': ['error', 'Put the picture on an https:// address. Its description was kept in its place.'],
  'image-on-this-machine': [
    'warning',
    'Nothing to do for a trial. Readers elsewhere cannot load it: set PUBLIC_URL to an https address and add the picture again.',
  ],
  'unsafe-html': [
    'warning',
    'Remove it, or write the same in Markdown. Mail programs would remove it too; text was kept.',
  ],
  'unknown-directive': [
    'warning',
    'Use :::when{has=name}, or put a backslash before the colons to show them as text. It was kept as text.',
  ],
  'unclosed-directive': ['warning', 'End the block with a line that holds only the same number of colons.'],
  'most-liked-example': [
    'warning',
    'Nothing to do: with `send` and in the API the likes of the issue before take its place. It is an example where there is no database.',
  ],
  'most-liked-empty': [
    'warning',
    'Remove the block and its heading, or send without it: no summary of the issue before has a like yet.',
  ],
  'bad-count': ['error', 'Write ::most-liked{count=3} with a count from 1 to 10.'],
  'bad-condition': ['error', 'Write :::when{has=name}, :::when{lacks=name} or :::when{field=tier is=vip}.'],
  'unknown-field': ['error', 'Use a field of the publication, or add it under "fields:" in the publication file.'],
  'field-in-title': ['error', 'Move the field into a paragraph; titles and headings are the same for every reader.'],
  'field-in-url': ['error', 'Remove the field from the address; links are the same for every reader.'],
  'template-syntax': ['warning', 'Only {{field}} and {{field|fallback}} are filled in. This was kept as text.'],
  'reference-out-of-range': ['warning', 'Correct the number, or add the summary it should lead to.'],
  'heading-order': [
    'warning',
    'Go down one heading level at a time, so that screen readers announce the structure rightly.',
  ],
  'empty-section': ['warning', 'Write its text, or remove the heading.'],
  'empty-part': ['warning', 'Write the text under this heading, or remove the heading.'],
  'duplicate-title': ['warning', 'Give each summary its own title; readers and reports tell summaries apart by it.'],
  'missing-work': [
    'warning',
    'Put a line like "관련 연구: Name ( [논문](https://…) )" or "Paper: [Name](https://…)" below the title.',
  ],
  'missing-paper-link': [
    'warning',
    'Add a link to the paper, like [논문](https://…) or [Paper](https://…), below the title.',
  ],
  'duplicate-term': ['warning', 'Keep one entry of this term in the glossary.'],
  'unused-term': ['warning', 'Remove the term, or check that the text spells it the same way.'],
  'empty-term': ['warning', 'Write the definition after the term.'],
  'term-abbreviation-taken': [
    'warning',
    'Write the abbreviation out where both could be meant, or use the other term’s name if it is the same thing.',
  ],
  'term-translated-otherwise': [
    'warning',
    'Use the earlier translation, or keep this one if the earlier was wrong: the glossary shows both.',
  ],
  'promo-without-code': [
    'warning',
    'Add the code or address to the promo: "promo:" with "code:" or "url:" in the front matter, or a link in its text.',
  ],
  'duplicate-section': ['warning', 'Keep one, or give the second another heading.'],
  'unused-footnote': [
    'warning',
    'Refer to the note in the text with [^name], or remove it. It was kept among the notes.',
  ],
} as const satisfies Record<string, Entry>;

type ProblemCode = keyof typeof problemCatalogue;

/** More than an editor could read; also the bound on what hostile input makes us hold. */
const maxProblems = 500;

/** Collects problems in any order; gives them back by line, each once. */
export class ProblemList {
  readonly #found = new Map<string, Problem>();

  /** `line` counts the whole file from 1; 0 when the problem concerns the issue as a whole. */
  add(code: ProblemCode, line: number, message: string): void {
    const key = `${code}\0${line}\0${message}`;
    if (this.#found.size >= maxProblems || this.#found.has(key)) return;
    const [severity, help] = problemCatalogue[code];
    this.#found.set(key, { severity, code, line, message, help });
  }

  sorted(): Problem[] {
    return [...this.#found.values()].sort((a, b) => a.line - b.line);
  }
}

/** Text of an editor inside a message: one line, short. */
export function quoted(text: string, limit = 60): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const points = [...line];
  return `“${points.length > limit ? `${points.slice(0, limit - 1).join('')}…` : line}”`;
}
