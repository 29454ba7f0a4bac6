/** The row under an issue or a summary: what readers think of it, and ways to hand it on. */
import type { Child } from 'hono/jsx';
import type { Language } from '../words.ts';
import { archiveWords } from './words.ts';

/** For the issue (0) and each of its summaries. */
export interface UnderText {
  /** What readers have done with it. */
  reactions: (summary: number) => Child;
  /** The page of ways to share it. */
  share: (summary: number) => string;
}

interface ShareProps {
  title: string;
  /** Public address. */
  url: string;
  lang: Language;
  summary: number;
  under: UnderText;
}

/** Plain links, and a button that the script shows where the browser can do what it says. */
export function ShareRow({ title, url, lang, summary, under }: ShareProps) {
  const words = archiveWords[lang];
  const mail = `mailto:?subject=${encodeURIComponent(title)}&body=${encodeURIComponent(`${title}\n${url}`)}`;
  return (
    <div class="share" lang={lang}>
      {under.reactions(summary)}
      <a href={under.share(summary)}>{summary === 0 ? words.shareIssue : words.shareSummary}</a>
      <a href={mail}>{words.byMail}</a>
      <button type="button" hidden data-copy={url} data-done={words.copied}>
        {words.copy}
      </button>
    </div>
  );
}
