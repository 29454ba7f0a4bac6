/** `npm run bench -- NAME [options]`: measurements anyone can repeat. Results belong in docs/measurements.md. */
const names = [
  'bounces',
  'compose',
  'console',
  'delivery',
  'effect',
  'first-mail',
  'import',
  'newsroom',
  'planning',
  'preview',
  'readers',
  'search',
  'spam',
  'throttle',
  'timing',
  'tour',
  'trace',
  'tracking',
  'walk',
];
const [name] = process.argv.slice(2);
if (!name || !names.includes(name)) {
  process.stderr.write(`usage: npm run bench -- ${names.join('|')}\n`);
  process.exit(2);
}
const { main } = (await import(`./${name}.ts`)) as { main: (args: string[]) => Promise<void> };
await main(process.argv.slice(3));
