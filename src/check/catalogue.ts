/** Every problem that these checks can find: how grave it is, and what to do. Explained in docs/issue-format.md. */
import type { Problem } from '../model/issue.ts';

const checkCatalogue = {
  'kr-ad-footer': [
    'error',
    'Put the sender’s name, e-mail, phone and postal address into the publication file. Network Act Art. 50(4), Decree 61(3).',
  ],
  'kr-ad-words': [
    'warning',
    'If the issue advertises, begin the subject with (광고) and put the offer under a promo heading. If it does not, say it in other words.',
  ],
  'kr-ad-needless': [
    'warning',
    'Take (광고) out, or give the offer a heading such as 특별 할인, so that it is the promo.',
  ],
  'unsubscribe-late': [
    'error',
    'Restore the masthead or shorten the issue: a way out must stand before Gmail cuts it off.',
  ],
  'field-empty': [
    'warning',
    'Write what stands in, as in {{name|독자}}, or give the field a default in the publication file.',
  ],
  'link-shows-other': [
    'warning',
    'Show the address that the link leads to, or words: filters take the difference for fraud.',
  ],
  'link-shortener': [
    'warning',
    'Use the address that it leads to: filters distrust shortened ones, and clicks are counted here anyway.',
  ],
  'link-private': ['error', 'Use an address that readers can reach.'],
  'link-placeholder': ['warning', 'Write the real address.'],
  'link-text-vague': [
    'warning',
    'Let the words say where the link leads: screen readers read links out one after another, without the text around them.',
  ],
  'alt-file-name': ['warning', 'Describe what the picture shows; a file’s name tells nobody.'],
  'image-format': ['warning', 'Use PNG, JPEG or GIF: add the picture by the button, which makes one of these.'],
  'name-spelling': ['warning', 'Spell it as the glossary does, or leave it if it is another name.'],
  'spam-likely': ['warning', 'See the rules that gave points under Spam estimate, and take the heaviest away.'],
} as const satisfies Record<string, readonly [Problem['severity'], string]>;

export type CheckCode = keyof typeof checkCatalogue;

export function problem(code: CheckCode, line: number, message: string): Problem {
  const [severity, help] = checkCatalogue[code];
  return { severity, code, line, message, help };
}
