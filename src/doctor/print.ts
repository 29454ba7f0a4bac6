/** `doctor`'s findings for people: in groups, aligned, and as wide as the terminal; colours only there. */
import { styleText } from 'node:util';
import type { Finding, State } from './finding.ts';
import { isToCopy, type SaidFinding } from './say.ts';

const marks: Record<State, string> = { ok: '✓', warn: '!', fail: '✗', 'not applicable': '–' };
const colours = { ok: 'green', warn: 'yellow', fail: 'red', 'not applicable': 'gray' } as const;
/** A longer name has a line of its own. */
const mostName = 30;

export interface Summary {
  ok: number;
  warn: number;
  fail: number;
  notApplicable: number;
}

export function summaryOf(findings: readonly Pick<Finding, 'state'>[]): Summary {
  const of = (state: State) => findings.filter(each => each.state === state).length;
  return { ok: of('ok'), warn: of('warn'), fail: of('fail'), notApplicable: of('not applicable') };
}

/** @param columns of the terminal @param isColoured whether it takes colours */
export function findingLines(
  findings: readonly SaidFinding[],
  { columns, isColoured }: { columns: number; isColoured: boolean },
): string[] {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    isColoured ? styleText(style, text, { validateStream: false }) : text;
  const groups = [...new Set(findings.map(({ group }) => group))];
  const longest = findings.map(({ check }) => check.length).filter(length => length <= mostName);
  const width = Math.max(0, ...longest);
  const indent = ' '.repeat(width + 6);
  const lines = groups.flatMap(group => {
    const own = findings.filter(each => each.group === group);
    return [
      paint('bold', group),
      ...own.flatMap(({ check, state, found, fix }) => {
        const mark = paint(colours[state], marks[state]);
        const words = wrap(found, columns - indent.length).map(line =>
          state === 'not applicable' ? paint('gray', line) : line,
        );
        const isLong = check.length > width;
        const head = `  ${mark} ${isLong ? check : check.padEnd(width)}`;
        const first = isLong ? [head, `${indent}${words[0]}`] : [`${head}  ${words[0]}`];
        return [
          ...first,
          ...words.slice(1).map(line => indent + line),
          ...fix.flatMap(line => fixLines(line, columns, indent)).map(line => paint('cyan', line)),
        ];
      }),
      '',
    ];
  });
  return [...lines, summaryLine(summaryOf(findings), paint)];
}

/** What is to be copied is left whole; words are wrapped. */
function fixLines(line: string, columns: number, indent: string): string[] {
  return isToCopy(line)
    ? [`      ${line}`]
    : wrap(`→ ${line}`, columns - indent.length).map((text, i) => `${indent}${i > 0 ? '  ' : ''}${text}`);
}

function wrap(text: string, columns: number): string[] {
  const most = Math.max(30, columns);
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= most) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function summaryLine(
  { ok, warn, fail, notApplicable }: Summary,
  paint: (style: 'green' | 'yellow' | 'red', text: string) => string,
): string {
  const parts = [
    `${ok} fine`,
    warn > 0 ? paint('yellow', `${warn} to look at`) : '',
    fail > 0 ? paint('red', `${fail} to mend`) : '',
    notApplicable > 0 ? `${notApplicable} not applicable` : '',
  ];
  return parts.filter(Boolean).join(', ');
}
