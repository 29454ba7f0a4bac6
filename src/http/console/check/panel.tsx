/** The panel of findings: the same beside the composer, where a script renews it, and on a page of its own. */
import type { Child } from 'hono/jsx';
import { type CheckFinding, type CheckReport, type Group, groups } from '../../../check/report.ts';
import { Icon } from '../../icons.tsx';
import type { Language } from '../../language.ts';
import { ClientsBody, DomainBody, InboxBody, LinksBody, SizeBody, SpamBody } from './panel-parts.tsx';
import { problemWords } from './problem-words.ts';
import { type CheckWords, checkWordsOf } from './words.ts';

export interface PanelProps {
  report: CheckReport;
  language: Language;
  /** Where the text is written: `…?line=12` leads to its line. */
  textUrl: string;
}

export function Panel({ report, language, textUrl }: PanelProps) {
  const words = checkWordsOf(language);
  const count = (of: CheckFinding[], severity: CheckFinding['severity']) =>
    of.filter(each => each.severity === severity).length;
  const [errors, warnings] = [count(report.findings, 'error'), count(report.findings, 'warning')];
  const ownBody: Partial<Record<Group, Child>> = {
    size: <SizeBody report={report} words={words} language={language} textUrl={textUrl} />,
    inbox: <InboxBody report={report} words={words} />,
    links: <LinksBody report={report} words={words} />,
    spam: <SpamBody report={report} words={words} />,
    clients: <ClientsBody report={report} words={words} />,
    domain: <DomainBody report={report} words={words} language={language} />,
  };
  if (report.accent)
    ownBody.access = (
      <p class="check-about">{words.accent(report.accent.brand, String(report.accent.contrast), report.accent.day)}</p>
    );
  return (
    <div class="check-panel" data-errors={errors} data-warnings={warnings}>
      <Sum errors={errors} warnings={warnings} words={words} />
      {groups.map(group => {
        const found = report.findings.filter(each => each.group === group);
        return (
          <details class={`check-group check-in-${group}`} data-group={group} open={isOpen(group, found, report)}>
            <summary>
              <GroupMark
                group={group}
                errors={count(found, 'error')}
                warnings={count(found, 'warning')}
                report={report}
                words={words}
              />
            </summary>
            <div class="check-body">
              {found.length > 0 && <Findings found={found} language={language} textUrl={textUrl} words={words} />}
              {isGood(group, found, report) && <p class="check-about">{words.good[group]}</p>}
              {ownBody[group]}
            </div>
          </details>
        );
      })}
    </div>
  );
}

/** What an editor looks at each time stands open; the rest opens where there is something to do. */
function isOpen(group: Group, found: readonly CheckFinding[], report: CheckReport): boolean {
  return found.length > 0 || group === 'size' || group === 'inbox' || (group === 'domain' && domainFails(report));
}

const domainFails = (report: CheckReport) => report.domain.findings.some(finding => finding.state === 'fail');

function isGood(group: Group, found: readonly CheckFinding[], report: CheckReport): boolean {
  if (found.length > 0) return false;
  if (group === 'domain')
    return (
      report.domain.state === 'known' &&
      report.domain.findings.every(each => each.state === 'ok' || each.state === 'not applicable')
    );
  if (group === 'spam') return report.spam.rules.length === 0;
  return group !== 'clients' || !report.clients.some(difference => difference.hurts);
}

function Sum({ errors, warnings, words }: { errors: number; warnings: number; words: CheckWords }) {
  const kind = errors > 0 ? 'error' : warnings > 0 ? 'warning' : 'good';
  return (
    <p class={`check-sum ${kind}`} role="status">
      <Icon name={kind === 'good' ? 'done' : kind === 'error' ? 'cancelled' : 'alert'} />
      <span>
        <strong>
          {kind === 'good'
            ? words.allGood
            : [errors > 0 && words.errors(errors), warnings > 0 && words.warnings(warnings)]
                .filter(Boolean)
                .join(' · ')}
        </strong>
        {kind !== 'good' && <span class="quiet"> {errors > 0 ? words.mustStop : words.mayGo}</span>}
      </span>
    </p>
  );
}

function GroupMark({
  group,
  errors,
  warnings,
  report,
  words,
}: {
  group: Group;
  errors: number;
  warnings: number;
  report: CheckReport;
  words: CheckWords;
}) {
  const fails =
    group === 'domain'
      ? report.domain.findings.filter(each => each.state === 'fail' || each.state === 'warn').length
      : 0;
  const isAsked = group === 'domain' && report.domain.state === 'asked';
  const kind = errors > 0 ? 'error' : warnings + fails > 0 ? 'warning' : isAsked ? 'asked' : 'good';
  return (
    <>
      <span class={`check-mark ${kind}`}>
        <Icon name={({ good: 'done', asked: 'clock', error: 'cancelled', warning: 'alert' } as const)[kind]} />
      </span>
      <span class="check-name">{words.groups[group]}</span>
      <span class="check-count">
        {[errors > 0 && words.errors(errors), warnings + fails > 0 && words.warnings(warnings + fails)]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </>
  );
}

function Findings({
  found,
  language,
  textUrl,
  words,
}: {
  found: readonly CheckFinding[];
  language: Language;
  textUrl: string;
  words: CheckWords;
}) {
  return (
    <ul class="check-findings">
      {found.map(finding => {
        const said = problemWords(finding, language);
        return (
          <li class={finding.severity}>
            <p class="check-what">
              <span class={`check-kind ${finding.severity}`}>
                {finding.severity === 'error' ? words.error : words.warning}
              </span>{' '}
              <bdi>{said.message}</bdi>
            </p>
            {finding.line > 0 && (
              <a class="check-line" href={`${textUrl}?line=${finding.line}`} data-line={finding.line}>
                <span class="nowrap">{words.line(finding.line)}</span>
                {finding.excerpt && <q>{finding.excerpt}</q>}
              </a>
            )}
            <p class="check-help">{said.help}</p>
          </li>
        );
      })}
    </ul>
  );
}
