/** The routes of operations. */
import { z } from 'zod';
import { acknowledgeAlert } from '../../../db/alerts.ts';
import { BroadsheetError } from '../../../errors.ts';
import { Memo } from '../../../track/memo.ts';
import type { Wiring } from '../../../wiring.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { Desk, sendPage, sendPart } from '../layout.tsx';
import { type ConsoleRoute, change, page } from '../routes.ts';
import { gather, type Operations } from './gather.ts';
import { Examination, Health } from './health.tsx';
import { Live } from './page.tsx';
import { viewOf } from './view.tsx';

/** However many watch, all is read this often at most. */
const freshMs = 2000;
/** Failed jobs of a queue that one press tries again. */
const mostRetried = 1000;

/** One of each for a wiring, so that pages of one process share them. */
const kept = new WeakMap<Wiring, { now: Memo<'', Operations>; examination: Examination }>();

function keptOf({ wiring }: Console) {
  const known = kept.get(wiring) ?? { now: new Memo<'', Operations>(1, freshMs), examination: new Examination() };
  kept.set(wiring, known);
  return known;
}

const operations = (site: Console) => keptOf(site).now.get('', () => gather(site.wiring));

export const operateRoutes: ConsoleRoute[] = [
  page('/operate', 'look', async (c, site) => show(c, site)),
  page('/operate/live', 'look', async (c, site) =>
    sendPart(c, <Live view={viewOf(c, site)} now={await operations(site)} />),
  ),
  page('/operate/health', 'look', async (c, site) => {
    const examined = await keptOf(site).examination.get(site.wiring);
    const part = <Health view={viewOf(c, site)} of={examined} />;
    return c.req.header('hx-request') ? sendPart(c, part) : show(c, site, part);
  }),
  change(
    '/operate/alerts/:id/acknowledge',
    'operate',
    'alert.acknowledge',
    {},
    async (c, site): Promise<{ to: string; said: string; subject: string }> => {
      const id = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).safeParse(c.req.param('id'));
      if (!id.success || !(await acknowledgeAlert(site.wiring.sql, id.data, c.get('staff').email)))
        throw new BroadsheetError('ALERT_UNKNOWN', 'no such alert is open any more');
      keptOf(site).now = new Memo<'', Operations>(1, freshMs);
      return { to: '/operate', said: 'acknowledged', subject: `alert ${id.data}` };
    },
  ),
  change('/operate/retry', 'settings', 'queues.retry', {}, async (_, site) => {
    for (const queue of site.wiring.queues.all()) await queue.retryJobs({ state: 'failed', count: mostRetried });
    return { to: '/operate', said: 'retried', subject: 'queues' };
  }),
];

async function show(c: ConsoleContext, site: Console, health?: ReturnType<typeof Health>) {
  const view = viewOf(c, site);
  const { words } = view;
  const said = words.said[c.req.query('said') ?? ''];
  return sendPage(
    c,
    <Desk c={c} site={site} title={words.title} place="operate">
      <h1>{words.title}</h1>
      {said && (
        <p class="said" role="status">
          {said}
        </p>
      )}
      <Live view={view} now={await operations(site)} />
      <section class="part operate-part">
        <h2>{words.health}</h2>
        <p class="quiet small">{words.healthHint}</p>
        {health ?? (
          <div id="health">
            <a
              class="button"
              href={`${site.base}/console/operate/health`}
              hx-get={`${site.base}/console/operate/health`}
              hx-target="#health"
              hx-swap="outerHTML"
            >
              {words.healthShow}
            </a>
          </div>
        )}
        <p class="quiet small operate-under">{words.grafana}</p>
      </section>
    </Desk>,
  );
}
