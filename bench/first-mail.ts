/**
 * A new editor's way: from `npm run demo` to a test mail with their own text, through the console in a real browser. Counts what a hand does
 * (clicks, keys, what is filled in) and what the machine makes it wait; thinking and reading are nobody's to measure here.
 *
 * options: --issue FILE (an issue of the seed's size, made from the sample), --language ko|en, --rounds N (1), --pictures DIR
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Locator, type Page } from 'playwright-core';
import { benchIssue, median, table } from './support.ts';

interface Step {
  name: string;
  clicks: number;
  keys: number;
  seconds: number;
}

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      issue: { type: 'string' },
      language: { type: 'string', default: 'ko' },
      rounds: { type: 'string', default: '1' },
      pictures: { type: 'string' },
    },
  });
  const text = benchIssue(values.issue);
  const rounds: Step[][] = [];
  for (let i = 0; i < Number(values.rounds); i++) rounds.push(await walk(text, values.language, values.pictures));
  const rows = rounds[0]!.map(({ name, clicks, keys }, at) => [
    name,
    clicks,
    keys,
    median(rounds.map(round => round[at]!.seconds)).toFixed(1),
  ]);
  const sum = (of: (step: Step) => number) => rounds[0]!.reduce((all, step) => all + of(step), 0);
  const seconds = median(rounds.map(round => round.reduce((all, step) => all + step.seconds, 0)));
  rows.push(['**all**', sum(step => step.clicks), sum(step => step.keys), `**${seconds.toFixed(1)}**`]);
  process.stdout.write(
    `${Buffer.byteLength(text)} bytes of text\n\n${table(['step', 'clicks', 'keys', 'seconds of waiting'], rows)}\n`,
  );
}

/** Once from nothing to the mail. @throws Error when a step does not come to its end */
async function walk(text: string, language: string, pictures: string | undefined): Promise<Step[]> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-first-'));
  const steps: Step[] = [];
  let startedAt = performance.now();
  const done = (name: string, clicks: number, keys: number) => {
    steps.push({ name, clicks, keys, seconds: (performance.now() - startedAt) / 1000 });
    startedAt = performance.now();
  };
  const demo = spawn('npm', ['run', 'demo'], {
    env: { ...process.env, DATA_DIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const said = await saidBy(demo, /Ctrl-C/);
    done('`npm run demo` until it says where to look', 0, 'npm run demo\n'.length);
    const inbox = /Inbox\s+(\S+)/.exec(said)![1]!;
    const [, consoleUrl, email, password] = /Console\s+(\S+)\s+(\S+) · (\S+)/.exec(said)!;
    const context = await browser.newContext({
      locale: language === 'ko' ? 'ko-KR' : 'en-US',
      viewport: { width: 1280, height: 860 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await context.newPage();
    const look = async (name: string) => {
      if (!pictures) return;
      await mkdir(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `${name}.png`) });
      startedAt = performance.now();
    };
    await page.goto(consoleUrl!);
    await look('1-login');
    await page.fill('input[name=email]', email!);
    await page.fill('input[name=password]', password!);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/console$/);
    // The address opened from the terminal; each of the two is copied from there: a double click, copy, paste.
    done('log in', 3, 2 * 4 + 2);
    await look('2-home');

    await page.locator('a[href$="/manuscripts/new"]').first().click();
    await page.locator('main form button[type=submit]').waitFor();
    await look('3-new');
    await page.locator('main form button[type=submit]').click();
    await page.locator('.cm-content').waitFor();
    done('a new issue, from the guide', 2, 0);
    await look('4-composer');

    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
    startedAt = performance.now();
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+v');
    await seen(page.frameLocator('#preview iframe').getByText(lastWords(text)).last());
    done('one’s own text pasted over it, until the e-mail beside it shows its end', 1, 4);
    await look('5-pasted');

    await page.locator('a[href$="/send"]').click();
    await page.locator('#send-test button[type=submit]').waitFor();
    done('to the page for sending', 1, 0);
    await look('6-send');

    await page.locator('#send-test button[type=submit]').click();
    await arrived(page, inbox, email!, /subject: (.*)/.exec(text)![1]!);
    done('“Send a test”, until it lies in the inbox', 1, 0);
    await look('7-sent');
    return steps;
  } finally {
    await browser.close();
    await ended(demo);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Words of the text's last paragraph, as a reader sees them. */
function lastWords(text: string): string {
  const paragraphs = text.split('\n').filter(line => /^[가-힣A-Za-z]/.test(line) && line.length > 60);
  return paragraphs
    .at(-1)!
    .split(/[*_`[\]{}<>\\]/, 1)[0]!
    .slice(0, 40)
    .trim();
}

const seen = (where: Locator) => where.waitFor({ state: 'attached', timeout: 20_000 });

/** Until the local inbox has a mail for that address, of that subject. */
async function arrived(page: Page, inbox: string, email: string, subject: string): Promise<void> {
  for (const end = performance.now() + 30_000; performance.now() < end; ) {
    const answer = await page.request.get(`${inbox}?q=${encodeURIComponent(email)}`);
    const list = await answer.text();
    if (list.includes('href="/mail/') && list.includes(subject)) return;
    await page.waitForTimeout(50);
  }
  throw new Error(`no mail for ${email} came to ${inbox}`);
}

function saidBy(child: ChildProcess, until: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout!.on('data', chunk => {
      said += chunk;
      if (until.test(said)) resolve(said);
    });
    child.once('exit', code => reject(new Error(`the demo ended by itself (${code}):\n${said}`)));
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise(resolve => child.once('exit', resolve));
  process.kill(-child.pid!, 'SIGINT');
  await gone;
}
