/** What readers get, as far as it can be told in figures: subject, sizes, findings. */

import type { Prepared } from '../../../commands/prepare.ts';
import { Icon } from '../../icons.tsx';
import { problemWords } from '../check/problem-words.ts';
import type { SendDesk } from './desk.ts';
import { type Finding, isBlocked } from './text.ts';

export function WhatStep({
  desk,
  prepared,
  findings,
}: {
  desk: SendDesk;
  prepared: Prepared;
  findings: readonly Finding[];
}) {
  const { words } = desk;
  return (
    <section class="sheet send-step" aria-labelledby="send-what">
      <h2 id="send-what">{words.whatTitle}</h2>
      <Letterhead desk={desk} prepared={prepared} />
      <Findings desk={desk} findings={findings} />
    </section>
  );
}

export function Letterhead({ desk, prepared }: { desk: SendDesk; prepared: Prepared }) {
  const { words, publication } = desk;
  const { issue, sample } = prepared;
  return (
    <dl class="send-facts">
      <dt>{words.from}</dt>
      <dd>
        <bdi>{publication.from.name}</bdi> <span class="quiet">&lt;{publication.from.address}&gt;</span>
      </dd>
      <dt>{words.subject}</dt>
      <dd class="send-subject">
        <bdi>{issue.subject}</bdi>
      </dd>
      <dt>{words.preheader}</dt>
      <dd>{issue.preheader ? <bdi>{issue.preheader}</bdi> : <span class="quiet">{words.noPreheader}</span>}</dd>
      <dt>{words.size}</dt>
      <dd>
        {words.sizes(
          kilobytes(Buffer.byteLength(sample.html), desk.language),
          kilobytes(sample.raw.length, desk.language),
        )}{' '}
        <span class="quiet small">{words.gmail}</span>
      </dd>
    </dl>
  );
}

export function kilobytes(bytes: number, language: string): string {
  return `${(bytes / 1000).toLocaleString(language, { maximumFractionDigits: 1 })} KB`;
}

export function Findings({ desk, findings }: { desk: SendDesk; findings: readonly Finding[] }) {
  const { words, editor } = desk;
  if (findings.length === 0)
    return (
      <p class="send-clean">
        <Icon name="done" /> {words.clean}
      </p>
    );
  return (
    <div class="send-findings">
      <ul>
        {findings
          .map(given => ({ ...given, ...problemWords(given, desk.language) }))
          .map(finding => (
            <li class={finding.severity}>
              <Icon name="alert" />
              <span>
                <strong>{words[finding.severity]}</strong>
                {finding.line > 0 && ` · ${words.line(finding.line)}`}:{' '}
                {finding.code === 'sent-before' ? words.sentBefore(finding.message) : finding.message}{' '}
                <span class="quiet">{finding.help}</span>
              </span>
            </li>
          ))}
      </ul>
      {isBlocked(findings) && (
        <p>
          {words.blocked} <a href={editor}>{words.mend}</a>
        </p>
      )}
    </div>
  );
}
