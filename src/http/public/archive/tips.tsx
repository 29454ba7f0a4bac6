/**
 * A term in a text with its explanation: by hover and focus through the style sheet, by tap and keyboard through the browser's own popover.
 * No script is needed.
 */

export interface TermInText {
  /** As it stands in the text. */
  words: string;
  /** Of the explanation on this page. */
  id: string;
  term: string;
  /** "(Generative Ethics Modeling, GEM)"; '' when it has no other names. */
  names: string;
  definition: string;
  /** Said of an explanation that another issue gave. */
  note: string | undefined;
  href: string;
  more: string;
}

export function Term({ words, id, term, names, definition, note, href, more }: TermInText) {
  return (
    <span class="t">
      <button type="button" class="term" popovertarget={id}>
        {words}
      </button>
      <span popover="auto" id={id} class="tip">
        <strong>{term}</strong>
        {names && <span class="names"> {names}</span>}
        <span class="def">{definition}</span>
        {note && <span class="note">{note}</span>}
        <a href={href}>{more}</a>
      </span>
    </span>
  );
}
