/** The step after when: several subjects tried on a part of the readers, and what that means in numbers. */

import type { AudienceCount } from '../../../db/audiences.ts';
import type { Problem } from '../../../model/issue.ts';
import { type TrialWish, trialMeasures } from '../../../model/trial.ts';
import { problemWords } from '../check/problem-words.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { sendPart } from '../layout.tsx';
import { type Asked, askedFor } from './asked.ts';
import { openPicker, type Picker } from './audience.tsx';
import { countOn } from './count.ts';
import { openDesk, type SendDesk } from './desk.ts';
import { mostOthers, partOf } from './trial-form.ts';
import { audienceOf, wishOf } from './wish.ts';

/** Fewer readers of a subject say little. */
const fewReaders = 100;

/** GET …/send/trial: what a trial means, as it is typed. */
export async function trialPart(c: ConsoleContext, site: Console) {
  const desk = await openDesk(c, site);
  if (desk instanceof Response) return desk;
  const wish = wishOf(new URL(c.req.url).searchParams);
  if (!wish.trial.isOn) return c.body(null, 204);
  const [picker, asked] = await Promise.all([openPicker(site, desk, wish), askedFor(site, desk, wish)]);
  return sendPart(c, await Means({ site, picker, asked }));
}

export function TrialStep({ site, picker, asked }: { site: Console; picker: Picker; asked: Asked }) {
  const { desk, wish } = picker;
  const { words, here } = desk;
  const { isOn } = wish.trial;
  return (
    <section class="sheet send-step" aria-labelledby="send-trial-title">
      <h2 id="send-trial-title">{words.trialTitle}</h2>
      <label class="choice">
        <input type="checkbox" name="trial" value="1" checked={isOn} />
        <span>
          {words.trialOn} <span class="quiet small">{words.trialHint}</span>
        </span>
      </label>
      <div class="send-under" data-for="trial">
        <Subjects picker={picker} own={asked.plain.issue.subject} />
        <Measured picker={picker} />
        <div
          class="send-means"
          aria-live="polite"
          hx-get={`${here}/trial`}
          hx-trigger="input delay:250ms from:#send-form"
          hx-include="#send-form"
          hx-sync="this:replace"
        >
          {isOn && <Means site={site} picker={picker} asked={asked} />}
        </div>
      </div>
    </section>
  );
}

function Subjects({ picker: { desk, wish }, own }: { picker: Picker; own: string }) {
  const { words } = desk;
  return (
    <ol class="send-subjects">
      <li>
        <bdi class="send-subject">{own}</bdi> <span class="quiet small">{words.ownSubject}</span>
      </li>
      {Array.from({ length: mostOthers }, (_, i) => (
        <li>
          <input
            name="subject"
            value={wish.trial.subjects[i] ?? ''}
            maxlength={200}
            aria-label={words.subjectN(i + 2)}
            placeholder={i === 0 ? words.anotherSubject : words.mayStayEmpty}
            autocomplete="off"
          />
        </li>
      ))}
    </ol>
  );
}

/** Plain text fields: a wrong number in one that is folded away must not keep the form from being sent. */
function Measured({ picker: { desk, wish } }: { picker: Picker }) {
  const { words } = desk;
  const { share, hours, measure } = wish.trial;
  return (
    <div class="send-row">
      <label>
        {words.share} <input name="share" value={share} inputmode="numeric" autocomplete="off" />
      </label>
      <label>
        {words.trialHours} <input name="hours" value={hours} inputmode="numeric" autocomplete="off" />
      </label>
      <label>
        {words.measure}{' '}
        <select name="measure">
          {trialMeasures.map(one => (
            <option value={one} selected={one === measure}>
              {words.measures[one]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** Why it cannot be, or what it comes to. */
async function Means({ site, picker, asked }: { site: Console; picker: Picker; asked: Asked }) {
  const { desk, wish } = picker;
  const { words, manuscript, publication } = desk;
  const { trial, plain, prepared } = asked;
  if (trial.problem) return <p class="message-line">{words.trialProblems[trial.problem]}</p>;
  if (!trial.trial) return null;
  const { sql } = site.wiring;
  const audience = await audienceOf(sql, manuscript.publicationId, publication.timeZone, wish);
  if (audience.problem) return null;
  const count = await countOn(sql, manuscript.publicationId, audience.rule);
  return (
    <>
      {newProblems(plain.problems, prepared.problems).map(problem => {
        const { message, help } = problemWords(problem, desk.language);
        return (
          <p class="message-line">
            <strong>{words[problem.severity]}</strong>: {message} <span class="quiet">{help}</span>
          </p>
        );
      })}
      <TrialSentences desk={desk} trial={trial.trial} count={count} />
    </>
  );
}

/** Those that the subjects brought. */
function newProblems(before: readonly Problem[], now: readonly Problem[]): Problem[] {
  const key = ({ code, message }: Problem) => `${code} ${message}`;
  const known = new Set(before.map(key));
  return now.filter(problem => !known.has(key(problem)));
}

/** For the last look: the subjects and what happens. */
export function TrialInWords({ desk, trial, count }: { desk: SendDesk; trial: TrialWish; count: AudienceCount }) {
  return (
    <>
      <ol class="send-subjects">
        {trial.subjects.map(subject => (
          <li>
            <bdi>{subject}</bdi>
          </li>
        ))}
      </ol>
      <TrialSentences desk={desk} trial={trial} count={count} />
    </>
  );
}

function TrialSentences({ desk, trial, count }: { desk: SendDesk; trial: TrialWish; count: AudienceCount }) {
  const { words, language, publication } = desk;
  const { subjects, hours, measure, share } = trial;
  const number = (n: number) => n.toLocaleString(language);
  const readers = count.after === null ? count.matching : undefined;
  const part = readers === undefined ? undefined : partOf(readers, trial);
  const who =
    readers === undefined || part === undefined
      ? words.partOfReaders(share)
      : words.nOfReaders(number(part), number(readers));
  const each = part === undefined ? undefined : Math.floor(part / subjects.length);
  return (
    <>
      <p>{words.trialMeans(who, subjects.length, hours, measure)}</p>
      {part !== undefined && part === readers && readers > 0 && <p class="message-line">{words.noRest}</p>}
      {each !== undefined && each < fewReaders && part !== readers && (
        <p class="small quiet">{words.fewReaders(number(each))}</p>
      )}
      {measure === 'clicks' && !publication.tracking.clicks && <p class="message-line">{words.noClicks}</p>}
      <p class="small quiet">{words.tooLittle}</p>
    </>
  );
}
