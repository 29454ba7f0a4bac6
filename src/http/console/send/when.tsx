/** The second step: when it goes out. */
import { localSend, timeOfDay } from '../../../enqueue/local-time.ts';
import type { Publication } from '../../../model/publication.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { sendPart } from '../layout.tsx';
import { timeIn } from '../time.ts';
import { openDesk, type SendDesk } from './desk.ts';
import { localOf, momentOf, type Wish, type Moment as WishMoment, wishOf } from './wish.ts';

/** GET …/send/when: what a time means, as it is typed. */
export async function whenPart(c: ConsoleContext, site: Console) {
  const desk = await openDesk(c, site);
  if (desk instanceof Response) return desk;
  return sendPart(c, <Meant desk={desk} wish={wishOf(new URL(c.req.url).searchParams)} />);
}

export function WhenStep({ desk, wish }: { desk: SendDesk; wish: Wish }) {
  const { words, publication } = desk;
  return (
    <section class="sheet send-step" aria-labelledby="send-when">
      <h2 id="send-when">{words.whenTitle}</h2>
      <fieldset>
        <legend class="hidden">{words.whenTitle}</legend>
        <label class="choice">
          <input type="radio" name="when" value="now" checked={wish.when === 'now'} />
          <span>
            {words.now} <span class="quiet small">{words.nowHint}</span>
          </span>
        </label>
        <label class="choice">
          <input type="radio" name="when" value="at" checked={wish.when === 'at'} />
          <span>{words.later}</span>
        </label>
        <div class="send-under" data-for="at">
          <input
            type="datetime-local"
            name="at"
            value={/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(wish.at) ? wish.at : tomorrowAtEight(publication)}
            aria-label={words.later}
            aria-describedby="send-zone"
          />
          <p id="send-zone" class="small quiet">
            {words.zone(publication.timeZone)}
          </p>
        </div>
        <label class="choice">
          <input type="radio" name="when" value="local" checked={wish.when === 'local'} />
          <span>
            {words.local} <span class="quiet small">{words.localHint}</span>
          </span>
        </label>
        <LocalFields desk={desk} wish={wish} />
      </fieldset>
      <div class="send-meant">
        <WhenNote desk={desk} wish={wish} />
        <p class="small quiet">{words.latest(duration(publication.delivery.latestMinutes * 60, words))}</p>
      </div>
    </section>
  );
}

const usualTime = '08:00';

function LocalFields({ desk: { words, publication }, wish }: { desk: SendDesk; wish: Wish }) {
  const { timeZone } = publication;
  const time = /^([01]\d|2[0-3]):[0-5]\d$/.test(wish.localTime) ? wish.localTime : usualTime;
  const isDay = /^\d{4}-\d\d-\d\d$/.test(wish.localDay);
  return (
    <div class="send-under" data-for="local">
      <div class="send-row">
        <label>
          {words.localTime} <input type="time" name="localTime" value={time} />
        </label>
        <label>
          {words.localDay}{' '}
          <input
            type="date"
            name="localDay"
            value={isDay ? wish.localDay : localSend(time, undefined, timeZone).local.day}
            aria-describedby="send-zones"
          />
        </label>
      </div>
      <p id="send-zones" class="small quiet">
        {words.zones(timeZone)}
      </p>
    </div>
  );
}

/** What most newsletters want. */
function tomorrowAtEight({ timeZone }: Publication): string {
  const tomorrow = new Date(Date.now() + 86_400_000);
  return `${tomorrow.toLocaleDateString('sv-SE', { timeZone })}T${usualTime}`;
}

function WhenNote({ desk, wish }: { desk: SendDesk; wish: Wish }) {
  return (
    <div
      class="send-when-note"
      aria-live="polite"
      hx-get={`${desk.here}/when`}
      hx-trigger="input delay:250ms from:#send-form"
      hx-include="#send-form"
      hx-sync="this:replace"
    >
      <Meant desk={desk} wish={wish} />
    </div>
  );
}

function Meant({ desk, wish }: { desk: SendDesk; wish: Wish }) {
  const { words, publication } = desk;
  const moment = momentOf(wish, publication.timeZone);
  if (moment.problem)
    return (
      <p>
        <strong>{words.problems[wish.when === 'local' && moment.problem === 'past' ? 'over' : moment.problem]}</strong>
      </p>
    );
  if (!moment.at) return null;
  if (localOf(moment)) return <Time desk={desk} moment={moment} />;
  return (
    <p>
      {words.startsAt}: <Time desk={desk} moment={moment} />
    </p>
  );
}

/** When it goes out, in words. */
export function Time({ desk, moment }: { desk: SendDesk; moment: WishMoment }) {
  const { words, language } = desk;
  const local = localOf(moment);
  if (!local) return moment.at ? <Moment at={moment.at} desk={desk} /> : <span>{words.sendNow}</span>;
  const { day, minutes } = local.local;
  return (
    <>
      <p>
        <strong>{words.byOwnClock(timeOfDay(minutes), dayInWords(day, language))}</strong>
      </p>
      <p>
        {local.startAt ? (
          <>
            {words.firstOnEarth}: <Moment at={local.startAt} desk={desk} />
          </>
        ) : (
          words.alreadyThere
        )}
      </p>
      <p>
        {words.withoutZone}: <Moment at={local.at} desk={desk} />
      </p>
    </>
  );
}

/** `2026-12-01` as a day that is no moment. */
export function dayInWords(day: string, language: string): string {
  const style = { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' } as const;
  return timeIn(new Date(`${day}T12:00:00Z`), language, 'UTC', style);
}

/** In the publication's zone; a script writes the reader's own beside it where that is another. */
function Moment({ at, desk }: { at: Date; desk: SendDesk }) {
  const { words, language, publication } = desk;
  return (
    <>
      <time datetime={at.toISOString()}>
        {timeIn(at, language, publication.timeZone, {
          weekday: 'short',
          year: 'numeric',
          month: 'short',
          day: 'numeric',
          hour: '2-digit',
          minute: '2-digit',
          timeZoneName: 'short',
        })}
      </time>
      <span class="quiet" data-own={words.own} data-zone={publication.timeZone} data-at={at.toISOString()} />
    </>
  );
}

/** `45 s`, `12 min`, `3.5 h`. */
export function duration(
  seconds: number,
  words: { seconds: (n: number) => string; minutes: (n: number) => string; hours: (n: string) => string },
): string {
  if (seconds < 90) return words.seconds(Math.max(1, Math.round(seconds)));
  return seconds < 5400
    ? words.minutes(Math.round(seconds / 60))
    : words.hours(String(Number((seconds / 3600).toFixed(1))));
}
