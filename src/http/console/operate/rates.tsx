/** Lanes: their curves, what they do now, and what a provider asked for. */

import type { LaneState } from '../../../deliver/rates.ts';
import type { Minute } from '../../../deliver/tally.ts';
import { Icon } from '../../icons.tsx';
import { numeric, Table } from '../table.tsx';
import { Curve, perMinute } from './curve.tsx';
import { curveMinutes, type Operations } from './gather.ts';
import { Part, type View } from './view.tsx';

/** Lanes with a line of their own; the quieter ones are in the sum. */
const shownLanes = 12;

interface Line {
  /** Undefined: all together. */
  lane: string | undefined;
  perSecond: number;
  connections: number;
  hour: { accepted: number; deferred: number; refused: number };
  slowed: LaneState | undefined;
}

export function Rates({ view, now }: { view: View; now: Operations }) {
  const { words } = view;
  return (
    <Part view={view} name={words.rates} hint={words.ratesHint(curveMinutes)} of={now.minutes}>
      {minutes => {
        const lines = linesOf(minutes, now);
        if (lines.length === 0) return <p class="quiet">{words.noRates}</p>;
        return <LaneTable view={view} minutes={minutes} lines={lines} />;
      }}
    </Part>
  );
}

function linesOf(minutes: readonly Minute[], now: Operations): Line[] {
  const slowed = 'value' in now.slowed ? now.slowed.value : [];
  const doing =
    'value' in now.workers ? now.workers.value.filter(w => w.isAlive).flatMap(w => w.doing?.lanes ?? []) : [];
  const names = new Set([
    ...minutes.flatMap(({ lanes }) => [...lanes.keys()]),
    ...slowed.map(one => one.lane),
    ...doing.map(one => one.lane),
  ]);
  if (names.size === 0) return [];
  const lines = [...names].map(lane => lineOf(lane, minutes, doing, slowed));
  const busy = (line: Line) => (line.slowed ? 1e12 : 0) + line.hour.accepted + line.hour.deferred + line.hour.refused;
  lines.sort((a, b) => busy(b) - busy(a) || (a.lane! < b.lane! ? -1 : 1));
  return [lineOf(undefined, minutes, doing, []), ...lines.slice(0, shownLanes)];
}

function lineOf(
  lane: string | undefined,
  minutes: readonly Minute[],
  doing: readonly { lane: string; perSecond: number; connections: number }[],
  slowed: readonly LaneState[],
): Line {
  const hour = { accepted: 0, deferred: 0, refused: 0 };
  for (const { lanes } of minutes.slice(-60))
    for (const [name, counts] of lanes)
      if (lane === undefined || name === lane)
        for (const kind of ['accepted', 'deferred', 'refused'] as const) hour[kind] += counts[kind];
  const mine = doing.filter(one => lane === undefined || one.lane === lane);
  return {
    lane,
    perSecond: mine.reduce((sum, one) => sum + one.perSecond, 0),
    connections: mine.reduce((sum, one) => sum + one.connections, 0),
    hour,
    slowed: slowed.find(one => one.lane === lane),
  };
}

function LaneTable({ view, minutes, lines }: { view: View; minutes: readonly Minute[]; lines: readonly Line[] }) {
  const { words, number } = view;
  const most = Math.max(1, ...perMinute(minutes));
  return (
    <Table
      name={words.rates}
      columns={[
        words.lane,
        words.curve,
        numeric(words.now),
        numeric(words.connections),
        numeric(words.lastHour),
        numeric(words.deferred),
        numeric(words.refused),
        words.state,
      ]}
      kind="operate-lanes"
    >
      {lines.map(line => {
        const name = line.lane ?? words.all;
        const highest = number(Math.max(...perMinute(minutes, line.lane)));
        return (
          <tr>
            <th scope="row">{name}</th>
            <td>
              <Curve
                minutes={minutes}
                {...(line.lane === undefined ? {} : { lane: line.lane })}
                label={words.curveOf(name, highest)}
                most={most}
              />
            </td>
            <td class="number">{number(line.perSecond, 1)}</td>
            <td class="number">{number(line.connections)}</td>
            <td class="number">{number(line.hour.accepted)}</td>
            <td class="number">{number(line.hour.deferred)}</td>
            <td class="number">{number(line.hour.refused)}</td>
            <td>{line.lane === undefined ? '' : <LaneMark view={view} slowed={line.slowed} />}</td>
          </tr>
        );
      })}
    </Table>
  );
}

function LaneMark({ view, slowed }: { view: View; slowed: LaneState | undefined }) {
  const { words, number, time } = view;
  if (!slowed)
    return (
      <span class="state sent">
        <Icon name="done" />
        {words.steady}
      </span>
    );
  const { holdSeconds, perSecond, since, reply } = slowed;
  return (
    <>
      <span class="state held">
        <Icon name={holdSeconds > 0 ? 'pause' : 'clock'} />
        {holdSeconds > 0 ? words.held(holdSeconds) : words.slowed(number(perSecond, 1), time(since))}
      </span>
      <small class="operate-reply">
        {words.reply}: {reply}
      </small>
    </>
  );
}
