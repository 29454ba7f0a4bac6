/** A curve of messages a minute, drawn without a script; the table beside it says the same in numbers. */
import type { Minute } from '../../../deliver/tally.ts';

const width = 240;
const height = 36;

interface CurveProps {
  minutes: readonly Minute[];
  /** All lanes together when left out. */
  lane?: string;
  /** What it shows, for those who cannot see it. */
  label: string;
  /** Messages a minute at the top; so several curves can be compared. */
  most: number;
}

/** Messages of a lane, or of all, in each minute that is over. */
export function perMinute(minutes: readonly Minute[], lane?: string): number[] {
  return minutes.map(({ lanes }) => {
    let sum = 0;
    for (const [name, counts] of lanes)
      if (lane === undefined || name === lane) sum += counts.accepted + counts.deferred + counts.refused;
    return sum;
  });
}

export function Curve({ minutes, lane, label, most }: CurveProps) {
  const all = perMinute(minutes, lane);
  // Two minutes are one point: it is sent anew every few seconds.
  const counts = all.flatMap((n, i) => (i % 2 === 1 ? [Math.max(n, all[i - 1]!)] : []));
  const step = width / Math.max(1, counts.length - 1);
  const y = (n: number) => Math.round(height - 2 - (n / Math.max(1, most)) * (height - 6));
  const line = counts.map((n, i) => `${i === 0 ? 'M' : 'L'}${Math.round(i * step)} ${y(n)}`).join('');
  return (
    <svg
      class="operate-curve"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path class="under" d={`${line}L${width} ${height}L0 ${height}Z`} />
      <path class="line" d={line} vector-effect="non-scaling-stroke" />
    </svg>
  );
}
