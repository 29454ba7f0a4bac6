/** The form under a thread: a new comment, an answer, or a change to one's own. */
import type { CommentRow } from '../../../db/comments.ts';
import type { Language } from '../words.ts';
import { mostCharacters, mostNameCharacters } from './comment-text.ts';
import { reactionWords } from './words.ts';

/** What stands in the fields. */
export interface Draft {
  body: string;
  summary: number;
  answers: CommentRow | undefined;
  edits: CommentRow | undefined;
  name: string;
}

interface FormProps {
  draft: Draft;
  summaries: readonly { number: number; title: string }[];
  lang: Language;
  /** They have not written here before. */
  isFirst: boolean;
  isHeld: boolean;
  /** Where to go without writing. */
  cancel: string;
  /** Where it posts to. */
  action: string;
  problem: string | undefined;
}

export function CommentForm({ draft, summaries, lang, isFirst, isHeld, cancel, action, problem }: FormProps) {
  const text = reactionWords[lang].comments;
  const { answers, edits } = draft;
  const isNew = !answers && !edits;
  return (
    <section class="write" id="write" aria-labelledby="write-title">
      <h2 id="write-title">{edits ? text.edit : answers ? text.answerTo(answers.author) : text.write}</h2>
      {problem && (
        <p class="bad" id="problem" role="alert">
          {problem}
        </p>
      )}
      {isHeld && !edits && <p class="quiet">{text.writeHint}</p>}
      {/* Without an address the form would post back to the question that it answers. */}
      <form method="post" action={action}>
        <input type="hidden" name="action" value={edits ? 'edit' : 'add'} />
        {edits && <input type="hidden" name="id" value={String(edits.id)} />}
        {answers && <input type="hidden" name="parent" value={String(answers.id)} />}
        {isNew && summaries.length > 0 && <Subject draft={draft} summaries={summaries} lang={lang} />}
        <label for="body">{text.text}</label>
        <textarea
          id="body"
          name="body"
          required
          maxlength={mostCharacters}
          aria-describedby={problem ? 'problem body-hint' : 'body-hint'}
          {...(problem ? { autofocus: true } : {})}
        >
          {draft.body}
        </textarea>
        <p class="quiet" id="body-hint">
          {text.textHint}
        </p>
        {!edits && <Name draft={draft} lang={lang} isFirst={isFirst} />}
        <div class="trap" aria-hidden="true">
          <label for="website">{text.trap}</label>
          <input type="text" id="website" name="website" value="" tabindex={-1} autocomplete="off" />
        </div>
        <button type="submit">{edits ? text.save : text.send}</button>
      </form>
      {!edits && <p class="quiet">{text.forwarded(draft.name)}</p>}
      {!isNew && (
        <p class="quiet">
          <a href={cancel}>{text.cancel}</a>
        </p>
      )}
    </section>
  );
}

function Subject({ draft, summaries, lang }: Pick<FormProps, 'draft' | 'summaries' | 'lang'>) {
  const text = reactionWords[lang].comments;
  return (
    <>
      <label for="summary">{text.subject}</label>
      <select id="summary" name="summary">
        <option value="0">{text.subjectWhole}</option>
        {summaries.map(({ number, title }) => (
          <option value={String(number)} selected={number === draft.summary}>
            {`${number}. ${[...title].slice(0, 60).join('')}`}
          </option>
        ))}
      </select>
    </>
  );
}

function Name({ draft, lang, isFirst }: Pick<FormProps, 'draft' | 'lang' | 'isFirst'>) {
  const text = reactionWords[lang].comments;
  return (
    <>
      <label for="name">{text.name}</label>
      <input
        type="text"
        id="name"
        name="name"
        value={draft.name}
        required
        maxlength={mostNameCharacters}
        autocomplete="nickname"
        aria-describedby={isFirst ? 'name-hint' : undefined}
      />
      {isFirst && (
        <p class="quiet" id="name-hint">
          {text.nameHint}
        </p>
      )}
    </>
  );
}
