/** Parts of a reader's page that are lists, newest first. */

import type { Child } from 'hono/jsx';
import {
  type HistoryLine,
  historyOf,
  historyRows,
  newestComments,
  newestConsents,
  newestLetters,
  type Person,
  type Standing,
} from '../../../db/reader-view.ts';
import { Icon } from '../../icons.tsx';
import type { Console, ConsoleContext } from '../context.ts';
import { Reason } from '../reason.tsx';
import { Table } from '../table.tsx';
import { numberIn, Time, textOf } from './frame.tsx';

export function Part({ title, children }: { title: string; children: Child }) {
  return (
    <section class="part">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

interface PartProps {
  c: ConsoleContext;
  site: Console;
  person: Person;
  zone: string;
}

export async function History({ c, site, person, zone }: PartProps) {
  const text = textOf(c);
  const before = Number(c.req.query('before')) || undefined;
  const rows = await historyOf(site.wiring.sql, person.id, before);
  if (rows.length === 0)
    return (
      <Part title={text.history}>
        <p class="quiet">{text.noHistory}</p>
      </Part>
    );
  return (
    <Part title={text.history}>
      <Table name={text.history} columns={[text.issue, text.outcome, text.did]} box="sheet readers-history">
        {rows.map(row => (
          <tr>
            <td>
              <a href={`${site.base}/console/issues/${row.issueId}`}>
                <bdi>{row.title ?? row.issueId}</bdi>
              </a>
              <small class="quiet">
                <Time c={c} at={row.updatedAt} zone={zone} />
              </small>
            </td>
            <td>
              {text.outcomes[row.state]}
              {(row.reply || row.reason) && (
                <small class="quiet">
                  <Reason language={c.get('language')} reason={row.reason ?? row.reply ?? ''} />
                </small>
              )}
            </td>
            <td>
              <Events c={c} row={row} zone={zone} />
            </td>
          </tr>
        ))}
      </Table>
      {rows.length === historyRows && (
        <p class="under">
          <a href={`?before=${rows.at(-1)!.issueId}`}>{text.olderIssues}</a>
        </p>
      )}
    </Part>
  );
}

function Events({ c, row, zone }: { c: ConsoleContext; row: HistoryLine; zone: string }) {
  const text = textOf(c);
  if (row.events.length === 0) return <span class="quiet">—</span>;
  return (
    <ul class="lines">
      {row.events.map(({ kind, machine, at }) => (
        <li class={machine ? 'quiet' : undefined}>
          {text.events[kind] ?? kind}
          {machine && (
            <span class="tag" title={text.machineHint}>
              {text.machine}: {machine}
            </span>
          )}{' '}
          <span class="quiet small">
            <Time c={c} at={new Date(at)} zone={zone} />
          </span>
        </li>
      ))}
    </ul>
  );
}

export async function Consents({ c, site, person, zone }: PartProps) {
  const text = textOf(c);
  const rows = await newestConsents(site.wiring.sql, person.id);
  return (
    <Part title={text.consents}>
      {rows.length === 0 && <p class="quiet">{text.noConsents}</p>}
      <ul class="readers-consents">
        {rows.map(row => (
          <li>
            <span class={`state ${row.given ? 'sent' : ''}`}>
              <Icon name={row.given ? 'done' : 'cancelled'} />
              {text.kinds[row.kind] ?? row.kind}: {row.given ? text.given : text.taken}
            </span>
            <p class="quiet small">
              <Time c={c} at={row.at} zone={zone} /> · {row.publication} · {text.source}: {row.source} · {row.version}
            </p>
            {row.wording && (
              <blockquote>
                <bdi>{row.wording}</bdi>
              </blockquote>
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}

export async function Letters({ c, site, person, zone }: PartProps) {
  const text = textOf(c);
  const rows = await newestLetters(site.wiring.sql, person.id);
  return (
    <Part title={text.letters}>
      {rows.length === 0 && <p class="quiet">{text.noLetters}</p>}
      <ul class="lines">
        {rows.map(row => (
          <li>
            {text.letterKinds[row.kind] ?? row.kind} · {text.outcomes[row.state] ?? row.state}{' '}
            <span class="quiet small">
              <Time c={c} at={row.createdAt} zone={zone} />
            </span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

export async function Comments({ c, site, person, zone }: PartProps) {
  const text = textOf(c);
  const rows = await newestComments(site.wiring.sql, person.id);
  return (
    <Part title={text.comments}>
      {rows.length === 0 && <p class="quiet">{text.noComments}</p>}
      <ul class="readers-consents">
        {rows.map(row => (
          <li>
            <p class="quiet small">
              <bdi>{row.issue}</bdi> · {text.commentStates[row.state] ?? row.state} ·{' '}
              <Time c={c} at={row.createdAt} zone={zone} />
            </p>
            <blockquote>
              <bdi>{row.body}</bdi>
            </blockquote>
          </li>
        ))}
      </ul>
    </Part>
  );
}

export function Referral({ c, standings }: { c: ConsoleContext; standings: Standing[] }) {
  const text = textOf(c);
  const lines = standings.flatMap(one => [
    ...(one.referralCode ? [`${one.name}: ${text.referred(numberIn(c, one.brought))}`] : []),
    ...(one.referredBy ? [`${one.name}: ${text.cameBy}`] : []),
  ]);
  return (
    <Part title={text.referral}>
      {lines.length === 0 && <p class="quiet">{text.noReferral}</p>}
      <ul class="lines">
        {lines.map(line => (
          <li>
            <bdi>{line}</bdi>
          </li>
        ))}
      </ul>
    </Part>
  );
}
