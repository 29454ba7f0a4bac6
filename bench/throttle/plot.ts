/** A run as an SVG that reads by day and by night: accepted messages a second by lane, the storm shaded. */
import { before, type Lane, laneNames, type Run, rate } from './figures.ts';

const size = { width: 860, height: 400 };
const box = { left: 64, right: 140, top: 64, bottom: 56 };
const inner = { width: size.width - box.left - box.right, height: size.height - box.top - box.bottom };

const style = `
  svg { background: #fffefb; color: #1f2328; font: 13px system-ui, sans-serif; }
  .ground { fill: #fffefb; } .ink { fill: #1f2328; } .quiet { fill: #57606a; } .grid { stroke: #e2ddd2; }
  .storm { fill: #b4531f; fill-opacity: .12; } .storm-name { fill: #8a3c12; }
  .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
  .line.google { stroke: #a8330f; } .line.naver { stroke: #1d7a3e; stroke-dasharray: 7 3; } .line.kakao { stroke: #35539c; stroke-dasharray: 2 3; }
  .name { font-weight: 600; } .name.google { fill: #a8330f; } .name.naver { fill: #1d7a3e; } .name.kakao { fill: #35539c; }
  @media (prefers-color-scheme: dark) {
    svg { background: #1e2126; } .ground { fill: #1e2126; } .ink { fill: #e4e1da; } .quiet { fill: #a6aeb8; } .grid { stroke: #383d45; }
    .storm { fill: #f0a070; fill-opacity: .16; } .storm-name { fill: #f0b08a; }
    .line.google { stroke: #f08a62; } .line.naver { stroke: #67c587; } .line.kakao { stroke: #8fabf0; }
    .name.google { fill: #f08a62; } .name.naver { fill: #67c587; } .name.kakao { fill: #8fabf0; }
  }`;

export function plot(measured: Run): string {
  // From a bin's edge, so that each second is two whole bins.
  const run = { ...measured, from: Math.ceil(measured.from) };
  const seconds = Math.floor(run.to) - run.from;
  const points = Object.fromEntries(
    laneNames.map(lane => [
      lane,
      Array.from({ length: seconds }, (_, i) => rate(run.seen.accepted[lane], run.from + i, run.from + i + 1)),
    ]),
  ) as Record<Lane, number[]>;
  const most = Math.ceil(Math.max(...laneNames.flatMap(lane => points[lane])) / 20) * 20;
  const x = (second: number) => round(box.left + (second / seconds) * inner.width);
  const y = (perSecond: number) => round(box.top + inner.height * (1 - perSecond / most));
  const [stormFrom, stormTo] = [run.storm.from - run.from, run.storm.to - run.from];
  const parts = [
    `<rect class="ground" width="${size.width}" height="${size.height}"/>`,
    `<text class="ink" x="${box.left}" y="26" font-size="16" font-weight="600">One mailbox provider asks to slow down; the others go on</text>`,
    `<rect class="storm" x="${x(stormFrom)}" y="${box.top}" width="${round(x(stormTo) - x(stormFrom))}" height="${inner.height}"/>`,
    `<text class="storm-name" x="${round((x(stormFrom) + x(stormTo)) / 2)}" y="${box.top - 8}" text-anchor="middle">lane google: 421 4.7.28</text>`,
    ...grid(seconds, stormFrom, most, x, y),
    ...laneNames.map(lane => line(lane, points[lane], x, y)),
    ...names(run, points, y),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-labelledby="title desc">
<title id="title">Accepted messages per second by lane</title>
<desc id="desc">Lane google stops within a second of the storm, and is back at its rate some time after it; lanes naver and kakao keep theirs.</desc>
<style>${style}
</style>
${parts.join('\n')}
</svg>
`;
}

type Scale = (value: number) => number;

/** Grid, numbers and names of both axes; time counts from the storm's begin. */
function grid(seconds: number, zero: number, most: number, x: Scale, y: Scale): string[] {
  const lines: string[] = [];
  for (let value = 0; value <= most; value += 20) {
    lines.push(
      `<line class="grid" x1="${box.left}" x2="${size.width - box.right}" y1="${y(value)}" y2="${y(value)}"/>`,
    );
    lines.push(`<text class="quiet" x="${box.left - 8}" y="${y(value) + 4}" text-anchor="end">${value}</text>`);
  }
  const floor = size.height - box.bottom;
  for (let at = Math.ceil(-zero / 15) * 15; at <= seconds - zero; at += 15) {
    lines.push(`<line class="grid" x1="${x(at + zero)}" x2="${x(at + zero)}" y1="${floor}" y2="${floor + 5}"/>`);
    lines.push(`<text class="quiet" x="${x(at + zero)}" y="${floor + 20}" text-anchor="middle">${at}</text>`);
  }
  const middle = round(box.top + inner.height / 2);
  lines.push(
    `<text class="quiet" x="${round(box.left + inner.width / 2)}" y="${size.height - 12}" text-anchor="middle">seconds since the storm began</text>`,
    `<text class="quiet" transform="translate(18 ${middle}) rotate(-90)" text-anchor="middle">accepted messages per second</text>`,
  );
  return lines;
}

/** A second's mean stands at its middle. */
function line(lane: Lane, values: number[], x: Scale, y: Scale): string {
  const points = values.map((value, second) => `${x(second + 0.5)},${y(value)}`).join(' ');
  return `<polyline class="line ${lane}" points="${points}"/>`;
}

/** Each lane's name and rate before, beside the end of its line. */
function names(run: Run, points: Record<Lane, number[]>, y: Scale): string[] {
  return laneNames.map(lane => {
    const end = points[lane].slice(-5);
    const at = y(end.reduce((sum, value) => sum + value, 0) / end.length);
    const words = `<tspan>${lane}</tspan> <tspan class="quiet" font-weight="400">${before(run, lane).toFixed(0)}/s before</tspan>`;
    return `<text class="name ${lane}" x="${size.width - box.right + 10}" y="${at + 4}">${words}</text>`;
  });
}

const round = (value: number) => Math.round(value * 10) / 10;
