/** The routes of operations. */
import { acknowledgeAlert } from '../../../db/alerts.ts';
import { BroadsheetError } from '../../../errors.ts';
import { Memo } from '../../../memo.ts';
import { oneFor } from '../../one-for.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { Desk, sendPage, sendPart, wantsPart } from '../layout.tsx';
import { type ConsoleRoute, change, idOf, page } from '../routes.ts';
import { Gatherer, type Operations } from './gather.ts';
import { Examination, Health } from './health.tsx';
import { Live } from './page.tsx';
import { viewOf } from './view.tsx';

/** However many watch, all is read this often at most. */
const freshMs = 2000;
/** Failed jobs of a queue that one press tries again. */
const mostRetried = 1000;

/** One of each, so that all pages of a process share them. */
const keptOf = oneFor(({ wiring }: Console) => ({
  now: new Memo<'', Operations>(1, freshMs),
  gatherer: new Gatherer(wiring),
  examination: new Examination(),
}));

const operations = (site: Console) => keptOf(site).now.get('', () => keptOf(site).gatherer.gather());

export const operateRoutes: ConsoleRoute[] = [
  page('/operate', 'look', async (c, site) => show(c, site)),
  page('/operate/live', 'look', async (c, site) =>
    sendPart(c, <Live view={viewOf(c, site)} now={await operations(site)} />),
  ),
  page('/operate/health', 'look', async (c, site) => {
    const examined = await keptOf(site).examination.get(site.wiring);
    const part = <Health view={viewOf(c, site)} of={examined} />;
    return wantsPart(c) ? sendPart(c, part) : show(c, site, part);
  }),
  change('/operate/alerts/:id/acknowledge', 'operate', 'alert.acknowledge', {}, async (c, site) => {
    const id = idOf(c);
    if (id === undefined || !(await acknowledgeAlert(site.wiring.sql, id, c.get('staff').email)))
      throw new BroadsheetError('ALERT_UNKNOWN', 'no such alert is open any more');
    keptOf(site).now = new Memo<'', Operations>(1, freshMs);
    return { to: '/operate', said: 'acknowledged', subject: `alert ${id}` };
  }),
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
