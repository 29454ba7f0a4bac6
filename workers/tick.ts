/** Process: once a second, makes Redis agree with Postgres; beside it, looks for trouble and takes old rows away. Any number may run; one at a time does the work. */
import { setTimeout as sleep } from 'node:timers/promises';
import { runAlerts } from '../src/alerts/run.ts';
import { Archivist } from '../src/archive/archive.ts';
import { readConfig } from '../src/config.ts';
import { takeLease } from '../src/db/workers.ts';
import { tellOfAnswers } from '../src/enqueue/comment-replies.ts';
import { writeDigests } from '../src/enqueue/digests.ts';
import { reconcile } from '../src/enqueue/reconcile.ts';
import { messageOf } from '../src/errors.ts';
import { runProcess } from '../src/queue/process.ts';
import { workImports } from '../src/subscribers/import-job.ts';
import { keepFigures } from '../src/track/figures.ts';
import { retain } from '../src/track/retention.ts';
import { openWiring } from '../src/wiring.ts';

const tickMs = 1000;
/** Digests are due once a month: looked for once a minute. */
const digestsEvery = 60;

/** How often is looked for answers to comments: they wait for an hour anyway. */
const answersMs = 20_000;

/** Figures over time are a matter of minutes. */
const figuresMs = 60_000;
/** How often is looked for files that staff want brought in. */
const importsMs = 2000;

/** How often is looked for what is old, and how long is waited after each batch. */
const retentionMs = 600_000;
const pauseMs = 1000;

const config = readConfig();
const wiring = await openWiring(config, 'tick', 4);
await runProcess(wiring, 'tick', async (id, ending) => {
  const archivist = new Archivist(wiring, id);
  const loop = (async () => {
    for (let ticks = 0; !ending.aborted; ticks++) {
      await reconcile(wiring, id).catch(error =>
        wiring.log.warn({ error: messageOf(error) }, 'tick failed; the next one tries again'),
      );
      if (ticks % digestsEvery === 0)
        await writeDigests({ ...wiring, publicUrl: config.publicUrl, render: renderOnce }).catch(error =>
          wiring.log.warn({ error: messageOf(error) }, 'digests not looked for; tried again in a minute'),
        );
      await archivist
        .work()
        .catch(error =>
          wiring.log.warn({ error: messageOf(error) }, 'archive not brought up to date; the next tick tries again'),
        );
      await sleep(tickMs);
    }
  })();
  const answers = (async () => {
    while (!ending.aborted) {
      if (await takeLease(wiring.sql, 'answers', id).catch(() => false)) await tellOfAnswers(wiring);
      await sleep(answersMs, undefined, { signal: ending }).catch(() => {});
    }
  })();
  const keeping = (async () => {
    while (!ending.aborted) {
      if (await takeLease(wiring.sql, 'retention', id).catch(() => false)) await keep(id, ending);
      await sleep(retentionMs, undefined, { signal: ending }).catch(() => {});
    }
  })();
  const counting = (async () => {
    while (!ending.aborted) {
      await sleep(figuresMs, undefined, { signal: ending }).catch(() => {});
      if (ending.aborted || !(await takeLease(wiring.sql, 'figures', id).catch(() => false))) continue;
      await keepFigures(wiring.sql).catch(error =>
        wiring.log.warn({ error: messageOf(error) }, 'figures not counted; tried again in a minute'),
      );
    }
  })();
  const imports = (async () => {
    const mayGoOn = async () => !ending.aborted && (await takeLease(wiring.sql, 'imports', id));
    while (!ending.aborted) {
      await (async () => (await mayGoOn()) && workImports({ ...wiring, dataDir: config.dataDir }, mayGoOn))().catch(
        error => wiring.log.warn({ error: messageOf(error) }, 'an import stopped; it goes on from its last batch'),
      );
      await sleep(importsMs, undefined, { signal: ending }).catch(() => {});
    }
  })();
  const alerts = runAlerts(wiring, id, ending);
  return { drain: async () => void (await Promise.all([loop, answers, keeping, counting, imports, alerts])) };
});

/** MJML is loaded once a month, not with every tick process. */
async function renderOnce(...of: Parameters<typeof import('../src/render/render.ts').render>) {
  return (await import('../src/render/render.ts')).render(...of);
}

/** The lease is renewed with each batch; whoever lost it leaves the rest to its new holder. */
async function keep(id: string, ending: AbortSignal): Promise<void> {
  const onBatch = async () => {
    await sleep(pauseMs, undefined, { signal: ending }).catch(() => {});
    if (!(await takeLease(wiring.sql, 'retention', id))) throw new Error('another process does it');
  };
  await retain(wiring.sql, config.retention, onBatch, ending).then(
    rows => rows > 0 && wiring.log.info({ rows }, 'old rows were counted and taken away'),
    error => wiring.log.warn({ error: messageOf(error) }, 'old rows stay for now'),
  );
}
