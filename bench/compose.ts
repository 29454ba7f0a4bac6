/** How long an issue of the seed's size takes from Markdown to an Edition: cold (first in the process) and warm. */
import { compose } from '../src/compose/compose.ts';
import { render } from '../src/render/render.ts';
import { benchIssue, median, benchPublication as publication, table } from './support.ts';

const rounds = 15;

export async function main([file]: string[]): Promise<void> {
  const source = benchIssue(file);
  const times: { compose: number; render: number; html: number }[] = [];
  for (let i = 0; i <= rounds; i++) {
    const start = performance.now();
    const { issue } = compose(source, { publication });
    const composed = performance.now();
    const edition = await render(issue, { publication });
    times.push({
      compose: composed - start,
      render: performance.now() - composed,
      html: edition.sections.reduce((n, s) => n + s.bytes, 0),
    });
  }
  const [cold, ...warm] = times as [(typeof times)[number], ...typeof times];
  const row = (name: string, c: number, r: number) => [name, c.toFixed(0), r.toFixed(0), (c + r).toFixed(0)];
  process.stdout.write(
    `${Buffer.byteLength(source)} bytes of Markdown → ${cold.html} bytes of HTML; ${rounds} warm rounds, Node ${process.version}\n\n`,
  );
  process.stdout.write(
    `${table(
      ['', 'compose ms', 'render ms', 'both ms'],
      [
        row('first', cold.compose, cold.render),
        row('warm, median', median(warm.map(t => t.compose)), median(warm.map(t => t.render))),
      ],
    )}\n`,
  );
}
