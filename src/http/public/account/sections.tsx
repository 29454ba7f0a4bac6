/** The sections of a reader's settings: one question each, each a form of its own that works without scripts. */
import type { PropsWithChildren } from 'hono/jsx';
import { wordingsOf } from '../../../model/consent.ts';
import { dayIn } from '../../../model/day.ts';
import { frequencies } from '../../../model/states.ts';
import { longDate } from '../../../render/dates.ts';
import { Icon } from '../page.tsx';
import { languages, words } from '../words.ts';
import type { OwnLink } from './own.ts';
import { lastPauseDay, nextDay } from './pauses.ts';
import { accountWords } from './words.ts';

/** Characters. */
export const maxName = 100;

interface PartOptions {
  id: string;
  title: string;
  /** What holds now. With it the section is folded away until it is opened, or has something to say. */
  now?: string | undefined;
  /** What a press on this section came to. */
  notice?: string | undefined;
  problem?: string | undefined;
}

/** A section; after a press the page comes back to it, by its id, and it says what happened. */
export function Part({ id, title, now, notice, problem, children }: PropsWithChildren<PartOptions>) {
  const heading = <h2 id={`${id}-title`}>{title}</h2>;
  const content = (
    <>
      {problem && (
        <p class="notice" role="alert">
          {problem}
        </p>
      )}
      {notice && (
        <p class="notice" role="status">
          <Icon name="check" />
          {notice}
        </p>
      )}
      {children}
    </>
  );
  if (now === undefined)
    return (
      <section class="part" id={id} aria-labelledby={`${id}-title`}>
        {heading}
        {content}
      </section>
    );
  return (
    <details class="fold" id={id} open={notice !== undefined || problem !== undefined}>
      <summary>
        {heading}
        <span class="quiet">{now}</span>
      </summary>
      <div>{content}</div>
    </details>
  );
}

interface Here {
  link: OwnLink;
  /** `?done=`: what was pressed before this page. */
  done: string | undefined;
  problem: string | undefined;
}

export function NamePart({ link, done }: Here) {
  const text = words[link.lang].preferences;
  return (
    <Part
      id="name"
      title={text.name}
      now={link.subscriber.name || accountWords[link.lang].now.noName}
      notice={done === 'name' ? text.saved : undefined}
    >
      <p class="quiet" id="name-hint">
        {text.nameHint}
      </p>
      <form method="post">
        <input type="hidden" name="action" value="name" />
        <div class="row">
          <input
            type="text"
            name="name"
            value={link.subscriber.name}
            maxlength={maxName}
            autocomplete="name"
            aria-labelledby="name-title"
            aria-describedby="name-hint"
          />
          <button type="submit" class="second">
            {text.save}
          </button>
        </div>
      </form>
    </Part>
  );
}

/** A form that asks for one of several; the section's title names the group. */
function Choices({ action, save, children }: PropsWithChildren<{ action: string; save: string }>) {
  return (
    <form method="post">
      <input type="hidden" name="action" value={action} />
      <div class="options" role="radiogroup" aria-labelledby={`${action}-title`}>
        {children}
      </div>
      <button type="submit" class="second">
        {save}
      </button>
    </form>
  );
}

export function LanguagePart({ link, done }: Here) {
  const { lang: text, save } = accountWords[link.lang];
  const chosen = link.subscription?.lang ?? link.publication.language;
  return (
    <Part
      id="language"
      title={text.title}
      now={words[chosen].language}
      notice={done === 'language' ? text.saved : undefined}
    >
      <p class="quiet">{text.hint}</p>
      <Choices action="language" save={save}>
        {languages.map(lang => (
          <label class="choice" lang={lang}>
            <input type="radio" name="language" value={lang} checked={lang === chosen} />
            {words[lang].language}
          </label>
        ))}
      </Choices>
    </Part>
  );
}

export function FrequencyPart({ link, done }: Here) {
  const { frequency: text, save } = accountWords[link.lang];
  const now = text.options[link.subscription!.frequency][0];
  return (
    <Part id="frequency" title={text.title} now={now} notice={done === 'frequency' ? text.saved : undefined}>
      <Choices action="frequency" save={save}>
        {frequencies.map(one => (
          <label class="choice">
            <input type="radio" name="frequency" value={one} checked={one === link.subscription?.frequency} />
            <span>
              {text.options[one][0]}
              <span class="quiet">{text.options[one][1]}</span>
            </span>
          </label>
        ))}
      </Choices>
    </Part>
  );
}

