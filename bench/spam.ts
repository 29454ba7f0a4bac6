/** SpamAssassin's score of an issue as one reader gets it, network tests off. Needs Debian's `spamassassin`. options: [ISSUE.md] */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeCommand } from '../src/commands/compose.ts';
import { createOutput } from '../src/commands/output.ts';
import { benchIssue } from './support.ts';

export async function main([file]: string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-spam-'));
  try {
    const issue = join(folder, 'issue.md');
    writeFileSync(issue, benchIssue(file));
    await composeCommand(issue, { out: folder }, createOutput(true));
    // As it stands in a mailbox: after the relay that handed it over.
    const received = `Received: from relay.example.org (relay.example.org [192.0.2.10])\r\n\tby mx.example.com with ESMTPS; ${new Date().toUTCString().replace('GMT', '+0000')}\r\n`;
    const raw = Buffer.concat([Buffer.from(received), readFileSync(join(folder, 'email.eml'))]);
    const { stdout, error } = spawnSync('spamassassin', ['-L', '-t'], { input: raw, maxBuffer: 1 << 28 });
    if (error) throw new Error('spamassassin is not installed: apt-get install spamassassin');
    const report = stdout.toString();
    const [, score] = /X-Spam-Status:.*?score=(-?[\d.]+)/s.exec(report) ?? [];
    const rules = /Content analysis details:[\s\S]*?\n\n([\s\S]*?)\n\n/.exec(report)?.[1] ?? '(none)';
    process.stdout.write(`\nscore ${score}\n${rules}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
