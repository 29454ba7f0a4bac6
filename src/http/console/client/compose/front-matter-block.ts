/** Front matter to the editor: a block of its own, where plain Markdown would see a rule and a heading. */
import type { markdown } from '@codemirror/lang-markdown';
import { tags } from '@lezer/highlight';

type MarkdownExtension = NonNullable<NonNullable<Parameters<typeof markdown>[0]>['extensions']>;

export const frontMatterBlock: MarkdownExtension = {
  defineNodes: [{ name: 'FrontMatter', block: true, style: tags.meta }],
  parseBlock: [
    {
      name: 'FrontMatter',
      before: 'HorizontalRule',
      parse(cx, line) {
        if (cx.lineStart !== 0 || !/^---[ \t]*$/.test(line.text)) return false;
        while (cx.nextLine()) {
          if (!/^(?:---|\.\.\.)[ \t]*$/.test(line.text)) continue;
          cx.nextLine();
          break;
        }
        cx.addElement(cx.elt('FrontMatter', 0, cx.prevLineEnd()));
        return true;
      },
    },
  ],
};
