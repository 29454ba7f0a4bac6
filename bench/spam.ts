/** SpamAssassin's score of an issue as one reader gets it, network tests off. Needs Debian's `spamassassin`. options: [ISSUE.md] */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeCommand } from '../src/commands/compose.ts';
import { createOutput } from '../src/commands/output.ts';
import { benchIssue } from './support.ts';

const publicationYaml = `slug: llm-watch
name: LLM Watch 한국어판
language: ko
timeZone: Asia/Seoul
from:
  name: LLM Watch 한국어판
  address: news@llm-watch.example
postalAddress: 서울특별시 중구 세종대로 110
`;

export async function main([file]: string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-spam-'));
  try {
    const issue = join(folder, 'issue.md');
    writeFileSync(issue, benchIssue(file));
    const publication = join(folder, 'publication.yaml');
    writeFileSync(publication, publicationYaml);
    const output = { ...createOutput(true), result: () => {} };
    await composeCommand(issue, { out: folder, publication }, output);
    const { stdout, error } = spawnSync('spamassassin', ['-L', '-t'], {
      input: readFileSync(join(folder, 'email.eml')),
      maxBuffer: 1 << 28,
    });
    if (error) throw new Error('spamassassin is not installed: apt-get install spamassassin');
    const report = stdout.toString();
    const [, score] = /X-Spam-Status:.*?score=(-?[\d.]+)/s.exec(report) ?? [];
    const rules = /Content analysis details:[\s\S]*?\n\n([\s\S]*?)\n\n/.exec(report)?.[1] ?? '(none)';
    process.stdout.write(`\nscore ${score}\n${rules}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
