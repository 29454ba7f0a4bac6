/** A prepared text → the report of its checks. Pure. */
import { clipHtmlBytes, maxHtmlBytes, warnHtmlBytes } from '../compose/preflight.ts';
import type { Edition } from '../model/edition.ts';
import type { Issue, Problem } from '../model/issue.ts';
import { issueText } from '../model/issue-text.ts';
import type { Publication } from '../model/publication.ts';
import { contrast } from '../render/colour.ts';
import { themeOf } from '../render/theme.ts';
import { inlinesOf } from '../render/walk.ts';
import { problem } from './catalogue.ts';
import { clientDifferences } from './clients.ts';
import { inboxViews } from './inbox.ts';
import { excerptOf, lineOf } from './lines.ts';
import { linkLines } from './links.ts';
import { type CheckFinding, type CheckReport, groupOf, groups } from './report.ts';
import { estimateSpam, spamLimit } from './spam.ts';

export interface Checked {
  source: string;
  issue: Issue;
  edition: Edition;
  problems: readonly Problem[];
  sample: { html: string };
}

const limits = { warn: warnHtmlBytes, most: maxHtmlBytes, clip: clipHtmlBytes };
const readable = 4.5;
const paper = '#fffefb';

export function makeReport(
  { source, issue, edition, problems, sample }: Checked,
  given: { publication: Publication; isSigned: boolean; domain: CheckReport['domain'] },
): CheckReport {
  const htmlBytes = Buffer.byteLength(sample.html);
  const spam = estimateSpam({
    issue,
    edition,
    words: issueText(issue),
    pictures: [...inlinesOf(issue)].filter(node => node.type === 'image').length,
    htmlBytes,
    isSigned: given.isSigned,
  });
  const likely =
    spam.points >= spamLimit
      ? [problem('spam-likely', 0, `The estimate is ${spam.points} points; filters refuse near ${spamLimit}.`)]
      : [];
  const subject = visible(issue.subject);
  const preheader = visible(issue.preheader);
  return {
    findings: sorted([...problems, ...likely], source),
    size: {
      htmlBytes,
      ...limits,
      sections: edition.sections.map(row => ({ ...row, line: row.title ? lineOf(source, row.title) : 0 })),
    },
    inbox: { from: given.publication.from.name, subject, preheader, views: inboxViews(subject, preheader) },
    links: linkLines(source, edition),
    spam,
    clients: clientDifferences(sample.html),
    domain: given.domain,
    accent: accentOf(given.publication),
  };
}

function sorted(problems: readonly Problem[], source: string): CheckFinding[] {
  const lines = source.split('\n');
  const weight = (finding: CheckFinding) => (finding.severity === 'error' ? 0 : 1);
  return problems
    .map(each => ({ ...each, group: groupOf(each.code), excerpt: excerptOf(lines, each.line) }))
    .sort((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group) || weight(a) - weight(b) || a.line - b.line);
}

/** A field shows what stands in for it. */
function visible(text: string): string {
  return text.replace(
    /\{\{\s*([^{}|]*?)\s*(?:\|([^{}]*))?\}\}/g,
    (_all, name: string, fallback?: string) => fallback?.trim() || name,
  );
}

function accentOf({ brand }: Publication): CheckReport['accent'] {
  const { day, night } = themeOf(brand.accent);
  const measured = contrast(brand.accent, paper);
  return measured >= readable
    ? undefined
    : { brand: brand.accent, day: day.accent, night: night.accent, contrast: Math.floor(measured * 10) / 10 };
}
