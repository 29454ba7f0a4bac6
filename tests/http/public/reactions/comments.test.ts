/** Comments: who may write, what waits, what is refused, what shows; nothing a reader writes becomes markup. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decideComments } from '../../../../src/db/comments.ts';
import { commentsOf } from '../../../../src/db/personal-data.ts';
import { putPublication } from '../../../../src/db/publications.ts';
import { cleanDisplayName, cleanText, judgeText } from '../../../../src/http/public/reactions/comment-text.ts';
import { Markdown } from '../../../../src/http/public/reactions/markdown.tsx';
import { forged, openStage, press, type Stage } from '../support.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ readers: 8 });
});
afterAll(() => stage.services.close());
beforeEach(async () => {
  await stage.services.sql`delete from comments where parent_id is not null`;
  await stage.services.sql`delete from comments`;
});

const publicPage = async (query = '') => (await stage.app.request(`/p/watch/first/comments${query}`)).text();
const ownPage = async (reader: number, query = '') =>
  (await stage.app.request(stage.link('comment', reader) + query)).text();
const rows = () =>
  stage.services.sql`select id, state, author, body, summary, parent_id, subscriber_id from comments order by id`;

function write(reader: number, body: string, more: Record<string, string> = {}) {
  return press(stage.app, stage.link('comment', reader), {
    action: 'add',
    body,
    name: `독자 ${reader}`,
    summary: '0',
    ...more,
  });
}

async function published(reader: number, body: string, more: Record<string, string> = {}): Promise<number> {
  await write(reader, body, more);
  const [row] = await stage.services.sql<{ id: number }[]>`select max(id) as id from comments`;
  await decideComments(stage.services.sql, [row!.id], 'published');
  return row!.id;
}

test('the first comment waits and only its writer sees it; once let through, the next shows at once', async () => {
  const first = await write(0, '첫 댓글이에요');
  expect(first.headers.get('location')).toMatch(/^comment\?done=held#c\d+$/);
  expect(await publicPage()).not.toContain('첫 댓글이에요');
  expect(await ownPage(1)).not.toContain('첫 댓글이에요');
  expect(await ownPage(0)).toContain('확인을 기다리고 있어요');
  const [row] = await rows();
  expect(await decideComments(stage.services.sql, [row!.id], 'published')).toEqual([row!.id]);
  expect((await write(0, '둘째 댓글')).headers.get('location')).toMatch(/done=posted/);
  const html = await publicPage();
  expect(html).toContain('첫 댓글이에요');
  expect(html).toContain('둘째 댓글');
  expect(html).not.toMatch(/reader0|example\.net|답글 쓰기|<form/);
  // One that was taken away makes the next ones wait again.
  await decideComments(stage.services.sql, [row!.id], 'hidden');
  expect((await write(0, '셋째')).headers.get('location')).toMatch(/done=held/);
});

test('settings: every comment waits, or there are none', async () => {
  const { sql } = stage.services;
  await published(1, '믿을 만한 독자');
  await putPublication(sql, { ...stage.sent.publication, comments: 'moderated' });
  expect((await write(1, '그래도 기다려요')).headers.get('location')).toMatch(/done=held/);
  await putPublication(sql, { ...stage.sent.publication, comments: 'off' });
  expect((await stage.app.request('/p/watch/first/comments')).status).toBe(404);
  expect((await write(1, '닫혔어요')).status).toBe(422);
  expect(await ownPage(1)).toContain('댓글을 받지 않아요');
  await putPublication(sql, stage.sent.publication);
  expect((await rows()).map(row => row.body)).toEqual(['믿을 만한 독자', '그래도 기다려요']);
});

test('the same words pressed twice, at once or again, are one comment', async () => {
  const answers = await Promise.all([1, 2, 3].map(() => write(2, '두 번 눌렀어요')));
  expect(answers.map(answer => answer.status).sort()).toEqual([303, 422, 422]);
  const again = await write(2, '두 번 눌렀어요  ');
  expect(again.status).toBe(422);
  // What was typed is still there.
  expect(await again.text()).toMatch(/<textarea[^>]*>두 번 눌렀어요<\/textarea>/);
  expect(await rows()).toHaveLength(1);
});

test('so many at once and no more', async () => {
  const statuses: number[] = [];
  for (let at = 0; at < 7; at++) statuses.push((await write(3, `댓글 ${at}`)).status);
  expect(statuses).toEqual([303, 303, 303, 303, 303, 429, 429]);
  expect((await write(4, '다른 독자')).status).toBe(303);
});

test('a filled-in hidden field is thanked and nothing is written; too many links, long and empty ones are refused', async () => {
  expect((await write(0, '싸게 팝니다', { website: 'https://spam.example' })).headers.get('location')).toBe(
    'comment?done=held',
  );
  for (const body of [
    '',
    '   \n\u200b ',
    '---',
    '[a]: https://a.example',
    'x'.repeat(4001),
    'https://a.example '.repeat(7),
  ])
    expect((await write(0, body)).status).toBe(422);
  expect(await rows()).toEqual([]);
  expect((await write(0, '가'.repeat(4000))).status).toBe(303);
});

test('links and listed words wait, also of those who are trusted', async () => {
  const { sql } = stage.services;
  await putPublication(sql, { ...stage.sent.publication, commentBlocklist: ['CasiNo'] });
  await published(5, '믿을 만해요');
  for (const [body, state] of [
    ['하나 https://a.example/x 둘 https://b.example', 'published'],
    ['https://a.example https://b.example www.c.example', 'pending'],
    ['cAsino 어때요', 'pending'],
  ] as const) {
    await write(5, body);
    expect([body, (await rows()).at(-1)!.state]).toEqual([body, state]);
  }
  await putPublication(sql, stage.sent.publication);
});

test('only who is subscribed writes; who left can still delete', async () => {
  const { sql } = stage.services;
  const id = await published(6, '나중에 떠나요');
  await sql`update subscriptions set state = 'unsubscribed' where subscriber_id = ${stage.sent.subscriberIds[6]!}`;
  expect((await write(6, '떠난 뒤에')).status).toBe(422);
  expect(await ownPage(6)).toContain('구독 중일 때');
  await press(stage.app, stage.link('comment', 6), { action: 'remove', id: String(id) });
  expect((await rows()).map(row => [row.state, row.body, row.author])).toEqual([['deleted', '', '']]);
  await sql`update subscriptions set state = 'active' where subscriber_id = ${stage.sent.subscriberIds[6]!}`;
});

test('answers: one level, under what they answer; a deleted comment stays while answers hang on it', async () => {
  const id = await published(0, '물어볼게요');
  await published(1, '답해요', { parent: String(id) });
  const [, answer] = await rows();
  expect(answer!.parentId).toBe(id);
  // Not to an answer, not to another issue's, not to what is hidden.
  expect((await write(2, '깊게', { parent: String(answer!.id) })).status).toBe(422);
  expect((await write(2, '없는 곳에', { parent: '999999' })).status).toBe(422);
  expect((await write(2, '이상한 곳에', { parent: "1' or 1=1" })).status).toBe(422);
  await press(stage.app, stage.link('comment', 0), { action: 'remove', id: String(id) });
  const html = await publicPage();
  expect(html).toContain('삭제한 댓글이에요');
  expect(html).toContain('답해요');
  expect(html).not.toContain('물어볼게요');
  await press(stage.app, stage.link('comment', 1), { action: 'remove', id: String(answer!.id) });
  expect(await publicPage()).toContain('아직 댓글이 없어요');
});

test('editing: one’s own, for 15 minutes; others’ never', async () => {
  const { sql } = stage.services;
  const id = await published(0, '오타가 있어오');
  const edit = (reader: number, body: string) =>
    press(stage.app, stage.link('comment', reader), { action: 'edit', id: String(id), body });
  await edit(1, '남의 글');
  await press(stage.app, stage.link('comment', 1), { action: 'remove', id: String(id) });
  expect((await rows())[0]).toMatchObject({ body: '오타가 있어오', state: 'published' });
  expect((await edit(0, '오타가 없어요')).headers.get('location')).toMatch(/done=edited/);
  expect(await publicPage()).toContain('고침');
  await edit(0, 'https://a.example https://b.example https://c.example');
  expect((await rows())[0]!.state).toBe('pending');
  await sql`update comments set created_at = now() - interval '16 minutes' where id = ${id}`;
  expect((await edit(0, '늦었어요')).status).toBe(422);
  expect(await ownPage(0, `?edit=${id}`)).not.toMatch(/name="action" value="edit"/);
  expect((await rows())[0]!.body).not.toBe('늦었어요');
});

test('a comment about a summary shows there and in the issue’s thread, named', async () => {
  await published(0, '요약 둘 이야기', { summary: '2' });
  await published(1, '없는 요약', { summary: '77' });
  expect(await publicPage('?summary=2')).toContain('요약 둘 이야기');
  expect(await publicPage('?summary=1')).not.toContain('요약 둘 이야기');
  expect(await publicPage()).toContain('요약 2');
  expect((await rows()).map(row => row.summary)).toEqual([2, 0]);
});

test('the name shown is the reader’s choice: no address, no link, not the newsletter’s own', async () => {
  const page = await ownPage(7);
  expect(page).toMatch(/name="name" value="독\*\*"/);
  for (const name of [
    'a@b.example',
    'https://x.example',
    'LLM  watch',
    'ＬＬＭ Watch',
    '',
    '\u202eabc\n'.repeat(9),
    '<b>x</b>',
    '가'.repeat(31),
  ])
    expect([name, (await write(7, '이름 시험', { name })).status]).toEqual([name, 422]);
  await write(7, '이름 시험', { name: '  하늘\u202e\n다람쥐 ' });
  expect((await rows())[0]!.author).toBe('하늘 다람쥐');
  expect(await ownPage(7)).toMatch(/name="name" value="하늘 다람쥐"/);
});

test('GET and HEAD of readers’ pages change nothing; forged links are not found', async () => {
  const id = await published(0, '그대로');
  const before = [await rows(), await stage.services.sql`select * from subscriptions order by 1, 2`];
  for (const method of ['GET', 'HEAD'])
    for (const query of [
      '',
      `?remove=${id}`,
      `?edit=${id}`,
      `?answer=${id}`,
      '?action=remove&id=1',
      '?done=held',
      '?after=5',
    ]) {
      const answer = await stage.app.request(stage.link('comment', 0) + query, { method });
      expect([query, answer.status, answer.headers.get('set-cookie')]).toEqual([query, 200, null]);
    }
  expect([await rows(), await stage.services.sql`select * from subscriptions order by 1, 2`]).toEqual(before);
  for (const path of [forged(stage.link('comment', 0)), stage.link('like', 0).replace('/like', '/comment')])
    expect((await press(stage.app, path, { action: 'add', body: 'x', name: 'x' })).status).toBe(404);
});

test('what a person wrote is in the file of what is held of them, and goes when they do', async () => {
  const { sql } = stage.services;
  await write(2, '내 데이터');
  const held = [];
  for await (const row of commentsOf(sql, stage.sent.subscriberIds[2]!)) held.push(row);
  expect(held).toMatchObject([
    { publication: 'watch', issue: 'first', author: '독자 2', body: '내 데이터', state: 'pending' },
  ]);
  await sql`delete from comments`;
  const [row] = await sql<{ id: number }[]>`
    insert into subscribers (email, email_key, domain, address_hash) values ('gone@example.net', 'gone@example.net', 'example.net', '\\x01') returning id`;
  await sql`insert into comments (publication_id, issue_id, subscriber_id, author, body, state)
    values (${stage.sent.publicationId}, ${stage.sent.issueId}, ${row!.id}, '떠난 이', '비밀', 'published')`;
  await sql`delete from subscribers where id = ${row!.id}`;
  expect((await rows()).map(one => [one.state, one.body, one.author, one.subscriberId])).toEqual([
    ['deleted', '', '', null],
  ]);
});

describe('Markdown', () => {
  const html = (text: string) => String(Markdown({ text }));

  test('emphasis, code, links, lists and quotes', () => {
    expect(html('**굵게** *기울임* `a < b`')).toBe(
      '<p><strong>굵게</strong> <em>기울임</em> <code>a &lt; b</code></p>',
    );
    expect(html('- 하나\n- 둘')).toContain('<li>하나</li>');
    expect(html('> 인용')).toContain('<blockquote>');
    // What looks like HTML is words.
    expect(html('List<String>은\n\n<T>')).toBe('<p>List&lt;String&gt;은</p>\n<p>&lt;T&gt;</p>');
    expect(html('보세요 https://a.example/x.')).toBe(
      '<p>보세요 <a href="https://a.example/x" rel="nofollow ugc noopener noreferrer">https://a.example/x</a>.</p>',
    );
    expect(html('한 줄\n두 줄')).toMatch(/한 줄<br\/?>\s*두 줄/);
  });

  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '![x](https://track.example/p.gif)',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt&#58;alert(1))',
    '[x](data:text/html;base64,PHNjcmlwdD4=)',
    '[x](vbscript:x) <javascript:alert(1)>',
    '[x]: javascript:alert(1)\n\n[x]',
    '[x](https://a.example/"onmouseover="alert(1))',
    'https://a.example/"><script>alert(1)</script>',
    '<a href="javascript:alert(1)" onclick="x">y</a>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<svg/onload=alert(1)>',
    '```html\n<script>alert(1)</script>\n```',
    '`<script>alert(1)</script>`',
    '<!-- --><style>*{display:none}</style>',
    '# <script>x</script>',
    '<<script>script>alert(1)<</script>/script>',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
  ])('nothing of %j becomes markup of its own', text => {
    const written = html(text);
    const tags = [...written.matchAll(/<\/?([a-z0-9]+)([^>]*)>/gi)];
    for (const [tag, name, attributes] of tags) {
      expect(['p', 'br', 'em', 'strong', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a']).toContain(name);
      if (attributes?.trim().replace('/', ''))
        expect(tag).toMatch(
          /^<(?:a href="https?:\/\/[^"<>]*" rel="nofollow ugc noopener noreferrer"|pre tabindex="0"|p class="typed")>$/,
        );
    }
    expect(written.replace(/<[^>]*>/g, '')).not.toMatch(/[<>]/);
  });

  test.each([
    ['>'.repeat(4000)],
    ['- '.repeat(2000)],
    ['*a'.repeat(2000)],
    ['['.repeat(4000)],
    ['![a]('.repeat(800)],
    ['`'.repeat(4000)],
    ['*a _b '.repeat(600)],
  ])('a text made to be slow (%#) is shown, as typed', text => expect(html(text)).toContain('class="typed"'));
});

test('text is cleaned of what cannot be seen', () => {
  expect(cleanText(' a\u202eb\r\nc\u0000\u200b\n\n\n\n\nd  \n')).toBe('ab\nc\n\nd');
  expect(cleanText('👩‍💻')).toBe('👩‍💻');
  expect(judgeText('https://a.example', [])).toEqual({ held: false });
  expect(cleanDisplayName(' Ada  Lovelace ', ['LLM Watch'])).toBe('Ada Lovelace');
});
