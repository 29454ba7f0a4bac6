/** Readers of a corrected issue: links of mails that left before, links of those that left after, and the web copy. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addRevision, currentRevision } from '../../../src/db/revisions.ts';
import { editionSchema } from '../../../src/model/edition.ts';
import { issueSchema } from '../../../src/model/issue.ts';
import { renumber } from '../../../src/render/renumber.ts';
import { report } from '../../../src/track/report.ts';
import { acceptAll } from '../../track/support.ts';
import { openStage, press, type Stage } from './support.ts';

const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0' };
const clickTo = (ref: number) => ({ kind: 'link', link: { to: 'click', ref } }) as const;
const page = (...refs: number[]) => ['<html><body class="x">', ...refs.map(clickTo), '</body></html>'];
const linkOf = (ref: number, url: string) => ({ ref, url, section: 's', label: url.at(-1)! });

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({
    readers: 4,
    slug: 'issue-1',
    links: [linkOf(1, 'https://example.org/wrong'), linkOf(2, 'https://example.org/kept')],
    html: page(1, 2),
  });
  await acceptAll(stage.services.sql, stage.sent.issueId, stage.sent.subscriberIds, 60_000);
});
afterAll(() => stage.services.close());

const go = async (reader: number, ref: number) => {
  const answer = await stage.app.request(stage.link('click', reader, ref), { headers: browser });
  return [answer.status, answer.headers.get('location')];
};

async function correct(note: string | null): Promise<void> {
  const { sql } = stage.services;
  const current = await currentRevision(sql, stage.sent.issueId);
  const edition = editionSchema.parse({
    ...current.edition,
    html: page(1, 2),
    links: [linkOf(1, 'https://example.org/kept'), linkOf(2, 'https://example.org/right')],
    summaries: [{ number: 1, id: 'paper-1', title: '새 논문' }],
  });
  await addRevision(sql, {
    issueId: stage.sent.issueId,
    follows: current.id,
    source: 'y',
    sourceHash: Buffer.from(String(current.number)),
    issue: issueSchema.parse({
      title: '고친 호',
      subject: '고친 호',
      preheader: '',
      lang: 'ko',
      sections: [
        {
          type: 'summary',
          id: 'paper-1',
          number: 1,
          title: '새 논문',
          work: '',
          workLabel: '',
          links: [{ label: 'right', url: 'https://example.org/right', kind: 'paper' }],
          lead: [],
          parts: [],
        },
      ],
    }),
    edition: renumber(edition, current.edition),
    note,
  });
}

test('a link of an old mail leads where it led; a new one works at once; the report has them all', async () => {
  // The web server knows the issue as it was.
  expect(await go(0, 1)).toEqual([302, 'https://example.org/wrong']);
  expect(await go(0, 3)).toEqual([404, null]);
  await correct('링크가 <잘못>됐어요');
  expect(await go(1, 1)).toEqual([302, 'https://example.org/wrong']);
  expect(await go(1, 2)).toEqual([302, 'https://example.org/kept']);
  await expect.poll(() => go(2, 3), { timeout: 5000 }).toEqual([302, 'https://example.org/right']);
  const { links } = (await report(stage.services.sql, stage.sent.issueId)).clicks;
  expect(links.map(({ ref, url, people }) => [ref, url, people])).toEqual([
    [1, 'https://example.org/wrong', 2],
    [2, 'https://example.org/kept', 1],
    [3, 'https://example.org/right', 1],
  ]);
});

test('likes of a summary that was taken out still count under its title', async () => {
  const [first] = (await currentRevision(stage.services.sql, stage.sent.issueId)).edition.summaries;
  expect(first!.number).toBe(1);
  const path = stage.link('like', 3, 2);
  expect((await stage.app.request(path)).status).toBe(200);
  expect((await press(stage.app, path, { action: 'like' })).status).toBe(303);
  const { summaryLikes } = await report(stage.services.sql, stage.sent.issueId);
  expect(summaryLikes.map(({ summary, likes }) => [summary, likes])).toContainEqual([2, 1]);
});

test('the web copy is the newest and says what was corrected, newest first, escaped', async () => {
  const { sql } = stage.services;
  const answer = await stage.app.request('/p/watch/issue-1');
  const html = await answer.text();
  expect(html).toContain('https://example.org/right');
  expect(html).not.toContain('https://example.org/wrong');
  expect(html).toMatch(
    /<div class="notice corrections" lang="ko"[^>]*><p>\d{4}년 \d+월 \d+일에 바로잡았어요: 링크가 &lt;잘못&gt;됐어요<\/p><\/div>/,
  );
  await correct(null);
  const next = await (await stage.app.request('/p/watch/issue-1')).text();
  expect(next).toMatch(/일에 내용을 바로잡았어요\.<\/p><p[^>]*>[^<]*링크가/);
  // What was corrected before anybody had it is nobody's news.
  await sql`update issues set started_at = now() where id = ${stage.sent.issueId}`;
  await correct(null);
  await sql`update issues set started_at = now() where id = ${stage.sent.issueId}`;
  expect(await (await stage.app.request('/p/watch/issue-1')).text()).not.toContain('바로잡');
});

test('addresses of summaries keep their meaning: a new one has a number of its own, one that was taken out leads to the issue', async () => {
  const page = await (await stage.app.request('/p/watch/issue-1')).text();
  const [, number] = /\/p\/watch\/issue-1\/(\d+)"/.exec(page)!;
  expect(number).toBe('3');
  const own = await stage.app.request('/p/watch/issue-1/3');
  expect([own.status, (await own.text()).includes('새 논문')]).toEqual([200, true]);
  const gone = await stage.app.request('/p/watch/issue-1/2');
  expect([gone.status, gone.headers.get('location')]).toEqual([302, '/p/watch/issue-1']);
});

test('the public address of an erratum leads to the issue it corrects, and the archive does not list it', async () => {
  await stage.services.sql`
    insert into issues (publication_id, slug, kind, state, title, source_hash, corrects, started_at, revision_id)
    select publication_id, 'issue-1-erratum', 'erratum', 'sent', '정정', source_hash, id, now(), revision_id from issues
    where id = ${stage.sent.issueId}`;
  const answer = await stage.app.request('/p/watch/issue-1-erratum');
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/p/watch/issue-1']);
  expect(await (await stage.app.request('/p/watch')).text()).not.toContain('정정');
  const token = stage.services.tokens.sign({
    purpose: 'unsubscribe',
    ref: 0,
    issueId: (await stage.services.sql`select id from issues where kind = 'erratum'`)[0]!.id,
    subscriberId: stage.sent.subscriberIds[0]!,
  });
  await press(stage.app, `/r/${token}/unsubscribe`, { 'List-Unsubscribe': 'One-Click' });
  expect(await stage.state(0)).toBe('unsubscribed');
});
