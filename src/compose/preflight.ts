/** Checks that need the rendered issue or the law: run after rendering and before anything is stored or sent. */
import type { Issue, Problem } from '../model/issue.ts';
import type { Publication } from '../model/publication.ts';

/** Gmail cuts a message near 102 KB of decoded HTML, and the unsubscribe link with it (rule 1.8, lesson 24). */
export const warnHtmlBytes = 90_000;
export const maxHtmlBytes = 100_000;
export const clipHtmlBytes = 102_000;

/**
 * @param html as one reader gets it, links included
 * @param allowLarge the editor's word that clipping is accepted
 */
export function preflight(given: {
  issue: Issue;
  /** Of a trial: all that it goes out under, in place of its own. */
  subjects?: readonly string[] | undefined;
  publication: Publication;
  html: string;
  allowLarge: boolean;
}): Problem[] {
  return [
    ...byteBudget(Buffer.byteLength(given.html), given.allowLarge),
    ...koreanLaw(given.issue, given.subjects ?? [given.issue.subject], given.publication),
    ...leftovers(given.html),
  ];
}

function byteBudget(bytes: number, allowLarge: boolean): Problem[] {
  if (bytes < warnHtmlBytes) return [];
  const tooLarge = bytes >= maxHtmlBytes;
  return [
    {
      severity: tooLarge && !allowLarge ? 'error' : 'warning',
      code: tooLarge ? 'html-too-large' : 'html-large',
      line: 0,
      message: `The e-mail has ${bytes.toLocaleString('en')} bytes of HTML; Gmail cuts it off near 102,000.`,
      help: tooLarge
        ? 'Shorten the longest sections (see the byte budget in report.json), or send with --allow-large.'
        : 'It still fits. See the byte budget in report.json before adding more.',
    },
  ];
}

/** Network Act Art. 50(4), Decree 61(3): rule 5.4. */
function koreanLaw(issue: Issue, subjects: readonly string[], publication: Publication): Problem[] {
  if (!publication.law.includes('kr')) return [];
  const problems: Problem[] = [];
  const advertises = issue.sections.some(section => section.type === 'promo');
  const unlabelled = subjects.find(subject => !subject.startsWith('(광고)'));
  if (advertises && unlabelled !== undefined) {
    problems.push({
      severity: 'error',
      code: 'kr-ad-label',
      line: 0,
      message:
        subjects.length > 1
          ? `The issue advertises (it has a promo), and the subject “${unlabelled}” does not begin with (광고).`
          : 'The issue advertises (it has a promo), and the subject does not begin with (광고).',
      help: 'Begin the subject with exactly (광고), or take the promo out. Network Act Art. 50(4).',
    });
  }
  if (advertises && !publication.phone) {
    problems.push({
      severity: 'error',
      code: 'kr-ad-phone',
      line: 0,
      message: 'An advertising issue must name the sender’s phone number.',
      help: 'Put `phone` into the publication file. Network Act Art. 50(4).',
    });
  }
  return problems;
}

/** A merge tag that nothing fills must never reach a reader (lesson 27). In code samples the braces are escaped and do not match. */
function leftovers(html: string): Problem[] {
  const words = html.replace(/<(code|pre)\b[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, '');
  const found = /\{\{[^{}\n]{1,60}\}\}/.exec(words);
  if (!found) return [];
  return [
    {
      severity: 'warning',
      code: 'braces-left',
      line: 0,
      message: `Readers will see “${found[0]}” as it stands.`,
      help: 'If a merge field was meant, write it as {{name|fallback}}; if not, nothing needs to be done.',
    },
  ];
}
