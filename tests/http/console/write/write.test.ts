/** Manuscripts over HTTP: begun, saved, fought over, thrown away and taken back, by whom it is allowed. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { acts } from '../../../../src/http/console/may.ts';
import { writeRoutes } from '../../../../src/http/console/write/routes.ts';
import { writeWords } from '../../../../src/http/console/write/words.ts';
import { submitIssue } from '../../../support/fixtures.ts';
import { type Role, roles, tokenOf } from '../staff.ts';
import { origin } from '../support.ts';
import { type Desk, openDesk } from './support.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

const at = (id: number, rest = '') => `/console/manuscripts/${id}${rest}`;

async function call(path: string, body: unknown, role: Role = 'editor'): Promise<Response> {
  const browser = desk.staff[role];
  return browser.request(path, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json', 'x-form-token': await tokenOf(browser) },
    body: JSON.stringify(body),
  });
}

// biome-ignore lint/suspicious/noExplicitAny: bodies are looked into, field by field
const json = async (answer: Response): Promise<any> => answer.json();

async function press(path: string, fields: Record<string, string>, role: Role = 'editor'): Promise<Response> {
  const browser = desk.staff[role];
  return browser.post(path, { token: await tokenOf(browser), ...fields });
}

test('a save is for the version it was begun from; another one is answered with the text that is saved', async () => {
  const id = await desk.manuscript('처음\n');
  expect(await (await call(at(id, '/save'), { version: 1, source: '하나\r\n둘\0\n' })).json()).toMatchObject({
    version: 2,
  });
  expect(await desk.saved(id)).toMatchObject({ source: '하나\n둘\n', title: '하나' });
  const late = await call(at(id, '/save'), { version: 1, source: '다른 글' }, 'owner');
  expect(late.status).toBe(409);
  expect(await late.json()).toMatchObject({
    conflict: true,
    version: 2,
    source: '하나\n둘\n',
    by: 'editor@example.org',
  });
  expect((await desk.saved(id)).source).toBe('하나\n둘\n');
  // The same text from a second window is nobody's loss.
  const same = await call(at(id, '/save'), { version: 1, source: '하나\n둘\n' });
  expect([same.status, (await json(same)).version]).toEqual([200, 2]);
});

test('of two saves at once one wins, and the other is told', async () => {
  const id = await desk.manuscript('처음');
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, index) => call(at(id, '/save'), { version: 1, source: `글 ${index}` })),
  );
  expect(answers.map(answer => answer.status).toSorted()).toEqual([200, 409, 409, 409, 409, 409]);
  expect((await desk.saved(id)).version).toBe(2);
});

test('a page that is left sends only what changed, of the text it was changed in', async () => {
  const text = `${'가'.repeat(30_000)} 끝`;
  const id = await desk.manuscript(text);
  const change = { version: 1, from: text.length - 1, to: text.length, insert: '새 끝', length: text.length };
  expect((await call(at(id, '/save'), { ...change, length: 3 })).status).toBe(409);
  expect((await call(at(id, '/save'), { ...change, from: text.length, to: text.length - 1 })).status).toBe(409);
  expect((await call(at(id, '/save'), change)).status).toBe(200);
  expect((await desk.saved(id)).source).toBe(`${text.slice(0, -1)}새 끝`);
  expect((await call(at(id, '/save'), change)).status).toBe(409);
});

test('an issue of the largest size is saved; a longer one is refused, and so is a flood', async () => {
  const id = await desk.manuscript('처음');
  expect((await call(at(id, '/save'), { version: 1, source: '가'.repeat(1024 * 1024) })).status).toBe(200);
  expect((await call(at(id, '/save'), { version: 2, source: '가'.repeat(1024 * 1024 + 1) })).status).toBe(400);
  expect((await call(at(id, '/save'), { version: 2, source: 'x'.repeat(9 * 1024 * 1024) })).status).toBe(413);
  expect((await desk.saved(id)).version).toBe(2);
});

test('without a script a conflict shows both texts, and what was put together keeps the other in the history', async () => {
  const id = await desk.manuscript('처음');
  await press(at(id), { version: '1', source: '한 사람의 글' }, 'owner');
  const answer = await press(at(id), { version: '1', source: '다른 </textarea><b>사람</b>의 글' });
  expect(answer.status).toBe(409);
  const html = await answer.text();
  expect(html).toContain('다른 &lt;/textarea&gt;');
  expect(html).toContain('한 사람의 글');
  expect((await press(at(id), { version: '2', keep: '1', source: '두 글을 합쳤어요' })).headers.get('location')).toBe(
    at(id, '?said=saved'),
  );
  const versions = await desk.services.sql`
    select source from manuscript_versions where manuscript_id = ${id} order by version`;
  expect(versions.map(row => row.source)).toEqual(['처음', '한 사람의 글', '두 글을 합쳤어요']);
});

test('begins with the number that comes next, from a start text, from nothing, from an earlier issue', async () => {
  const { services, publicationId } = desk;
  const source = '---\nsubject: "옛 제목" # 그대로\nnumber: 41\ndate: 2026-01-02\nslug: old-one\n---\n\n옛 글이에요.\n';
  const issue = await submitIssue(services, publicationId, { source, again: true });
  await services.sql`update revisions set issue = issue || '{"number":"41"}' where issue_id = ${issue.id}`;
  expect(await desk.staff.editor.page('/console/manuscripts/new')).toContain(`value="${issue.id}"`);
  for (const [fields, expected] of [
    [{ start: 'guide' }, /number: 42\n---\n\n\{\{name\|독자}}님/],
    [{ start: 'empty' }, /^---\nsubject: ""\npreheader: ""\nnumber: 42\n---\n\n$/],
    [
      { start: 'earlier', issue: String(issue.id) },
      /^---\nsubject: "옛 제목" # 그대로\nnumber: 42\n---\n\n옛 글이에요\.\n$/,
    ],
  ] as const) {
    const made = await press('/console/manuscripts/new', { publication: 'weekly', ...fields });
    expect(made.status).toBe(303);
    expect((await desk.saved(Number(made.headers.get('location')!.split('/').at(-1)))).source).toMatch(expected);
  }
  expect((await press('/console/manuscripts/new', { publication: 'weekly', start: 'earlier', issue: '' })).status).toBe(
    409,
  );
  expect((await press('/console/manuscripts/new', { publication: 'none', start: 'empty' })).status).toBe(409);
});

test('thrown away with a way back, and written down', async () => {
  const id = await desk.manuscript('버릴 글');
  expect(await desk.staff.editor.page('/console/manuscripts')).toContain(`href="${at(id)}"`);
  const away = await press(at(id, '/away'), {});
  expect(away.headers.get('location')).toBe(`/console/manuscripts?away=${id}`);
  expect(await desk.staff.editor.page('/console/manuscripts')).not.toContain(`href="${at(id)}"`);
  expect(await desk.staff.editor.page(at(id))).toContain('버릴 글');
  expect((await call(at(id, '/save'), { version: 1, source: '늦은 글' })).status).toBe(409);
  expect((await press(at(id, '/away'), {})).status).toBe(409);
  await press(at(id, '/back'), {}, 'owner');
  expect((await call(at(id, '/save'), { version: 1, source: '다시 쓰는 글' })).status).toBe(200);
  const log = await desk.services.sql`select act, email from audit where subject = ${`manuscript ${id}`} order by id`;
  expect(log.map(row => [row.act, row.email])).toEqual([
    ['manuscript.throw-away', 'editor@example.org'],
    ['manuscript.take-back', 'owner@example.org'],
  ]);
});

test('an older text is restored as a new version, but not over one that was not seen', async () => {
  const id = await desk.manuscript('첫 글');
  await call(at(id, '/save'), { version: 1, source: '둘째 글' }, 'owner');
  expect(await desk.staff.editor.page(at(id, '/history'))).toMatch(/첫 글/);
  expect((await press(at(id, '/restore'), { version: '1', now: '1' })).status).toBe(409);
  expect((await press(at(id, '/restore'), { version: '1', now: '2' })).status).toBe(303);
  expect(await desk.saved(id)).toMatchObject({ source: '첫 글', version: 3 });
  const kept = await desk.services.sql`select version from manuscript_versions where manuscript_id = ${id} order by 1`;
  expect(kept.map(row => row.version)).toEqual([1, 2, 3]);
});

test('the preview is the mail of the reader it is asked for, with links that lead nowhere', async () => {
  const id = await desk.manuscript('');
  const source = '{{name|독자}}님, 안녕하세요! 이번 주 소식이에요.\n\n:::when{has=name}\n이름이 있네요.\n:::\n';
  const preview = async (as: unknown) => json(await call(at(id, '/preview'), { source, as }));
  const neutral = await preview('neutral');
  expect(neutral.html).toContain('독자님, 안녕하세요!');
  expect(neutral.text).not.toContain('이름이 있네요');
  expect((await preview('example')).text).toContain('김하늘님');
  const [reader] = desk.subscriberIds;
  const one = await preview(reader);
  expect(one.html).toContain('김하나님, 안녕하세요!');
  expect(one.text).toContain('이름이 있네요');
  // What the frame alone needs is not counted.
  const sent = one.html.replace('<base target="_blank">', '').replace('(max-width: 0)', '(prefers-color-scheme:dark)');
  expect(one.bytes).toBe(Buffer.byteLength(sent));
  // A real reader's link would act for them.
  const links = [...one.html.matchAll(/\/r\/([\w.-]+)/g)].map(match => match[1]);
  expect(links.length).toBeGreaterThan(0);
  for (const token of links) {
    const answer = await desk.staff.editor.request(`/r/${token}`);
    expect(answer.status).toBe(404);
  }
  expect((await preview(999_999)).html).toContain('독자님');
});

test('readers are found by name and by address, in this publication only', async () => {
  const id = await desk.manuscript('');
  const find = async (words: string) => (await json(await call(at(id, '/readers'), { words }))).readers;
  expect((await find('하나'))[0]).toMatchObject({ name: '김하나', email: 'one@example.net' });
  expect(await find('two@example.net')).toHaveLength(1);
  expect(await find('100%')).toEqual([]);
  expect(await find('')).toHaveLength(2);
});

test('what editors type is text on every page, and runs nowhere', async () => {
  const hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)></textarea>';
  const id = await desk.manuscript(`---\ntitle: '${hostile}'\n---\n\n${hostile}\n\n[x](javascript:alert(1))\n`);
  await call(at(id, '/save'), { version: 1, source: `# ${hostile}\n\n</script><script>alert(2)</script>\n` });
  for (const path of [at(id), at(id, '/history'), at(id, '/preview'), '/console/manuscripts']) {
    const html = await desk.staff.editor.page(path);
    expect(html.replace(/<script type="(?:module|application\/json)"[^>]*>/g, ''), path).not.toMatch(
      /<script|<img src=x/,
    );
  }
  const mail = await desk.staff.editor.request(at(id, '/mail'));
  expect(mail.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox(?!.*allow-scripts)/);
  expect(await mail.text()).not.toMatch(/<script|onerror=/);
});

test('each route is for those who may write, and for nobody else', async () => {
  const id = await desk.manuscript('글');
  for (const { method, path, act } of writeRoutes) {
    for (const role of roles) {
      const to = `/console${path.replace(':id', String(id))}`;
      const isJson = /\/(save|preview|readers)$/.test(path);
      const answer =
        method === 'get' ? await desk.staff[role].request(to) : await (isJson ? call : press)(to, {}, role);
      const isAllowed = (acts[act] as readonly string[]).includes(role);
      expect(answer.status === 403, `${role} ${method} ${path}`).toBe(!isAllowed);
      if (path.endsWith('/away') || path.endsWith('/back'))
        await desk.services.sql`update manuscripts set deleted_at = null where id = ${id}`;
    }
  }
  expect(await desk.saved(id)).toMatchObject({ source: '글', version: 1 });
  expect((await desk.staff.editor.request('/console/manuscripts/1%20or%201')).status).toBe(404);
  const stranger = await desk.staff.editor.request(at(id, '/save'), {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json', 'x-form-token': 'A'.repeat(43) },
    body: '{"version":1,"source":"x"}',
  });
  expect(stranger.status).toBe(403);
});

test('words have the same places to fill in both languages', () => {
  const places = (words: unknown): string[] =>
    typeof words === 'string'
      ? (words.match(/\{\w+\}/g) ?? []).toSorted()
      : Object.entries(words as object).flatMap(([key, value]) => places(value).map(place => `${key} ${place}`));
  expect(places(writeWords('ko').client).toSorted()).toEqual(places(writeWords('en').client).toSorted());
});
