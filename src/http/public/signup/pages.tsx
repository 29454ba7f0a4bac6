/** The pages of signing up: the form, what is wrong with what was typed, and “look into your mailbox”. */
import type { Context } from 'hono';
import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { StoredPublication } from '../../../db/publications.ts';
import { versionOf, wordingsOf } from '../../../model/consent.ts';
import { widgetPolicy } from '../../security.ts';
import { Icon, type PageOptions, sendPage } from '../page.tsx';
import { referralOf } from '../reactions/referral.ts';
import type { Site } from '../reader.ts';
import type { Language } from '../words.ts';
import { assetPath } from './assets.ts';
import { SignUpForm, signUpPath } from './form.tsx';
import type { Entry } from './judge.ts';
import { signUpWords } from './words.ts';

export interface Here {
  c: Context;
  site: Site;
  stored: StoredPublication;
  lang: Language;
}

function answer({ c, site, stored, lang }: Here, title: string, content: Child, more: Partial<PageOptions> = {}) {
  const { publication } = stored;
  return sendPage(c, { title, lang, base: site.base, publication, ...more }, <div class="sheet">{content}</div>);
}

function Back({ here }: { here: Here }) {
  const { site, stored, lang } = here;
  return (
    <p class="quiet">
      <a href={archivePath(site, stored, lang)}>{signUpWords[lang].back}</a>
    </p>
  );
}

export function archivePath(site: Site, { publication }: StoredPublication, lang: Language): string {
  return `${site.base}/p/${publication.slug}${lang === publication.language ? '' : `?lang=${lang}`}`;
}

/** @param why what is wrong; `again`: nothing is, but one more press is needed */
export function formPage(here: Here, entry?: Entry, why?: 'again' | 'address' | 'disposable') {
  const { stored, lang } = here;
  const { publication } = stored;
  const text = signUpWords[lang];
  const title = text.title(publication.name);
  if (!publication.signup.open) return closedPage(here);
  const content = (
    <>
      {why === 'again' && (
        <p class="notice" role="status">
          {text.again}
        </p>
      )}
      <h1>{title}</h1>
      {publication.description && <p lang={publication.language}>{publication.description}</p>}
      <SignUpForm
        {...here}
        referral={entry ? entry.referral : referralOf(here.c)}
        {...(entry ? { email: entry.email.slice(0, 254), advertising: entry.advertising, ticket: entry.ticket } : {})}
        {...(why && why !== 'again' ? { problem: text[why] } : {})}
      />
      <hr class="gap" />
      <Back here={here} />
    </>
  );
  return answer(here, title, content, why && why !== 'again' ? { status: 422 } : { indexed: !entry });
}

export function closedPage(here: Here) {
  const { closed } = signUpWords[here.lang];
  return answer(
    here,
    closed.title,
    <>
      <h1>{closed.title}</h1>
      <p>{closed.body}</p>
      <Back here={here} />
    </>,
    { status: 403 },
  );
}

/** Two buttons, each with its address: neither is taken without a press. */
export function hintPage(here: Here, entry: Entry, typed: string, meant: string) {
  const { hint } = signUpWords[here.lang];
  const content = (
    <>
      <h1>{hint.title}</h1>
      <p>{hint.body(typed.slice(typed.lastIndexOf('@') + 1))}</p>
      <form class="choices" method="post" action={signUpPath(here.site, here.stored, here.lang)}>
        <Kept here={here} entry={entry} />
        <input type="hidden" name="seen" value="yes" />
        <button type="submit" name="email" value={meant}>
          {hint.take(meant)}
        </button>
        <button type="submit" name="email" value={typed} class="second">
          {hint.keep(typed)}
        </button>
      </form>
      <Back here={here} />
    </>
  );
  return answer(here, hint.title, content);
}

/** What was entered goes along to the next press, but for the address. */
function Kept({ here, entry }: { here: Here; entry: Entry }) {
  const { stored, lang } = here;
  return (
    <>
      {entry.advertising && <input type="hidden" name="advertising" value="yes" />}
      <input type="hidden" name="ticket" value={entry.ticket} />
      {entry.referral && <input type="hidden" name="ref" value={entry.referral} />}
      <input type="hidden" name="wording" value={versionOf(wordingsOf(stored.publication, lang))} />
    </>
  );
}

/** The one page with a script: it computes, and the button works once it has. @param challenge of `Proofs` */
export async function proofPage(here: Here, entry: Entry, challenge: unknown) {
  const { site, stored, lang } = here;
  const { publication } = stored;
  const { proof } = signUpWords[lang];
  const address = publication.replyTo ?? publication.from.address;
  const [script, css] = await Promise.all([assetPath(site.base, 'proof.js'), assetPath(site.base, 'altcha.css')]);
  const content = (
    <>
      <link rel="stylesheet" href={css} />
      <h1>{proof.title}</h1>
      <p>{proof.body}</p>
      <form method="post" action={signUpPath(site, stored, lang)}>
        <Kept here={here} entry={entry} />
        <input type="hidden" name="email" value={entry.email} />
        <input type="hidden" name="seen" value="yes" />
        <div class="proof" id="proof" data-challenge={JSON.stringify(challenge)} data-language={lang} />
        <button type="submit">{proof.button}</button>
      </form>
      {raw('<noscript>')}
      <p class="notice">{proof.without}</p>
      <p>
        <a href={`mailto:${address}?subject=${encodeURIComponent(proof.subject(publication.name))}`}>{proof.mail}</a>
      </p>
      {raw('</noscript>')}
      <Back here={here} />
      <script type="module" src={script} />
    </>
  );
  return answer(here, proof.title, content, { policy: widgetPolicy });
}

export function fullPage(here: Here) {
  const { full } = signUpWords[here.lang];
  here.c.header('retry-after', '86400');
  return answer(
    here,
    full.title,
    <>
      <h1>{full.title}</h1>
      <p>{full.body}</p>
      <Back here={here} />
    </>,
    { status: 429 },
  );
}

/** The same to the byte for every address. */
export function sentPage(here: Here) {
  const { sent } = signUpWords[here.lang];
  const content = (
    <>
      <h1 class="done">
        <Icon name="check" />
        {sent.title}
      </h1>
      <p>{sent.body}</p>
      <p class="quiet">{sent.spam}</p>
      <Back here={here} />
    </>
  );
  return answer(here, sent.title, content, { query: { done: 'sent' } });
}
