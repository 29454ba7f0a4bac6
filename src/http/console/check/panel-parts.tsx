/** What groups of the panel show beside their findings: the byte budget, lines of the inbox, links, points, clients, records. */
import type { CheckReport } from '../../../check/report.ts';
import { isToCopy, say } from '../../../doctor/say.ts';
import type { Language } from '../../language.ts';
import type { Reached } from './reach.ts';
import type { SpamScore } from './spamassassin.ts';
import type { CheckWords } from './words.ts';

interface Props {
  report: CheckReport;
  words: CheckWords;
}

export function SizeBody({ report, words, language, textUrl }: Props & { language: Language; textUrl: string }) {
  const { size } = report;
  const number = (n: number) => Math.round(n).toLocaleString(language);
  const percent = (n: number) => `${Math.round((100 * n) / size.clip)}%`;
  const end = Math.max(size.htmlBytes, size.clip) * 1.02;
  let from = 0;
  const largest = Math.max(1, ...size.sections.map(row => row.bytes));
  return (
    <>
      <p class="check-size">{words.sizeOf(number(size.htmlBytes), percent(size.htmlBytes))}</p>
      <svg class="check-bar" viewBox={`0 0 ${Math.ceil(end)} 100`} preserveAspectRatio="none" aria-hidden="true">
        {size.sections.map((row, at) => {
          const rect = <rect class={at % 2 ? 'odd' : 'even'} x={from} y="20" width={row.bytes} height="60" />;
          from += row.bytes;
          return rect;
        })}
        <line x1={size.clip} x2={size.clip} y1="0" y2="100" />
      </svg>
      <p class="check-limit">{words.gmailLine(number(size.clip))}</p>
      <table class="check-table">
        <thead>
          <tr>
            <th scope="col">{words.section}</th>
            <th scope="col" class="number">
              {words.bytes('').trim()}
            </th>
            <th scope="col" class="hidden">
              {words.share}
            </th>
          </tr>
        </thead>
        <tbody>
          {size.sections.map(row => (
            <tr>
              <td>
                {row.line > 0 ? (
                  <a href={`${textUrl}?line=${row.line}`} data-line={row.line}>
                    <bdi>{row.title}</bdi>
                  </a>
                ) : (
                  <bdi>{row.title || (words.sections[row.type] ?? row.type)}</bdi>
                )}
              </td>
              <td class="number">{number(row.bytes)}</td>
              <td class="check-meter">
                <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                  <rect width={Math.round((100 * row.bytes) / largest)} height="10" />
                </svg>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

export function InboxBody({ report, words }: Props) {
  const { inbox } = report;
  return (
    <>
      <p class="check-about">{words.inboxAbout}</p>
      <ul class="check-inbox">
        {inbox.views.map(({ client, width, subject, preheader }) => (
          <li class={`${client} ${width}`}>
            <span class="check-client">
              {words.clientsOf[client]} · {words.widths[width]}
            </span>
            <span class="check-mail">
              <bdi class="check-from">{inbox.from}</bdi>
              <span class="check-subject">
                <bdi>{subject.shown}</bdi>
                <Rest of={subject.rest} words={words} />
              </span>
              {preheader?.shown ? (
                <span class="check-preheader">
                  <bdi>{preheader.shown}</bdi>
                  <Rest of={preheader.rest} words={words} />
                </span>
              ) : (
                !preheader && <span class="check-preheader none">{words.noPreheaderHere}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What the client cuts off, for who cares. */
function Rest({ of, words }: { of: string; words: CheckWords }) {
  if (!of) return null;
  return (
    <>
      <span class="check-cut" title={`${words.cutOff} ${of}`}>
        …
      </span>
      <span class="hidden">
        {words.cutOff} {of}
      </span>
    </>
  );
}

export function LinksBody({ report, words }: Props) {
  if (report.links.length === 0) return null;
  return (
    <div class="check-ask">
      <p class="check-about">{words.linkCount(report.links.length)}</p>
      <button type="button" data-act="links" data-busy={words.reaching} hidden>
        {words.reach}
      </button>
      <p class="check-about check-with-script" hidden>
        {words.reachAbout}
      </p>
      <div data-answer="links" aria-live="polite" />
    </div>
  );
}

/** What asking the links came to: those that need a look first. */
export function ReachedLinks({
  reached,
  lines,
  words,
  textUrl,
}: {
  reached: readonly Reached[];
  lines: ReadonlyMap<string, number>;
  words: CheckWords;
  textUrl: string;
}) {
  const count = (state: Reached['state']) => reached.filter(each => each.state === state).length;
  const order = { broken: 0, private: 1, unsure: 2, reached: 3 };
  const shown = reached.filter(each => each.state !== 'reached').sort((a, b) => order[a.state] - order[b.state]);
  return (
    <>
      <p class="check-about">
        {words.reachedSum(count('reached'), count('broken') + count('private'), count('unsure'))}
      </p>
      <ul class="check-links">
        {shown.map(({ url, state, detail }) => {
          const line = lines.get(url) ?? 0;
          return (
            <li>
              <span class={`check-kind ${state === 'unsure' ? 'warning' : 'error'}`}>{words.linkStates[state]}</span>{' '}
              {detail && <span class="quiet">{detail}</span>}{' '}
              {line > 0 ? (
                <a href={`${textUrl}?line=${line}`} data-line={line}>
                  <bdi>{url}</bdi>
                </a>
              ) : (
                <bdi>{url}</bdi>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}

export function SpamBody({ report, words }: Props) {
  const { spam } = report;
  return (
    <div class="check-ask">
      <p class="check-about">{words.spamAbout(String(spam.points), spam.limit)}</p>
      <ul class="check-rules">
        {spam.rules.map(({ rule, points, found }) => (
          <li>
            <span class="number">{words.points(`+${points}`)}</span>
            <span>
              {words.spamRules[rule]} {found && <bdi class="quiet">{found}</bdi>}
            </span>
          </li>
        ))}
      </ul>
      <button type="button" data-act="spam" data-busy={words.checking} hidden>
        {words.askSpam}
      </button>
      <div data-answer="spam" aria-live="polite" />
    </div>
  );
}

export function RealScore({ score, words }: { score: SpamScore | undefined; words: CheckWords }) {
  if (!score) return <p class="check-about">{words.noSpam}</p>;
  return (
    <>
      <p class="check-about">{words.spamReal(String(score.score))}</p>
      <ul class="check-rules">
        {score.rules.map(({ points, name, about }) => (
          <li>
            <span class="number">{words.points(points > 0 ? `+${points}` : String(points))}</span>
            <span>
              {name} <bdi class="quiet">{about}</bdi>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

export function ClientsBody({ report, words }: Props) {
  return (
    <>
      <p class="check-about">{words.clientsAbout}</p>
      <ul class="check-clients">
        {report.clients.map(({ fact, clients, hurts, url }) => (
          <li>
            {hurts && <span class="check-kind warning">{words.hurts}</span>}{' '}
            <a href={url} rel="noreferrer" target="_blank">
              {words.clientFacts[fact]}
            </a>
            <span class="quiet"> {clients.map(client => words.clientNames[client]).join(', ')}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

export function DomainBody({ report, words, language }: Props & { language: Language }) {
  const { domain } = report;
  if (domain.state === 'asked') return <p class="check-about">{words.domainAsked}</p>;
  return (
    <>
      <p class="check-about">{words.domainOf(domain.name)}</p>
      <ul class="check-records">
        {domain.findings
          .map(finding => say(finding, language))
          .map(({ check, state, found, fix }) => (
            <li class={state === 'not applicable' ? 'none' : state}>
              <span class={`check-kind ${state === 'fail' ? 'error' : state === 'warn' ? 'warning' : 'good'}`}>
                {words.states[state]}
              </span>{' '}
              <strong>{check}</strong> <bdi class="quiet">{found}</bdi>
              {state !== 'ok' &&
                fix.map(line => (isToCopy(line) ? <code>{line}</code> : <p class="check-help">{line}</p>))}
            </li>
          ))}
      </ul>
    </>
  );
}
