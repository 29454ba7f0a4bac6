/**
 * Takes MJML's and our templates' indentation out of finished HTML. Text of the issue holds no newline (see escape.ts),
 * so every newline is markup's own: beside a tag or a brace it means nothing, inside a tag it separates attributes.
 * MJML's own `minify` is not used: it re-parses the document and takes Outlook's conditional comments apart.
 */
export function squeeze(html: string): string {
  return (
    html
      .replace(/[ \t]*\n\s*/g, (space, at: number) => {
        const before = html[at - 1] ?? '>';
        const after = html[at + space.length] ?? '<';
        return /[>{};]/.test(before) || /[<>{}]/.test(after) ? '' : ' ';
      })
      .replace(/(<\w+) {2,}/g, '$1 ')
      // A blank that must stay is written as a reference in templates; in the message a plain one is shorter and no spam rule's business.
      .replace(/&#32;/g, ' ')
      .trim()
  );
}
