/** /console/operate: is anything stuck? The answer first, then where everything is. */

import type { AlertKind } from '../../../alerts/kinds.ts';
import { say } from '../../../alerts/words.ts';
import type { AlertRow } from '../../../db/alerts.ts';
import { Icon } from '../../icons.tsx';
import type { Language } from '../../language.ts';
import { Token } from '../layout.tsx';
import { may } from '../may.ts';
import { reasonWords } from '../reason-words.ts';
import type { Operations } from './gather.ts';
import { Issues, Returns } from './issues.tsx';
import { Processes, Queues, Relays } from './machines.tsx';
import { Rates } from './rates.tsx';
import type { View } from './view.tsx';

/** All that changes by itself; asked for anew every few seconds. */
export function Live({ view, now }: { view: View; now: Operations }) {
  return (
    <div
      id="live"
      hx-get={`${view.site.base}/console/operate/live`}
      hx-trigger="every 4s"
      hx-swap="outerMorph"
      aria-live="off"
    >
      <Verdict view={view} now={now} />
      <Issues view={view} of={now.issues} />
      <Rates view={view} now={now} />
      <div class="operate-pair">
        <Queues view={view} of={now.queues} />
        <Relays view={view} of={now.relays} />
      </div>
      <Processes view={view} of={now.workers} />
      <Returns view={view} of={now.returns} />
    </div>
  );
}

function Verdict({ view, now }: { view: View; now: Operations }) {
  const { words, time } = view;
  if ('error' in now.alerts) return <p class="operate-unread">{words.unreadable(words.title, now.alerts.error)}</p>;
  const open = now.alerts.value.filter(alert => !alert.acknowledgedAt);
  const known = now.alerts.value.filter(alert => alert.acknowledgedAt);
  return (
    <section class="part" aria-label={words.title}>
      <p class={`operate-verdict ${open.length > 0 ? 'trouble' : 'well'}`} role="status">
        <Icon name={open.length > 0 ? 'alert' : 'done'} />
        <strong>{open.length > 0 ? words.trouble(open.length) : words.well}</strong>
        {open.length === 0 && known.length === 0 && (
          <span class="quiet">{words.wellMore.replace('{time}', time(now.at))}</span>
        )}
      </p>
      {open.map(alert => (
        <Alert view={view} alert={alert} />
      ))}
      {known.length > 0 && (
        <details class="operate-known">
          <summary>{words.known(known.length)}</summary>
          {known.map(alert => (
            <Alert view={view} alert={alert} />
          ))}
        </details>
      )}
    </section>
  );
}

/** Why an issue is held is stored in English. */
function inWords(detail: AlertRow['detail'], language: Language): AlertRow['detail'] {
  const words = typeof detail.reason === 'string' ? reasonWords(detail.reason, language) : undefined;
  return words === undefined ? detail : { ...detail, reason: words };
}

function Alert({ view, alert }: { view: View; alert: AlertRow }) {
  const { c, site, words, time } = view;
  const said = say(c.get('language'), alert.kind as AlertKind, inWords(alert.detail, c.get('language')));
  return (
    <article class="operate-alert" id={`alert-${alert.id}`}>
      <h3>{said.title}</h3>
      <p>
        {said.what} <span class="quiet">{words.since(time(alert.openedAt))}</span>
      </p>
      <details>
        <summary>{words.todo}</summary>
        <pre>{said.todo}</pre>
      </details>
      {alert.acknowledgedAt ? (
        <p class="quiet small">{words.acknowledgedBy(alert.acknowledgedBy ?? '', time(alert.acknowledgedAt))}</p>
      ) : (
        may(c.get('staff'), 'operate') && (
          <form method="post" action={`${site.base}/console/operate/alerts/${alert.id}/acknowledge`}>
            <Token c={c} site={site} />
            <button type="submit">{words.acknowledge}</button>
            <span class="quiet small">{words.acknowledgeHint}</span>
          </form>
        )
      )}
    </article>
  );
}
