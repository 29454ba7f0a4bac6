/** `compose`: an issue to files, without any server. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, readConfig } from '../config.ts';
import { readDkim } from '../deliver/presses.ts';
import { BroadsheetError, messageOf } from '../errors.ts';
import { type Publication, samplePublication } from '../model/publication.ts';
import { readPublicationFile } from '../subscribers/publication-file.ts';
import { type Output, problemLines } from './output.ts';
import { isError, prepare, readSource } from './prepare.ts';

export interface ComposeOptions {
  out: string;
  publication?: string;
}

/** @returns exit code: 1 when the checks found errors; the files are written all the same, to look at */
export async function composeCommand(file: string, options: ComposeOptions, output: Output): Promise<number> {
  const config: Config = readConfig();
  const source = await readSource(file);
  const publication = await publicationFor(source, options.publication);
  const dkim = readDkim(config);
  const { issue, edition, problems, sample } = await prepare({ source, publication, config, dkim });
  const report = {
    title: issue.title,
    subject: issue.subject,
    htmlBytes: Buffer.byteLength(sample.html),
    textBytes: Buffer.byteLength(sample.text),
    wireBytes: sample.raw.length,
    sections: edition.sections,
    warnings: problems.filter(problem => !isError(problem)),
    errors: problems.filter(isError),
  };
  const files: Record<string, string | Buffer> = {
    'issue.json': `${JSON.stringify(issue, null, 2)}\n`,
    'email.html': sample.html,
    'email.txt': sample.text,
    'email.eml': sample.raw,
    'report.json': `${JSON.stringify(report, null, 2)}\n`,
  };
  try {
    await mkdir(options.out, { recursive: true });
    for (const [name, content] of Object.entries(files)) await writeFile(join(options.out, name), content);
  } catch (error) {
    throw new BroadsheetError('FILE_UNREADABLE', messageOf(error), {
      file: options.out,
      help: 'Choose a folder that can be written to with --out.',
    });
  }
  for (const line of problemLines(problems, file)) process.stderr.write(`${line}\n`);
  output.result(report, [
    `${issue.title}: ${report.htmlBytes.toLocaleString('en')} bytes of HTML, ${report.sections.length} sections → ${options.out}`,
    ...budgetLines(report.sections),
    `${report.errors.length} errors, ${report.warnings.length} warnings`,
  ]);
  return report.errors.length > 0 ? 1 : 0;
}

async function publicationFor(source: string, file: string | undefined): Promise<Publication> {
  if (file) return readPublicationFile(file);
  const letters = source.match(/\p{L}/gu)?.length ?? 0;
  const hangul = source.match(/\p{Script=Hangul}/gu)?.length ?? 0;
  return samplePublication(hangul * 5 > letters ? 'ko' : 'en');
}

/** The byte budget as bars. */
function budgetLines(sections: readonly { type: string; title: string; bytes: number }[]): string[] {
  const most = Math.max(1, ...sections.map(section => section.bytes));
  return sections.map(({ type, title, bytes }) => {
    const bar = '█'.repeat(Math.max(1, Math.round((bytes / most) * 24)));
    return `  ${String(bytes).padStart(7)}  ${bar.padEnd(24)}  ${type}${title ? `: ${title.slice(0, 40)}` : ''}`;
  });
}
