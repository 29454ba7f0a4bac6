/** The sign-up form, as it stands on the publication's page and on its own. */
import type { StoredPublication } from '../../../db/publications.ts';
import { versionOf, wordingsOf } from '../../../model/consent.ts';
import type { Site } from '../reader.ts';
import type { Language } from '../words.ts';
import { Tickets } from './ticket.ts';
import { signUpWords } from './words.ts';

export interface FormProps {
  site: Site;
  stored: StoredPublication;
  lang: Language;
  /** What was typed before. */
  email?: string;
  /** Whether the box was ticked before, by this person in this form: it is never ticked otherwise. */
  advertising?: boolean;
  /** Kept when the form is shown again, so that its age goes on counting. */
  ticket?: string;
  /** Code of the reader through whose link this person came. */
  referral?: string | undefined;
  /** What is wrong with the address. */
  problem?: string;
}

/** Where the form posts to. */
export function signUpPath(site: Site, { publication }: StoredPublication, lang: Language): string {
  return `${site.base}/p/${publication.slug}/subscribe${lang === publication.language ? '' : `?lang=${lang}`}`;
}

export function SignUpForm(props: FormProps) {
  const { site, stored, lang, email = '', advertising = false, problem } = props;
  const text = signUpWords[lang];
  const wordings = wordingsOf(stored.publication, lang);
  const button = <button type="submit">{text.button}</button>;
  return (
    <form class="signup" method="post" action={signUpPath(site, stored, lang)}>
      <label for="email">{text.email}</label>
      <div class="row">
        <input
          type="email"
          id="email"
          name="email"
          value={email}
          required
          maxlength={254}
          autocomplete="email"
          autocapitalize="none"
          spellcheck={false}
          placeholder={text.placeholder}
          aria-describedby={problem ? 'problem promise' : 'promise'}
          {...(problem ? { 'aria-invalid': 'true', autofocus: true } : {})}
        />
        {!wordings.advertising && button}
      </div>
      {problem && (
        <p class="notice" id="problem" role="alert">
          {problem}
        </p>
      )}
      {wordings.advertising && (
        <div class="agree">
          <input type="checkbox" id="advertising" name="advertising" value="yes" checked={advertising} />
          <label for="advertising">{wordings.advertising.text}</label>
        </div>
      )}
      {/* What can be agreed to comes before what sends it. */}
      {wordings.advertising && button}
      <p class="quiet" id="promise">
        {wordings.subscription.text} {text.promise}
      </p>
      <Carried {...props} />
    </form>
  );
}

/** What goes along unseen: the field for robots, the moment the form was made, and the version of its words. */
function Carried({ site, stored, lang, ticket, referral }: FormProps) {
  const made = ticket || new Tickets(site.hasher).make(stored.id);
  return (
    <>
      <div class="trap" aria-hidden="true">
        <label for="website">{signUpWords[lang].trap}</label>
        <input type="text" id="website" name="website" value="" tabindex={-1} autocomplete="off" />
      </div>
      <input type="hidden" name="ticket" value={made} />
      <input type="hidden" name="wording" value={versionOf(wordingsOf(stored.publication, lang))} />
      {referral && <input type="hidden" name="ref" value={referral} />}
    </>
  );
}

/** On the publication's own page, over its past issues. */
export function SignUpPanel(props: FormProps) {
  if (!props.stored.publication.signup.open) return null;
  return (
    <aside class="panel" aria-labelledby="subscribe">
      <h2 id="subscribe">{signUpWords[props.lang].heading}</h2>
      <SignUpForm {...props} />
    </aside>
  );
}
