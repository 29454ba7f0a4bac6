/** What can be wrong with a publication's own template, in words. The console says the same in the reader's language, by the flaw's name. */
import { BroadsheetError } from '../../errors.ts';
import type { TemplateName } from '../../model/template-names.ts';

/** `what` is the thing that is meant: a name, a tag, Handlebars' own words. */
const sentences = {
  syntax: what => `Handlebars cannot read it: ${what}`,
  unfinished: () => 'Handlebars cannot go on from here: braces are wrong, or an #if or #each is not closed',
  helper: what => `${what} is not used in templates; there are #if and #each, with one value each`,
  nested: what => `${what} stands inside an #each; that would write everything many times over`,
  partial: what => `the partial ${what} cannot be used here`,
  name: what => `${what} is no value of this part; it may name what the built-in template names`,
  raw: what => `${what} holds HTML: write it with three braces`,
  escaped: what => `${what} is plain text: write it with two braces`,
  often: what => `${what} is written too often`,
  braces: () =>
    'a pair of braces would stand in the mail as it is; readers’ values come from the issue, never from a template',
  long: () => 'it writes far more than a mail can hold',
  render: what => `it cannot be written: ${what}`,
  markup: what => `the HTML cannot be read at ${what}`,
  comment: () => 'an HTML comment is not allowed; notes are written {{! like this }}',
  tag: what => `the tag <${what}> is not allowed in a template`,
  attribute: what => `the attribute ${what} is not allowed in a template`,
  address: what => `${what} needs a whole value of the part, or an address that begins with https:, mailto: or #`,
  value: what => `${what} cannot stand in this attribute; the built-in template does not put it there`,
  style: what => `the style “${what}” is not allowed: it hides, moves or loads something`,
  alt: () => 'a picture has no alt',
  unclosed: what => `<${what}> is not closed where it should be`,
  place: what => `${what} cannot stand there`,
  condition: what => `${what} does not close where it was opened`,
  link: () => 'a link has no words',
  missing: what => `${what} is missing; the built-in template has it in this place`,
  twice: what => `${what} is written more often than in the built-in template`,
} satisfies Record<string, (what: string) => string>;

export type Flaw = keyof typeof sentences;

/** Longer words of Handlebars or of the template are cut. */
const mostWords = 120;

export class TemplateInvalid extends BroadsheetError {
  readonly partial: TemplateName;
  readonly flaw: Flaw;
  readonly what: string;

  /** @param line of the template, counted from 1; none when it concerns the whole */
  constructor(partial: TemplateName, flaw: Flaw, what = '', line?: number) {
    const short = what.length > mostWords ? `${what.slice(0, mostWords)}…` : what;
    const at = line === undefined ? {} : { line };
    super('TEMPLATE_INVALID', `template ${partial}${line ? `, line ${line}` : ''}: ${sentences[flaw](short)}`, at);
    this.partial = partial;
    this.flaw = flaw;
    this.what = short;
  }
}
