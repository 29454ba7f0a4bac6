/** Issues on their way, and what came back of the last ones. */

import type { Accounting } from '../../../track/status.ts';
import { Reason } from '../reason.tsx';
import { StateMark } from '../state.tsx';
import { numeric, Table } from '../table.tsx';
import type { Operations, Returns as ReturnsOf } from './gather.ts';
import { Part, percent, type View } from './view.tsx';

export function Issues({ view, of }: { view: View; of: Operations['issues'] }) {
  const { words } = view;
  return (
    <Part view={view} name={words.issues} of={of}>
      {issues =>
        issues.length === 0 ? (
          <p class="quiet">{words.noIssues}</p>
        ) : (
          <ul class="operate-issues">
            {issues.map(issue => (
              <Issue view={view} issue={issue} />
            ))}
          </ul>
        )
      }
    </Part>
  );
}

function Issue({ view, issue: a }: { view: View; issue: Accounting & { id: number } }) {
  const { c, site, words, number } = view;
  const open = a.queued + a.sending + a.deferred;
  return (
    <li>
      <a href={`${site.base}/console/issues/${a.id}`}>{a.issue}</a>
      <StateMark state={a.state} words={c.get('words')} />
      <progress max={String(Math.max(1, a.audience))} value={String(a.audience - open)} aria-label={a.issue} />
      <span class="quiet">
        {[
          words.done(percent(view, a.audience - open, a.audience)),
          words.open(number(open)),
          a.unknown > 0 && words.unknown(number(a.unknown)),
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
      {a.reason && (
        <p class="small">
          <Reason language={view.c.get('language')} reason={a.reason} />
        </p>
      )}
    </li>
  );
}

/** From these shares on, of what was accepted, a number is marked. */
const limits = { hard: 0.02, complained: 0.001 };

export function Returns({ view, of }: { view: View; of: Operations['returns'] }) {
  const { site, words, number, time } = view;
  const share = (issue: ReturnsOf, part: 'hard' | 'soft' | 'complained' | 'unsubscribed') => {
    const isMuch = part in limits && issue[part] > issue.accepted * limits[part as 'hard'];
    return (
      <td class={isMuch ? 'number operate-much' : 'number'}>
        {number(issue[part])} <span class="quiet small">{percent(view, issue[part], issue.accepted)}</span>
      </td>
    );
  };
  return (
    <Part view={view} name={words.returns} hint={words.returnsHint} of={of}>
      {issues =>
        issues.length === 0 ? (
          <p class="quiet">{words.noReturns}</p>
        ) : (
          <Table
            name={words.returns}
            columns={[
              words.issue,
              ...[words.accepted, words.hard, words.soft, words.complaints, words.left].map(numeric),
            ]}
          >
            {issues.map(issue => (
              <tr>
                <th scope="row" class="operate-title">
                  <a href={`${site.base}/console/issues/${issue.id}`}>
                    <bdi>{issue.title}</bdi>
                  </a>
                  <small>{time(issue.startedAt)}</small>
                </th>
                <td class="number">{number(issue.accepted)}</td>
                {share(issue, 'hard')}
                {share(issue, 'soft')}
                {share(issue, 'complained')}
                {share(issue, 'unsubscribed')}
              </tr>
            ))}
          </Table>
        )
      }
    </Part>
  );
}
