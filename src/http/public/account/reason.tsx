/** After leaving: why, for those who care to say. It comes last, and nothing depends on it. */
import { leavingReasons, maxLeavingNote } from '../../../model/leaving.ts';
import type { Language } from '../words.ts';
import { Part } from './sections.tsx';
import { accountWords } from './words.ts';

export function ReasonPart({ lang, isGiven }: { lang: Language; isGiven: boolean }) {
  const text = accountWords[lang].reason;
  if (isGiven) return <Part id="reason" title={text.title} notice={text.thanks} />;
  return (
    <Part id="reason" title={text.title}>
      <p class="quiet">{text.hint}</p>
      <form method="post">
        <input type="hidden" name="action" value="reason" />
        <div class="options" role="radiogroup" aria-labelledby="reason-title">
          {leavingReasons.map(reason => (
            <label class="choice">
              <input type="radio" name="reason" value={reason} />
              {text.options[reason]}
            </label>
          ))}
        </div>
        <label class="field" for="reason-note">
          {text.note}
        </label>
        <p class="quiet" id="reason-note-hint">
          {text.noteHint}
        </p>
        <textarea id="reason-note" name="note" maxlength={maxLeavingNote} aria-describedby="reason-note-hint" />
        <p class="send">
          <button type="submit" class="second">
            {text.button}
          </button>
        </p>
      </form>
    </Part>
  );
}
