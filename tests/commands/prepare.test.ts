/** Which day an issue bears: the one it goes out on where the publication is, unless its text names one. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prepare } from '../../src/commands/prepare.ts';
import { readConfig } from '../../src/config.ts';
import { broadsheet } from '../support/cli.ts';
import { audience, publicationOf } from '../support/fixtures.ts';
import { openServices, type Services } from '../support/services.ts';

const textOf = (words: string, date = '') => `---\nsubject: 시험 호\n${date}---\n\n${words}\n`;

test.each([
  ['Asia/Seoul', '', '2031-03-02', '2031년 3월 2일 (일)'],
  ['America/New_York', '', '2031-03-01', '2031년 3월 1일 (토)'],
  ['Asia/Seoul', 'date: 2031-02-28\n', '2031-02-28', '2031년 2월 28일 (금)'],
])('scheduled in %s, front matter “%s”: %s', async (timeZone, date, slug, shown) => {
  const config = readConfig({ PUBLIC_URL: 'https://news.example.org' });
  // Three in the afternoon of the first in New York, five in the morning of the second in Seoul.
  const at = new Date('2031-03-01T20:00:00Z');
  const source = textOf('안녕하세요.', date);
  const prepared = await prepare({ source, publication: publicationOf({ timeZone }), config, at });
  expect(prepared.slug).toBe(slug);
  expect(prepared.sample.html).toContain(shown);
  expect(prepared.sample.text).toContain(shown);
});

let services: Services;
let folder: string;

beforeAll(async () => {
  services = await openServices({ SMTP_URL: 'smtp://127.0.0.1:9' });
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-prepare-'));
});
afterAll(async () => {
  await services.close();
  await rm(folder, { recursive: true, force: true });
});

test('send --at stores the day it goes out on, and a correction before that day keeps it', async () => {
  await audience(services, ['a@example.net'], publicationOf({ slug: 'day' }));
  const file = join(folder, 'issue.md');
  const editionOf = async () => {
    const [row] = await services.sql<{ edition: string }[]>`
      select v.edition::text as edition from issues i join revisions v on v.id = i.revision_id where i.slug = '2099-01-01'`;
    return row!.edition;
  };
  for (const [words, command] of [
    ['처음', ['send', file, '--publication', 'day', '--at', '2099-01-01 08:00']],
    ['고침', ['correct', '2099-01-01', file]],
  ] as const) {
    await writeFile(file, textOf(words));
    const { json, stderr } = await broadsheet([...command, '--json'], services.env);
    expect(json, stderr).toMatchObject({ issue: '2099-01-01', state: 'scheduled' });
    const edition = await editionOf();
    expect(edition).toContain(words);
    expect(edition).toContain('2099년 1월 1일 (목)');
  }
}, 60_000);
