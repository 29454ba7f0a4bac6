/** Past issues of Ghost and Substack, into the archive that readers see; and the command that does it all. */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openIssues, unplannedIssues } from '../../../src/db/issues.ts';
import { createApp } from '../../../src/http/server.ts';
import { broadsheet } from '../../support/cli.ts';
import { submitIssue } from '../../support/fixtures.ts';
import { type Desk, openDesk } from '../support.ts';

let desk: Desk;
let app: Hono;
beforeAll(async () => {
  desk = await openDesk();
  app = await createApp(desk.services);
});
afterAll(() => desk.close());

const page = async (path: string) => {
  const answer = await app.request(path);
  return { status: answer.status, html: await answer.text() };
};
const titles = (html: string) =>
  [...html.matchAll(/<h3 class="title"[^>]*><a href="[^"]*">(.*?)<\/a>/g)].map(m => m[1]);
const rows = async () => {
  const { sql } = desk.services;
  return [
    await sql`select * from issues order by id`,
    await sql`select * from revisions order by id`,
    await sql`select * from recipients`,
    await sql`select * from subscriptions order by publication_id, subscriber_id`,
    await sql`select * from suppressions order by address_hash`,
  ];
};

const ghostPost = (more: object) => ({
  id: '5f',
  title: 'A post',
  slug: 'a-post',
  html: '<p>Words with a <a href="__GHOST_URL__/other/">link</a>.</p>',
  status: 'published',
  visibility: 'public',
  type: 'post',
  custom_excerpt: null,
  published_at: '2023-04-05T06:07:08.000Z',
  ...more,
});

async function ghostExport(): Promise<string> {
  const folder = await mkdtemp(join(desk.folder, 'ghost-'));
  const posts = [
    ghostPost({
      title: 'Newer {{name}} <b>',
      slug: 'newer',
      published_at: '2024-04-05T06:07:08.000Z',
      custom_excerpt: 'What it says',
    }),
    ghostPost({}),
    ghostPost({ slug: 'draft', status: 'draft' }),
    ghostPost({ slug: 'mailed', status: 'sent' }),
    ghostPost({ slug: 'paid', visibility: 'paid', html: '<p>A secret for members</p>' }),
    ghostPost({ slug: 'about', type: 'page' }),
    ghostPost({ slug: 'empty', html: null }),
    ghostPost({ slug: 'deep', html: '<div>'.repeat(5000) }),
    { nothing: true },
  ];
  await writeFile(join(folder, 'blog.ghost.json'), JSON.stringify({ db: [{ meta: {}, data: { posts } }] }));
  await writeFile(
    join(folder, 'members.csv'),
    'id,email,name,subscribed_to_emails,created_at\n1,g-a@example.net,Ana,true,2022-03-16T08:03:11.000Z\n2,g-b@example.net,,false,\n',
  );
  return folder;
}

test('the command: shows first, does it when told, and twice changes nothing', async () => {
  const paper = await desk.publication();
  const { slug } = paper.publication;
  const folder = await ghostExport();
  const args = ['move-in', 'ghost', folder, '--publication', slug, '--site', 'https://old.example.org', '--json'];
  const before = await rows();
  const dry = await broadsheet(args, desk.services.env);
  expect(dry.code).toBe(0);
  expect(dry.json).toMatchObject({
    from: 'ghost',
    applied: false,
    active: 1,
    unsubscribed: 1,
    issues: {
      new: 2,
      known: 0,
      skippedWhy: { 'not published': 1, 'only mailed, never on the web': 1, 'not for everyone': 1, 'a page': 1 },
      rejectedTotal: 3,
    },
  });
  expect(await rows()).toEqual(before);

  const done = await broadsheet([...args, '--apply'], desk.services.env);
  expect(done.json).toEqual({ ...dry.json, applied: true });
  const after = await rows();
  const again = await broadsheet([...args, '--apply'], desk.services.env);
  expect(again.json).toMatchObject({ active: 0, unsubscribed: 0, skipped: 2, issues: { new: 0, known: 2 } });
  expect(await rows()).toEqual(after);

  const archive = await page(`/p/${slug}`);
  expect(titles(archive.html)).toEqual(['Newer { {name}} &lt;b&gt;', 'A post']);
  expect(archive.html).toContain('What it says');
  expect(archive.html).toContain('2023년 4월 5일');
  expect(archive.html).not.toContain('secret');
  const issue = await page(`/p/${slug}/a-post`);
  expect(issue.status).toBe(200);
  expect(issue.html).toContain('Words with a');
  expect(issue.html).toContain('href="https://old.example.org/other/"');
  for (const hidden of ['draft', 'mailed', 'paid', 'about'])
    expect((await page(`/p/${slug}/${hidden}`)).status).toBe(404);
});

test('a past issue is sent, to nobody: no worker ever takes it up, and its ledger is closed', async () => {
  const { sql, env } = desk.services;
  const [issue] = await sql`select * from issues where slug = 'a-post'`;
  expect(issue).toMatchObject({
    kind: 'regular',
    state: 'sent',
    startedAt: new Date('2023-04-05T06:07:08Z'),
    finishedAt: new Date('2023-04-05T06:07:08Z'),
  });
  expect(await unplannedIssues(sql)).not.toContain(issue!.id);
  expect((await openIssues(sql)).map(open => open.id)).not.toContain(issue!.id);
  const status = await broadsheet(['status', String(issue!.id), '--json'], env);
  expect(status.json).toMatchObject({ state: 'sent', audience: 0, accepted: 0 });
});

test('beside issues sent here, past ones stand at their own dates; a taken slug gets a number, once', async () => {
  const { services } = desk;
  const paper = await desk.publication();
  const { slug } = paper.publication;
  const here = await submitIssue(services, paper.id, { slug: 'a-post' });
  await services.sql`update issues set state = 'sent' where id = ${here.id}`;
  const args = ['move-in', 'ghost', await ghostExport(), '--publication', slug, '--apply', '--json'];
  expect((await broadsheet(args, services.env)).json.issues).toMatchObject({ new: 2 });
  expect((await broadsheet(args, services.env)).json.issues).toMatchObject({ new: 0, known: 2 });
  const archive = await page(`/p/${slug}`);
  expect(titles(archive.html)).toEqual(['시험 호', 'Newer { {name}} &lt;b&gt;', 'A post']);
  expect((await page(`/p/${slug}/a-post-2`)).html).toContain('Words with a');
});

test('Substack: posts.csv and the pages beside it', async () => {
  const paper = await desk.publication();
  const { slug } = paper.publication;
  const folder = await mkdtemp(join(desk.folder, 'substack-'));
  await mkdir(join(folder, 'posts'));
  const post = (id: string, more: string) => `${id},2024-05-06T07:08:09.000Z,${more}\n`;
  await writeFile(
    join(folder, 'posts.csv'),
    'post_id,post_date,is_published,email_sent_at,type,audience,title,subtitle,podcast_url\n' +
      post('101.the-first', 'true,,newsletter,everyone,"The first, of many",How it began,') +
      post('102.paid', 'true,,newsletter,only_paid,Paid,,') +
      post('103.draft', 'false,,newsletter,everyone,Draft,,') +
      post('104.chat', 'true,,thread,everyone,Chat,,') +
      post('105.lost', 'true,,newsletter,everyone,Lost,,') +
      post('../../etc/passwd', 'true,,newsletter,everyone,Evil,,'),
  );
  await writeFile(join(folder, 'posts', '101.the-first.html'), '<h3>Start</h3><p>It <strong>began</strong>.</p>');
  // Numbers of each mail: they hold addresses, and are no list of subscribers.
  await writeFile(join(folder, 'posts', '101.delivers.csv'), 'post_id,timestamp,email\n101,2024-05-06,x@example.net\n');
  await writeFile(
    join(folder, 'email_list.paper.csv'),
    'email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at\nb-a@example.net,false,,other,false,2024-01-01T00:00:00.000Z,\n',
  );
  const done = await broadsheet(
    ['move-in', 'substack', folder, '--publication', slug, '--apply', '--json'],
    desk.services.env,
  );
  expect(done.json).toMatchObject({
    active: 1,
    passedOver: [join(folder, 'posts', '101.delivers.csv')],
    issues: {
      new: 1,
      skippedWhy: { 'not for everyone': 1, 'not published': 1, 'a thread': 1 },
      rejected: [
        { line: 6, reason: 'posts/105.lost.html is not there' },
        { line: 7, reason: 'post_id is not one of Substack' },
      ],
    },
  });
  const issue = await page(`/p/${slug}/the-first`);
  expect(issue.html).toContain('The first, of many');
  expect(issue.html).toMatch(/<(?:strong|b)[^>]*>began</);
  expect(await paper.people()).toEqual({ 'b-a@example.net': { name: '', attributes: {}, state: 'active' } });
});

test('what cannot be read stops before anything is written', async () => {
  const paper = await desk.publication();
  const { slug } = paper.publication;
  const folder = await ghostExport();
  const before = await rows();
  const run = async (...paths: string[]) => {
    const { code, json } = await broadsheet(
      ['move-in', 'ghost', ...paths, '--publication', slug, '--apply', '--json'],
      desk.services.env,
    );
    expect(code).toBe(1);
    return json.error;
  };
  await writeFile(join(folder, 'broken.json'), '{"db": [');
  expect(await run(folder)).toMatchObject({ code: 'MOVE_IN_UNREADABLE', message: 'this is not JSON' });
  await writeFile(join(folder, 'broken.json'), '{}');
  expect((await run(folder)).message).toContain('db[0].data.posts');
  const members = join(folder, 'other.csv');
  await writeFile(members, 'Mail\nx@example.net\n');
  expect((await run(join(folder, 'blog.ghost.json'), members)).message).toContain('found “Mail”');
  expect((await run(join(folder, '..', 'nowhere'))).code).toBe('FILE_UNREADABLE');
  const empty = await mkdtemp(join(desk.folder, 'empty-'));
  expect((await run(empty)).message).toContain('nothing of Ghost is there');
  expect(await rows()).toEqual(before);
  const usage = await broadsheet(['move-in', 'mailman', folder, '--publication', slug, '--json'], desk.services.env);
  expect(usage.code).toBe(2);
});
