/** Whether summaries are numbered by us or already by their editor. */

/** "1. Title", "#3 Title", "논문 #3: Title", "Paper 2 – Title". */
const ownNumber = /^\s*(?:(?:논문|paper)\s*#?\s*\d{1,3}\b|#\s*\d{1,3}\b|\d{1,3}\s*[.):])/i;

/** True when the title brings its number with it: a second one beside it would stutter. */
export function hasOwnNumber(title: string): boolean {
  return ownNumber.test(title);
}
