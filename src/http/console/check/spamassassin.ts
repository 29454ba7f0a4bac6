/** SpamAssassin's own score of a text, where Debian's `spamassassin` is installed: without network tests, one run at a time. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';

const timeoutMs = 30_000;
const mostOutput = 4 << 20;

export interface SpamScore {
  score: number;
  rules: { points: number; name: string; about: string }[];
}

let isMissing = false;
let isRunning = false;
/** The last one: an editor asks again for the same. */
let last: { hash: string; score: SpamScore } | undefined;

/** @returns undefined when it is not installed, busy, or failed */
export async function spamAssassinScore(raw: Buffer): Promise<SpamScore | undefined> {
  const hash = createHash('sha256').update(raw).digest('hex');
  if (last?.hash === hash) return last.score;
  if (isMissing || isRunning) return undefined;
  isRunning = true;
  try {
    const score = parseScore(await run(raw));
    if (score) last = { hash, score };
    return score;
  } catch (error) {
    isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return undefined;
  } finally {
    isRunning = false;
  }
}

function run(raw: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('spamassassin', ['-L', '-t'], { stdio: ['pipe', 'pipe', 'ignore'], timeout: timeoutMs });
    const out: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > mostOutput) child.kill('SIGKILL');
      else out.push(chunk);
    });
    child.on('error', reject);
    child.stdin.on('error', () => {});
    child.on('close', () => resolve(Buffer.concat(out).toString()));
    child.stdin.end(raw);
  });
}

/** @public @param report what `spamassassin -t` prints */
export function parseScore(report: string): SpamScore | undefined {
  const score = /X-Spam-Status:[^\n]{0,200}?score=(-?[\d.]+)/.exec(report)?.[1];
  if (score === undefined) return undefined;
  const details = /Content analysis details:[\s\S]*?\n\n?[- ]+\n([\s\S]*?)\n\n/.exec(report)?.[1] ?? '';
  const rules = [...details.matchAll(/^ *(-?\d+\.\d+) (\w+) +(.*)$/gm)].map(([, points, name, about]) => ({
    points: Number(points),
    name: name!,
    about: about!.trim(),
  }));
  return { score: Number(score), rules: rules.filter(rule => rule.points !== 0) };
}
