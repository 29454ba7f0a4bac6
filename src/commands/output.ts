/** How commands speak: results on stdout (with --json one object on the last line), everything else on stderr. */
import { BroadsheetError, messageOf } from '../errors.ts';
import type { Problem } from '../model/issue.ts';

export interface Output {
  json: boolean;
  /** A line for people; nothing with --json. */
  say(line: string): void;
  /** The command's result: JSON, or the lines for people. */
  result(value: unknown, lines: string[]): void;
}

export function createOutput(json: boolean): Output {
  return {
    json,
    say: line => {
      if (!json) process.stdout.write(`${line}\n`);
    },
    result: (value, lines) => {
      process.stdout.write(json ? `${JSON.stringify(value)}\n` : lines.map(line => `${line}\n`).join(''));
    },
  };
}

/** `file:12: warning code: message` and what to do, as compilers do, so that editors can jump to the line. */
export function problemLines(problems: readonly Problem[], file: string): string[] {
  return problems.flatMap(({ severity, code, line, message, help }) => [
    `${file}${line > 0 ? `:${line}` : ''}: ${severity} ${code}: ${message}`,
    `    ${help}`,
  ]);
}

/** Prints an error and returns the exit code: 2 for wrong usage, 1 otherwise. */
export function reportError(error: unknown, json: boolean): number {
  if (!(error instanceof BroadsheetError)) {
    process.stderr.write(
      `error: ${messageOf(error)}\n${error instanceof Error && error.stack ? `${error.stack}\n` : ''}`,
    );
    if (json) process.stdout.write(`${JSON.stringify({ error: { code: 'UNEXPECTED', message: messageOf(error) } })}\n`);
    return 1;
  }
  const { code, message, help, file, line } = error;
  const place = file ? `${file}${line ? `:${line}` : ''}: ` : '';
  process.stderr.write(`error ${code}: ${place}${message}\n    ${help}\n`);
  if (json) process.stdout.write(`${JSON.stringify({ error: { code, message, help, file, line } })}\n`);
  return code === 'USAGE' || code === 'CONFIG_INVALID' ? 2 : 1;
}
