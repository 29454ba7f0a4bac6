/** The row under an issue or a summary: what readers think of it, and ways to hand it on. */

import type { Language } from '../words.ts';
import { archiveWords } from './words.ts';

/** What readers have done with the issue (0) or a summary: shown before the ways to share. The issue's page leaves the place open. */
export type Reactions = (summary: number) => unknown;

interface ShareProps {
  title: string;
  /** Public address. */
  url: string;
  lang: Language;
  summary: number;
  reactions?: Reactions | undefined;
}

/** Plain links, and buttons that the script shows where the browser can do what they say. */
export function ShareRow({ title, url, lang, summary, reactions }: ShareProps) {
  const words = archiveWords[lang];
  const mail = `mailto:?subject=${encodeURIComponent(title)}&body=${encodeURIComponent(`${title}\n${url}`)}`;
  return (
    <div class="share" lang={lang}>
      {reactions?.(summary) as never}
      <a href={url}>{summary === 0 ? words.shareIssue : words.shareSummary}</a>
      <a href={mail}>{words.byMail}</a>
      <button type="button" hidden data-copy={url} data-done={words.copied}>
        {words.copy}
      </button>
    </div>
  );
}
