/** Curves of the figures page; the tables beside them say the same. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { pageData } from './lib/server.ts';

interface Data {
  words: Record<'day' | 'readers' | 'joined' | 'left' | 'clicked' | 'liked' | 'unsubscribed', string>;
  lang: string;
  weeks: { from: string; joined: number; left: number; readers: number }[];
  issues: { at: string; title: string; clicked: number; liked: number; unsubscribed: number }[];
}

const data = pageData<Data>('figures');
const plots: { plot: uPlot; host: HTMLElement }[] = [];
const colour = (name: string) => getComputedStyle(document.body).getPropertyValue(name).trim();

/** `light-dark()` as the browser resolves it: a canvas cannot read it. */
function resolved(name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value || colour(name);
}

function axes(format: (n: number) => string): uPlot.Axis[] {
  const ink = resolved('--quiet');
  const grid = { stroke: resolved('--rule'), width: 1 };
  const font = '12px system-ui, sans-serif';
  const date = new Intl.DateTimeFormat(data.lang, { year: '2-digit', month: 'short', timeZone: 'UTC' });
  return [
    {
      stroke: ink,
      grid: { show: false },
      ticks: grid,
      font,
      values: (_, all) => all.map(at => date.format(at * 1000)),
      space: 70,
    },
    { stroke: ink, grid, ticks: { show: false }, font, size: 64, values: (_, all) => all.map(format) },
  ];
}

const whole = (n: number) => n.toLocaleString(data.lang);
const percent = (n: number) => `${(n * 100).toLocaleString(data.lang, { maximumFractionDigits: 1 })} %`;

function line(
  label: string,
  name: string,
  format: (n: number) => string,
  more: Partial<uPlot.Series> = {},
): uPlot.Series {
  return {
    label,
    stroke: resolved(name),
    width: 1.5,
    points: { show: false },
    value: (_, n) => (n === null ? '–' : format(n)),
    ...more,
  };
}

function draw(name: string, series: uPlot.Series[], columns: uPlot.AlignedData, format: (n: number) => string): void {
  const host = document.querySelector<HTMLElement>(`[data-plot="${name}"]`);
  if (!host || columns[0].length === 0) return;
  const date = new Intl.DateTimeFormat(data.lang, { dateStyle: 'medium', timeZone: 'UTC' });
  const at: uPlot.Series = {
    value: (_, seconds) => (seconds === null ? '' : date.format(seconds * 1000)),
    label: data.words.day,
  };
  const options: uPlot.Options = {
    width: host.clientWidth,
    height: host.clientHeight - 34,
    series: [at, ...series],
    axes: axes(format),
    scales: { y: { range: (_, low, high) => [Math.min(0, low), high * 1.08 || 1] } },
    cursor: { drag: { x: true, y: false } },
  };
  plots.push({ plot: new uPlot(options, columns, host), host });
}

function drawAll(): void {
  for (const { plot } of plots.splice(0)) plot.destroy();
  const { words, weeks, issues } = data;
  const at = weeks.map(week => Date.parse(`${week.from}T00:00:00Z`) / 1000);
  draw('readers', [line(words.readers, '--good', whole)], [at, weeks.map(week => week.readers)], whole);
  const bars = uPlot.paths.bars?.({ size: [0.7, 24], align: 0 });
  const barsOf = (label: string, name: string) =>
    line(label, name, whole, bars ? { paths: bars, fill: resolved(name) } : {});
  draw(
    'weeks',
    [barsOf(words.joined, '--good'), barsOf(words.left, '--accent')],
    [at, weeks.map(week => week.joined), weeks.map(week => -week.left)],
    whole,
  );
  draw(
    'issues',
    [
      line(words.clicked, '--good', percent, { points: { show: true, size: 5 } }),
      line(words.liked, '--accent', percent, { points: { show: true, size: 5 } }),
      line(words.unsubscribed, '--warn', percent, { dash: [4, 3] }),
    ],
    [
      issues.map(issue => Date.parse(issue.at) / 1000),
      issues.map(issue => issue.clicked),
      issues.map(issue => issue.liked),
      issues.map(issue => issue.unsubscribed),
    ],
    percent,
  );
}

drawAll();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
new ResizeObserver(() => {
  for (const { plot, host } of plots) plot.setSize({ width: host.clientWidth, height: host.clientHeight - 34 });
}).observe(document.querySelector('main') ?? document.body);
