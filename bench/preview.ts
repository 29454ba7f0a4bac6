/**
 * `npm run bench -- preview`: what a preview in the composer costs the server, for an issue of the seed's size. Wall time is what an editor
 * waits for on an idle machine; processor time is what it costs on any. The composer asks 140 ms after the last key.
 */
import { prepare } from '../src/commands/prepare.ts';
import { readConfig } from '../src/config.ts';
import { forFrame } from '../src/http/mail-frame.ts';
import { benchIssue, benchPublication, median, table } from './support.ts';

const rounds = 40;
const warmUp = 10;

export async function main(args: string[]): Promise<void> {
  const source = benchIssue(args[0]);
  const config = readConfig({ PUBLIC_URL: 'https://news.example.org', SECRET_KEYS: 'k'.repeat(48), DATA_DIR: '.data' });
  const wall: number[] = [];
  const processor: number[] = [];
  let bytes = 0;
  for (let round = 0; round < warmUp + rounds; round++) {
    // Each text is a new one, as while somebody types.
    const text = `${source}\n${'말'.repeat(round + 1)}\n`;
    const start = performance.now();
    const used = process.cpuUsage();
    const { sample, problems, places } = await prepare({ source: text, publication: benchPublication, config });
    const body = JSON.stringify({ html: forFrame(sample.html, 'light'), text: sample.text, problems, places });
    const { user, system } = process.cpuUsage(used);
    if (round < warmUp) continue;
    bytes = Buffer.byteLength(body);
    wall.push(performance.now() - start);
    processor.push((user + system) / 1000);
  }
  const row = (name: string, values: number[]) => [
    name,
    `${median(values).toFixed(0)} ms`,
    `${values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)]!.toFixed(0)} ms`,
  ];
  process.stdout.write(
    `${table(['a preview', 'median', 'p95'], [row('wall', wall), row('processor', processor)])}\n\n${Buffer.byteLength(source)} bytes of text, ${bytes} bytes of answer\n`,
  );
}
