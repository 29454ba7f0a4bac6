/** A stage for whole sends: an embedded database of its own, readers, and the product's own processes around a sink. */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compose } from '../src/compose/compose.ts';
import { readConfig } from '../src/config.ts';
import type { IssueRow } from '../src/db/issues.ts';
import { putPublication } from '../src/db/publications.ts';
import { submit } from '../src/enqueue/submit.ts';
import { render } from '../src/render/render.ts';
import { openWiring, type Wiring } from '../src/wiring.ts';
import { ask, heard, start, stop } from './delivery/child.ts';
import { benchPublication as publication } from './support.ts';

export interface Stage {
  wiring: Wiring;
  /** Starts a process of the product or of the bench, one more of a script with each call: `../workers/tick.ts`. Resolves when it is ready. */
  start(script: string): Promise<ChildProcess>;
  /** As `start`, with what the process said when it was ready. */
  startTalking<T>(script: string): Promise<{ child: ChildProcess; first: T }>;
  /** Peak resident memory so far of a script's last process, MiB, as the kernel noted it. */
  peak(script: string): number | undefined;
  /** Process id of a script's last process. */
  pid(script: string): number | undefined;
  close(): Promise<void>;
}

/** @param more environment of every process, as `SMTP_URL` */
export async function openStage(more: Record<string, string>): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-bench-'));
  const env = {
    DATA_DIR: join(folder, 'data'),
    PUBLIC_URL: 'https://news.example.org',
    SECRET_KEYS: randomBytes(24).toString('hex'),
    MX_LOOKUP: 'off',
    ...more,
  };
  const children: { script: string; child: ChildProcess }[] = [];
  const wiring = await openWiring(readConfig(env), 'bench', 4);
  const pidOf = (script: string) => children.findLast(one => one.script === script)?.child.pid;
  const startTalking = async <T>(script: string) => {
    const child = start(`../${script}`, env);
    children.push({ script, child });
    return { child, first: await heard<T>(child) };
  };
  return {
    wiring,
    startTalking,
    pid: pidOf,
    start: async script => (await startTalking(script)).child,
    peak: script => {
      const pid = pidOf(script);
      return pid ? memoryOf(pid, 'VmHWM') : undefined;
    },
    close: async () => {
      // Workers first: they use the servers that this process started.
      await Promise.all(children.map(({ child }) => stop(child)));
      await wiring.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The sink in a process of its own. */
export async function startSinkProcess(): Promise<{ url: string; close(): void }> {
  const child = start('./sink.ts');
  const { url } = await ask<{ url: string }>(child, {});
  return { url, close: () => void child.kill() };
}

/** MiB of a field of /proc/PID/status. */
export function memoryOf(pid: number, field: 'VmHWM' | 'RssAnon'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) / 1024);
}

/** Active subscribers of the bench's publication, in turn on these domains. @returns the publication's id */
export async function fillReaders({ sql }: Wiring, readers: number, domains: string[]): Promise<number> {
  const { id } = await putPublication(sql, publication);
  await sql`
    with people as (
      insert into subscribers (email, email_key, domain, address_hash)
      select address, address, domain, sha256(address::bytea) from (
        select domain, 'reader' || n || '@' || domain as address
        from (select n, (${domains}::text[])[1 + n % ${domains.length}] as domain from generate_series(1, ${readers}::int) n) numbered
      ) addressed returning id
    )
    insert into subscriptions (publication_id, subscriber_id, state, source) select ${id}, id, 'active', 'import' from people`;
  await sql`analyze`;
  return id;
}

export async function submitSource(
  { sql, queues, log }: Wiring,
  publicationId: number,
  source: string,
): Promise<IssueRow> {
  const { issue } = compose(source, { publication });
  const edition = await render(issue, { publication });
  return submit({ sql, queues, log }, { publicationId, source, issue, edition, slug: 'bench', again: true });
}

export async function until(isTrue: () => Promise<boolean> | boolean, everyMs = 100): Promise<void> {
  while (!(await isTrue())) await sleep(everyMs);
}
