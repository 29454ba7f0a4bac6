/** The wire's limit: Postfix' smtp-source hands one ready message, again and again, to the sink; it makes, signs and records nothing. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Measured } from './job.ts';

/** Debian keeps Postfix' programs out of a user's PATH. */
const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/usr/libexec/postfix'];

export function findProgram(name: 'smtp-source' | 'smtp-sink'): string | undefined {
  return folders.map(folder => join(folder, name)).find(existsSync);
}

/** @param raw the same bytes as ours on the wire, CRLF, no line begins with a dot */
export async function runSource(
  program: string,
  given: { url: string; raw: Buffer; messages: number; connections: number },
): Promise<Measured> {
  const { url, raw, messages, connections } = given;
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-bench-'));
  try {
    const file = join(folder, 'message');
    // It ends each line with CRLF by itself.
    await writeFile(file, raw.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
    const { hostname, port } = new URL(url);
    // -d: sessions are kept, as ours are.
    const options = ['-d', '-s', connections, '-m', messages, '-F', file, '-f', 'news@example.org'];
    const startedAt = performance.now();
    const cpuMs = await timed(program, [...options.map(String), '-t', 'reader@example.net', `${hostname}:${port}`]);
    return { messages, cpuMs, wallMs: performance.now() - startedAt, bytesEach: raw.length };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a program; the shell tells what CPU it took. */
function timed(program: string, args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', '"$@" >&2 && times', 'sh', program, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', chunk => {
      said += chunk;
    });
    child.on('error', reject).on('close', code => {
      // The second line is that of the shell's children: "0m0.05s 0m0.36s".
      const times = [...(said.trim().split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
      if (code !== 0 || times.length !== 2) reject(new Error(`smtp-source failed (${code})`));
      else
        resolve(
          times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000, 0),
        );
    });
  });
}
