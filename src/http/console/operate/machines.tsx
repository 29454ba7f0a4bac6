/** Queues, relays and processes. */

import { Icon } from '../../icons.tsx';
import { Token } from '../layout.tsx';
import { may } from '../may.ts';
import { numeric, Table } from '../table.tsx';
import type { Operations } from './gather.ts';
import { Part, span, type View } from './view.tsx';

export function Queues({ view, of }: { view: View; of: Operations['queues'] }) {
  const { c, site, words, number } = view;
  return (
    <Part view={view} name={words.queues} of={of}>
      {queues => (
        <>
          <Table
            name={words.queues}
            columns={[
              words.queue,
              ...[words.waiting, words.active, words.delayed, words.failed, words.oldest].map(numeric),
            ]}
          >
            {queues.map(queue => (
              <tr>
                <th scope="row">{words.queueNames[queue.name] ?? queue.name}</th>
                <td class="number">{number(queue.waiting)}</td>
                <td class="number">{number(queue.active)}</td>
                <td class="number">{number(queue.delayed)}</td>
                <td class={queue.failed > 0 ? 'number operate-much' : 'number'}>{number(queue.failed)}</td>
                <td class="number">{queue.oldestMs > 0 ? span(words, queue.oldestMs) : words.none}</td>
              </tr>
            ))}
          </Table>
          <div class="buttons operate-under">
            {may(c.get('staff'), 'settings') && queues.some(queue => queue.failed > 0) && (
              <form method="post" action={`${site.base}/console/operate/retry`}>
                <Token c={c} site={site} />
                <button type="submit">{words.retry}</button>
              </form>
            )}
            <a class="button" href={`${site.base}/console/queues`}>
              <Icon name="queues" />
              {words.board}
            </a>
          </div>
        </>
      )}
    </Part>
  );
}

export function Relays({ view, of }: { view: View; of: Operations['relays'] }) {
  const { words } = view;
  return (
    <Part view={view} name={words.relays} of={of}>
      {relays =>
        relays.length === 0 ? (
          <p class="quiet">{words.noRelays}</p>
        ) : (
          <ul class="operate-relays">
            {relays.map(({ key, name, weight, trouble }) => (
              <li>
                <strong>{name ?? key}</strong>{' '}
                <span class="quiet small">
                  {name && `${key} · `}
                  {weight === 0 ? words.standby : `${words.weight} ${weight}`}
                </span>
                <span class={trouble ? 'state held' : 'state sent'}>
                  <Icon name={trouble ? 'alert' : 'done'} />
                  {trouble ?? words.usable}
                </span>
              </li>
            ))}
          </ul>
        )
      }
    </Part>
  );
}

export function Processes({ view, of }: { view: View; of: Operations['workers'] }) {
  const { words, number, time } = view;
  return (
    <Part view={view} name={words.processes} of={of}>
      {workers =>
        workers.length === 0 ? (
          <p class="quiet">{words.noProcesses}</p>
        ) : (
          <Table
            name={words.processes}
            columns={[
              words.role,
              words.host,
              words.state,
              numeric(words.rate),
              numeric(words.connections),
              numeric(words.started),
            ]}
          >
            {workers.map(worker => (
              <tr>
                <th scope="row">{words.roles[worker.role] ?? worker.role}</th>
                <td>
                  {worker.host} <span class="quiet small">{worker.pid}</span>
                </td>
                <td>
                  <span class={worker.isAlive ? 'state sent' : 'state held'}>
                    <Icon name={worker.isAlive ? 'done' : 'alert'} />
                    {worker.isAlive ? words.alive : `${words.silent}, ${words.since(time(worker.seenAt))}`}
                  </span>
                </td>
                <td class="number">{worker.doing ? number(worker.doing.perSecond, 1) : words.none}</td>
                <td class="number">{worker.doing ? number(worker.doing.connections) : words.none}</td>
                <td class="number nowrap">{time(worker.startedAt)}</td>
              </tr>
            ))}
          </Table>
        )
      }
    </Part>
  );
}
