/** Where an issue's audience is: one bar, its numbers, the rate as a small curve, and each lane. Drawn by the server, for the page and for each event. */

import { html } from 'hono/html';
import type { Accounting } from '../../../track/status.ts';
import { Icon } from '../../icons.tsx';
import type { ConsoleContext } from '../context.ts';
import { duration } from '../send/when.tsx';
import { numeric, Table } from '../table.tsx';
import { momentIn, timeIn } from '../time.ts';
import type { Words } from '../words.ts';
import type { Look, RatePoint } from './live.ts';
import { TrialState } from './trial.tsx';
import { issueWords } from './words.ts';

export async function progressHtml(c: ConsoleContext, look: Look): Promise<string> {
  return String(await html`${<Progress c={c} look={look} />}`);
}

export function Progress({ c, look }: { c: ConsoleContext; look: Look }) {
  const words = c.get('words');
  const w = issueWords[c.get('language')];
  const { accounting: a } = look;
  const number = (n: number) => n.toLocaleString(c.get('language'));
  return (
    <>
      <p class="issue-pace">
        {a.state === 'sending' && (
          <>
            <strong>{words.rate(number(a.rate))}</strong>
            {a.eta !== null && <span class="quiet"> · {words.left(duration(a.eta, words))}</span>}
          </>
        )}
        {a.warmUp && (
          <span class="quiet"> · {w.warmUp(number(a.warmUp.sent), number(a.warmUp.allowance), a.warmUp.days)}</span>
        )}
      </p>
      <Bar a={a} number={number} words={words} />
      <Waiting c={c} look={look} />
      <TrialState c={c} look={look} />
      {look.troubles.map(({ relay, trouble }) => (
        <p class="message-line">
          {w.trouble(relay)} <bdi>{trouble}</bdi>
        </p>
      ))}
      <Curve curve={look.curve} label={w.curve} number={number} most={w.most} now={a.rate} />
      <Lanes c={c} look={look} />
    </>
  );
}

/** Those who have not been tried, and why not. */
function Waiting({ c, look: { accounting, timeZone } }: { c: ConsoleContext; look: Look }) {
  const language = c.get('language');
  const w = issueWords[language];
  const { waiting, state, trial } = accounting;
  if (!waiting || state === 'cancelled') return null;
  const readers = waiting.readers.toLocaleString(language);
  return (
    <p class="issue-waiting">
      <Icon name="clock" />{' '}
      <span>
        {waiting.for === 'local-time'
          ? w.waitForMorning(readers)
          : (trial?.chosen ? w.chosenNext : w.waitForTrial)(readers)}
        {waiting.for === 'local-time' &&
          waiting.nextAt &&
          ` ${w.nextDue(momentIn(waiting.nextAt, language, timeZone))}`}
      </span>
    </p>
  );
}

function Bar({ a, number, words }: { a: Accounting; number: (n: number) => string; words: Words }) {
  const excluded = Object.values(a.excluded).reduce((sum, n) => sum + n, 0);
  const counts = [
    ['accepted', a.accepted],
    ['refused', a.rejected + a.expired],
    ['unknown', a.unknown],
    ['excluded', excluded],
    ['open', a.queued + a.sending + a.deferred],
  ] as const;
  let from = 0;
  return (
    <>
      <svg class="progress" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        {counts.map(([name, n]) => {
          const width = a.audience === 0 ? 0 : (100 * n) / a.audience;
          const bar = <rect class={name} x={String(from)} y="0" width={String(width)} height="4" />;
          from += width;
          return bar;
        })}
      </svg>
      <dl class="counts">
        <div>
          <dt>{words.audience}</dt>
          <dd>{number(a.audience)}</dd>
        </div>
        {counts.map(([name, n]) => (
          <div class={name}>
            <dt>{words[name]}</dt>
            <dd>{number(n)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

const fewestPoints = 3;

/** The rate since somebody has been watching. */
function Curve({
  curve,
  label,
  most,
  number,
  now,
}: {
  curve: readonly RatePoint[];
  label: string;
  most: (n: string) => string;
  number: (n: number) => string;
  now: number;
}) {
  if (curve.length < fewestPoints || curve.every(point => point.rate === 0)) return null;
  const top = Math.max(1, ...curve.map(point => point.rate));
  const [first, last] = [curve[0]!.at, curve.at(-1)!.at];
  const x = (at: number) => ((at - first) / Math.max(1, last - first)) * 300;
  const points = curve.map(({ at, rate }) => `${x(at).toFixed(1)},${(46 - (rate / top) * 42).toFixed(1)}`).join(' ');
  return (
    <figure class="issue-curve">
      <svg
        viewBox="0 0 300 48"
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label}: ${number(now)}; ${most(number(top))}`}
      >
        <path d="M0 46.5H300" class="base" />
        <polyline points={points} />
      </svg>
      <figcaption class="quiet small">
        {label} · {most(number(top))}
      </figcaption>
    </figure>
  );
}

function Lanes({ c, look }: { c: ConsoleContext; look: Look }) {
  const words = c.get('words');
  const language = c.get('language');
  const w = issueWords[language];
  if (look.lanes.length === 0) return null;
  const number = (n: number) => n.toLocaleString(language);
  const isGoing = look.accounting.state === 'sending';
  return (
    <Table
      name={w.lanes}
      columns={[
        w.lane,
        words.state,
        numeric(words.audience),
        numeric(words.open),
        numeric(look.accounting.waiting ? w.notDue : w.deferred),
        numeric(w.failed),
      ]}
      kind="issue-lanes"
      box=""
    >
      {look.lanes.map(lane => {
        const slow =
          isGoing && lane.left + lane.deferred > 0 ? look.slowed.find(one => one.lane === lane.lane) : undefined;
        const open = lane.left + lane.deferred;
        return (
          <tr>
            <th scope="row">
              <bdi>{lane.lane}</bdi>
            </th>
            <td>
              <span class={`state ${slow ? 'held' : open === 0 ? 'sent' : ''}`}>
                <Icon name={slow ? 'alert' : open === 0 ? 'done' : lane.left > 0 ? 'send' : 'clock'} />
                {slow
                  ? slow.holdSeconds > 0
                    ? w.laneHeld(duration(slow.holdSeconds, words))
                    : w.laneSlowed(number(Math.round(slow.perSecond * 10) / 10))
                  : open === 0
                    ? w.laneDone
                    : lane.left > 0
                      ? w.laneGoing
                      : look.accounting.waiting
                        ? w.laneAsleep
                        : w.laneWaiting}
              </span>
              {slow && (
                <small class="quiet">
                  {w.laneSays}: <bdi>{slow.reply}</bdi> ({timeIn(slow.since, language, 'UTC', { timeStyle: 'short' })}{' '}
                  UTC)
                </small>
              )}
            </td>
            <td class="number">{number(lane.audience)}</td>
            <td class="number">{number(lane.left)}</td>
            <td class="number">{number(lane.deferred)}</td>
            <td class="number">{number(lane.failed)}</td>
          </tr>
        );
      })}
    </Table>
  );
}
