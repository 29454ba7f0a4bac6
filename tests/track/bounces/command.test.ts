import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maxReportBytes, readReports } from '../../../src/track/bounces/sources.ts';
import { returnPath } from '../../../src/track/tokens.ts';
import { broadsheet } from '../../support/cli.ts';
import { openServices } from '../../support/services.ts';
import { acceptAll, sendIssue } from '../support.ts';
import { dsn, plain, reader } from './samples.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-bounces-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const hard = dsn({ status: '5.1.1' });
const found = { recipient: reader, status: '5.1.1', verdict: 'hard' };
const mboxLine = 'From MAILER-DAEMON Thu Apr 29 23:34:45 2021\n';
/** Nothing is reachable and nothing may be written: a dry run needs neither. */
const nowhere = {
  DATABASE_URL: 'postgres://127.0.0.1:1/x',
  REDIS_URL: 'redis://127.0.0.1:1',
  SECRET_KEYS: 'x'.repeat(40),
  DATA_DIR: '/dev/null/x',
};

const names = async (path: string) => {
  const all: { name: string; bytes: number; kept: number; problem?: string }[] = [];
  for await (const { name, raw, bytes, problem } of readReports(path))
    all.push({ name, bytes, kept: raw.length, ...(problem ? { problem } : {}) });
  return all;
};

describe('where reports lie', () => {
  it('a file, an mbox, a Maildir, folders in folders', async () => {
    const root = join(folder, 'all');
    for (const sub of ['maildir/cur', 'maildir/new', 'maildir/tmp', 'maildir/.Bounces/cur', '.git'])
      await mkdir(join(root, sub), { recursive: true });
    await writeFile(join(root, 'one.eml'), hard);
    await writeFile(join(root, 'expected.json'), '{}');
    await writeFile(join(root, '.git/config'), 'x');
    await writeFile(join(root, 'maildir/cur/1.a:2,S'), hard);
    await writeFile(join(root, 'maildir/new/2.a'), hard);
    await writeFile(join(root, 'maildir/tmp/3.a'), hard);
    await writeFile(join(root, 'maildir/.Bounces/cur/4.a'), hard);
    await writeFile(
      join(root, 'two.mbox'),
      Buffer.concat([Buffer.from(mboxLine), hard, Buffer.from(`\n${mboxLine}`), hard]),
    );
    await writeFile(join(root, 'single'), Buffer.concat([Buffer.from(mboxLine), hard]));
    const { json, code } = await broadsheet(['bounces', root, '--dry-run', '--json'], nowhere);
    expect(code).toBe(0);
    expect(json).toEqual(
      Object.fromEntries(
        [
          'maildir/.Bounces/cur/4.a',
          'maildir/cur/1.a:2,S',
          'maildir/new/2.a',
          'one.eml',
          'single',
          'two.mbox#1',
          'two.mbox#2',
        ].map(name => [name, [found]]),
      ),
    );
  });

  it('one file, for people', async () => {
    const file = join(folder, 'one.eml');
    await writeFile(file, hard);
    const { stdout, code } = await broadsheet(['bounces', file, '--dry-run'], nowhere);
    expect(code).toBe(0);
    expect(stdout).toContain(`hard      5.1.1   ${reader}  one.eml`);
    expect(stdout).toContain('1 reports: hard 1; nothing recorded (--dry-run)');
  });

  it('nothing there is an error; an empty folder is not', async () => {
    const { json, code } = await broadsheet(['bounces', join(folder, 'none'), '--dry-run', '--json'], nowhere);
    expect([code, json.error?.code]).toEqual([1, 'FILE_UNREADABLE']);
    await mkdir(join(folder, 'empty'));
    expect((await broadsheet(['bounces', join(folder, 'empty'), '--dry-run', '--json'], nowhere)).json).toEqual({});
  });

  it('what is no mail, or too large to find anything, has an entry that says so', async () => {
    const root = join(folder, 'odd');
    await mkdir(root);
    await writeFile(join(root, 'picture.png'), Buffer.alloc(5000, 0x89));
    await writeFile(join(root, '__proto__'), hard);
    await writeFile(
      join(root, 'large.eml'),
      Buffer.concat([Buffer.from('Subject: x\n\n'), Buffer.alloc(2 * maxReportBytes, 'x\n')]),
    );
    await writeFile(join(root, 'large-tail.eml'), Buffer.concat([hard, Buffer.alloc(2 * maxReportBytes, 'x')]));
    const { stdout } = await broadsheet(['bounces', root, '--dry-run', '--json'], nowhere);
    expect(stdout).toContain(`"__proto__":[${JSON.stringify(found)}]`);
    const json = JSON.parse(stdout);
    expect(json['picture.png']).toMatchObject([{ verdict: 'none', problem: 'not a mail message' }]);
    expect(json['large.eml']).toMatchObject([
      { verdict: 'none', problem: expect.stringMatching(/^nothing found in the first 1048576 of 2097/) },
    ]);
    expect(json['large-tail.eml']).toEqual([found]);
  });

  it('an mbox is split wherever its chunks end, and only at real separators', async () => {
    const body = plain(`From here on it is text\n\nFrom me to you\n${'x'.repeat(700)}\n`);
    for (const pad of [0, 1, 2, 3, 5, 200, 1000]) {
      const filler = 'y'.repeat(256 * 1024 - mboxLine.length - body.length - 1100 + pad);
      const file = join(folder, `split-${pad}.mbox`);
      await writeFile(
        file,
        [mboxLine, body.toString(), filler, '\n\n', mboxLine, body.toString(), '\n\n', mboxLine, body.toString()].join(
          '',
        ),
      );
      expect((await names(file)).map(({ name }) => name)).toEqual([1, 2, 3].map(n => `split-${pad}.mbox#${n}`));
    }
  });

  it('a line of 100 MB and a large mbox take little memory', async () => {
    const file = join(folder, 'huge.mbox');
    const stream = createWriteStream(file);
    const write = async (data: string | Buffer) => {
      if (!stream.write(data)) await once(stream, 'drain');
    };
    await write(mboxLine);
    await write('Subject: x\n\n');
    const megabyte = Buffer.alloc(1024 * 1024, 'x');
    for (let i = 0; i < 100; i++) await write(megabyte);
    for (let i = 0; i < 2000; i++) await write(`\n\n${mboxLine}${hard}`);
    stream.end();
    await once(stream, 'finish');
    const before = process.memoryUsage.rss();
    let most = 0;
    let count = 0;
    for await (const { raw, bytes } of readReports(file)) {
      if (count === 0) expect([raw.length, bytes > 100 * 1024 * 1024]).toEqual([maxReportBytes, true]);
      count++;
      most = Math.max(most, process.memoryUsage.rss() - before);
    }
    expect(count).toBe(2001);
    expect(most).toBeLessThan(80 * 1024 * 1024);
  });
});

