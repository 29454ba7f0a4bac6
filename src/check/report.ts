/** What the panel shows of a text, and what stops it from being sent. */
import type { Finding as DoctorFinding } from '../doctor/finding.ts';
import type { Problem } from '../model/issue.ts';
import type { ClientDifference } from './clients.ts';
import type { InboxView } from './inbox.ts';
import type { LinkLine } from './links.ts';
import type { SpamEstimate } from './spam.ts';

export const groups = [
  'law',
  'size',
  'inbox',
  'text',
  'links',
  'fields',
  'names',
  'access',
  'spam',
  'clients',
  'domain',
] as const;
export type Group = (typeof groups)[number];

export interface CheckFinding extends Problem {
  group: Group;
  /** The line as it stands, shortened; '' when it concerns the whole. */
  excerpt: string;
}

export interface CheckReport {
  /** By group, errors first, then by line. */
  findings: CheckFinding[];
  size: {
    htmlBytes: number;
    /** Where a warning, a refusal and Gmail's cut begin. */
    warn: number;
    most: number;
    clip: number;
    sections: { type: string; title: string; bytes: number; line: number }[];
  };
  inbox: { from: string; subject: string; preheader: string; views: InboxView[] };
  links: LinkLine[];
  spam: SpamEstimate;
  clients: ClientDifference[];
  /** `asked`: not known yet, look again in a moment. */
  domain: { state: 'asked' | 'known'; name: string; findings: DoctorFinding[] };
  /** The brand's accent as readers see it by day and at night, when it had to be moved to be readable. */
  accent: { brand: string; day: string; night: string; contrast: number } | undefined;
}

const groupOfCode: Record<string, Group> = {
  'html-large': 'size',
  'html-too-large': 'size',
  'source-too-large': 'size',
  'unsubscribe-late': 'law',
  'no-subject': 'inbox',
  'subject-too-long': 'inbox',
  'no-preheader': 'inbox',
  'preheader-length': 'inbox',
  'preheader-is-subject': 'inbox',
  'empty-link': 'links',
  'unsafe-link': 'links',
  'relative-link': 'links',
  'insecure-link': 'links',
  'broken-anchor': 'links',
  'field-empty': 'fields',
  'unknown-field': 'fields',
  'field-in-title': 'fields',
  'field-in-url': 'fields',
  'template-syntax': 'fields',
  'braces-left': 'fields',
  'bad-condition': 'fields',
  'name-spelling': 'names',
  'term-abbreviation-taken': 'names',
  'term-translated-otherwise': 'names',
  'unused-term': 'names',
  'duplicate-term': 'names',
  'empty-term': 'names',
  'image-without-alt': 'access',
  'heading-order': 'access',
  'link-text-vague': 'access',
  'alt-file-name': 'access',
  'lang-mismatch': 'access',
  'image-format': 'clients',
  'spam-likely': 'spam',
};

export function groupOf(code: string): Group {
  if (code.startsWith('kr-')) return 'law';
  return groupOfCode[code] ?? (code.startsWith('link-') ? 'links' : 'text');
}

/** While there is one, the text must not be sent. */
export function blockingFindings(report: Pick<CheckReport, 'findings'>): CheckFinding[] {
  return report.findings.filter(finding => finding.severity === 'error');
}