/** While paused, the end of it and the button that ends it now; otherwise how long. */
export function PausePart({ link, done, problem }: Here) {
  const { pause: text, now } = accountWords[link.lang];
  const { timeZone } = link.publication;
  const { state, pausedUntil } = link.subscription!;
  const notice = done === 'pause' ? text.saved : done === 'resume' ? text.resumed : undefined;
  if (state === 'paused') {
    const end = pausedUntil && longDate(pausedUntil.toISOString(), { language: link.lang, timeZone }, false);
    return (
      <Part id="pause" title={text.title} now={end ? now.paused(end) : now.pausedOpenly} notice={notice}>
        <p>{end ? text.isPaused(end) : text.isPausedOpenly}</p>
        <form method="post">
          <input type="hidden" name="action" value="resume" />
          <button type="submit">{text.resume}</button>
        </form>
      </Part>
    );
  }
  const today = dayIn(timeZone, new Date());
  return (
    <Part
      id="pause"
      title={text.title}
      now={now.notPaused}
      notice={notice}
      problem={problem === 'pause' ? text.problem : undefined}
    >
      <p class="quiet">{text.hint}</p>
      <form method="post" class="pause">
        <input type="hidden" name="action" value="pause" />
        {([1, 3] as const).map(n => (
          <button type="submit" class="second" name="months" value={n}>
            {text.months(n)}
          </button>
        ))}
      </form>
      <form method="post">
        <input type="hidden" name="action" value="pause" />
        <label class="field" for="pause-date">
          {text.date}
        </label>
        <div class="row">
          <input type="date" id="pause-date" name="date" required min={nextDay(today)} max={lastPauseDay(today)} />
          <button type="submit" class="second">
            {text.button}
          </button>
        </div>
      </form>
    </Part>
  );
}

/** Only where the publication's law asks for a consent of its own. What is agreed to is the text shown, by its version. */
export function AdvertisingPart({ link, done }: Here) {
  const { advertising: text, now } = accountWords[link.lang];
  const wording = wordingsOf(link.publication, link.lang).advertising;
  if (!wording) return null;
  const isGiven = link.subscription?.advertising ?? false;
  const notice = done === 'advertising' ? (isGiven ? text.given : text.withdrawn) : undefined;
  return (
    <Part id="advertising" title={text.title} now={isGiven ? now.agreed : now.notAgreed} notice={notice}>
      <p class="quiet">{isGiven ? text.on : text.off}</p>
      {!isGiven && <blockquote class="quote">{wording.text}</blockquote>}
      <form method="post">
        <input type="hidden" name="action" value="advertising" />
        <input type="hidden" name="given" value={isGiven ? 'no' : 'yes'} />
        <input type="hidden" name="version" value={wording.version} />
        <button type="submit" class="second">
          {isGiven ? text.withdraw : text.agree}
        </button>
      </form>
    </Part>
  );
}

export function OpensPart({ link, done }: Here) {
  const { opens: text, now } = accountWords[link.lang];
  const isOff = link.subscription?.opensOff ?? false;
  return (
    <Part
      id="opens"
      title={text.title}
      now={isOff ? now.opensOff : now.opensOn}
      notice={done === 'opens' ? text.saved : undefined}
    >
      <p class="quiet">
        {text.hint(link.publication.tracking.opens)} {isOff ? text.off : text.on}
      </p>
      <form method="post">
        <input type="hidden" name="action" value="opens" />
        <input type="hidden" name="off" value={isOff ? 'no' : 'yes'} />
        <button type="submit" class="second">
          {isOff ? text.switchOn : text.switchOff}
        </button>
      </form>
    </Part>
  );
}

export function AddressPart({ link, done, problem }: Here) {
  const text = accountWords[link.lang].address;
  return (
    <Part
      id="address"
      title={text.title}
      now=""
      notice={done === 'address' ? text.asked : undefined}
      problem={problem === 'address' ? text.problem : undefined}
    >
      <p class="quiet" id="address-hint">
        {text.hint}
      </p>
      <form method="post">
        <input type="hidden" name="action" value="address" />
        <label class="field" for="new-address">
          {text.label}
        </label>
        <div class="row">
          <input
            type="email"
            id="new-address"
            name="address"
            required
            maxlength={254}
            autocomplete="email"
            aria-describedby="address-hint"
          />
          <button type="submit" class="second">
            {text.button}
          </button>
        </div>
      </form>
    </Part>
  );
}

export function DataPart({ link, done }: Here) {
  const text = accountWords[link.lang].data;
  return (
    <Part id="data" title={text.title} now="" notice={done === 'data' ? text.asked : undefined}>
      <p class="quiet">{link.suppressed ? text.suppressed : text.hint}</p>
      {!link.suppressed && (
        <form method="post">
          <input type="hidden" name="action" value="data" />
          <button type="submit" class="second">
            {text.button}
          </button>
        </form>
      )}
    </Part>
  );
}