describe('feeding', () => {
  it('suppresses, shows in the report, and twice is once', async () => {
    const services = await openServices();
    try {
      const issue = await sendIssue(services, { readers: 2 });
      await acceptAll(services.sql, issue.issueId, issue.subscriberIds, 60_000);
      const token = services.tokens.bytes({
        purpose: 'bounce',
        issueId: issue.issueId,
        subscriberId: issue.subscriberIds[0]!,
        ref: 0,
      });
      const file = join(folder, 'real.eml');
      await writeFile(
        file,
        Buffer.concat([
          Buffer.from(`Delivered-To: ${returnPath(token)}@example.org\n`),
          dsn({ status: '5.1.1', recipient: 'reader0@example.net' }),
        ]),
      );
      expect((await broadsheet(['bounces', file, '--dry-run'], services.env)).code).toBe(0);
      expect((await broadsheet(['subscriber', 'reader0@example.net', '--json'], services.env)).json.suppressed).toBe(
        false,
      );
      expect((await broadsheet(['bounces', file], services.env)).stdout).toContain(
        '1 recorded, 1 addresses suppressed',
      );
      expect((await broadsheet(['bounces', file], services.env)).stdout).toContain(
        '0 recorded, 0 addresses suppressed',
      );
      expect((await broadsheet(['subscriber', 'reader0@example.net', '--json'], services.env)).json.suppressed).toBe(
        true,
      );
      expect((await broadsheet(['report', issue.slug, '--json'], services.env)).json).toMatchObject({
        accepted: 2,
        complained: 0,
        bounced: { hard: 1, soft: 0 },
      });
    } finally {
      await services.close();
    }
  });
});
