/** What only a browser can tell: by keyboard without scripts, narrow screens, both colour schemes, axe; stored text that runs nothing. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addComment, decideComments } from '../../../../src/db/comments.ts';
import { type Listening, listen } from '../../../../src/http/server.ts';
import { hasBrowser, launchBrowser } from '../../../support/browser.ts';
import { lookOver, looks } from '../look-over.ts';
import { openStage, press, type Stage } from '../support.ts';

const hostile = [
  '<img src=x onerror="document.title=\'owned\'">',
  '[눌러](javascript:document.title=1)',
  `![x](https://tracker.example/p.gif) ${'아주긴낱말'.repeat(60)}`,
  '```\nconst veryLong = "a line of code that is wider than any phone will ever be, and then some more of it";\n```',
];

describe.skipIf(!hasBrowser)('in Chromium', () => {
  let stage: Stage;
  let server: Listening;
  let browser: Browser;
  let url: string;
  let thread: number;
  beforeAll(async () => {
    stage = await openStage(
      { readers: 6, publication: { description: '시험', brand: { accent: '#ffcc33' } } },
      { PUBLIC_URL: 'http://127.0.0.1' },
    );
    server = await listen(stage.app, { host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${server.port}`;
    browser = await launchBrowser();
    thread = await say(0, '안녕하세요. **좋은** 글이에요.');
    for (const [at, body] of hostile.entries()) await say(1 + (at % 3), body, at % 2 ? thread : undefined);
    await press(stage.app, stage.link('share', 0), { action: 'own' });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await stage?.services.close();
  });

  async function say(reader: number, body: string, parentId?: number): Promise<number> {
    const { sql } = stage.services;
    const { publicationId, issueId, subscriberIds } = stage.sent;
    const comment = await addComment(sql, {
      ...{ publicationId, issueId, parentId, body, held: false, summary: parentId ? 0 : 1 },
      subscriberId: subscriberIds[reader]!,
      author: ['하늘', '바다', '김**', 'Ada'][reader]!,
    });
    if (typeof comment === 'string') throw new Error(comment);
    await decideComments(sql, [comment.id], 'published');
    return comment.id;
  }

  test('by keyboard alone, without scripts: likes and takes it back, writes a comment and deletes it', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${url}/p/watch/first/like`);
    const reach = async (name: RegExp) => {
      for (let tab = 0; tab < 40; tab++) {
        await page.keyboard.press('Tab');
        if (await page.locator(':focus').filter({ hasText: name }).count()) return;
      }
      throw new Error(`no way to ${name}`);
    };
    for (const [button, heading] of [
      [/^좋아요$/, '좋아요를 남겼어요'],
      [/^좋아요 취소$/, '이번 호가 좋으셨나요?'],
    ] as const) {
      await reach(button);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: heading }).waitFor();
    }
    await page.goto(url + stage.link('comment', 4));
    await reach(/^이번 호 전체/);
    await page.keyboard.press('Tab');
    await page.keyboard.type('글쇠만으로 썼어요');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('글쇠');
    // The hidden field is not on the way.
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('댓글 남기기');
    await page.keyboard.press('Enter');
    await page.getByRole('status').waitFor();
    const { sql } = stage.services;
    const mine = () =>
      sql`select state, body, author from comments where subscriber_id = ${stage.sent.subscriberIds[4]!}`;
    expect([...(await mine())]).toEqual([{ state: 'pending', body: '글쇠만으로 썼어요', author: '글쇠' }]);
    await reach(/^지우기$/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '이 댓글을 지울까요?' }).waitFor();
    await reach(/^지우기$/);
    await page.keyboard.press('Enter');
    await page.getByRole('status').waitFor();
    expect((await mine())[0]!.state).toBe('deleted');
    await context.close();
  });

  test('opening everything, with scripts, changes nothing and leaves no cookie', async () => {
    const { sql } = stage.services;
    const snapshot = () =>
      Promise.all([
        sql`select * from comments order by id`,
        sql`select * from web_likes`,
        sql`select * from subscriptions order by 1, 2`,
      ]);
    const before = await snapshot();
    const context = await browser.newContext();
    const page = await context.newPage();
    for (const path of [...paths(), `${stage.link('comment', 0)}?remove=${thread}`])
      await page.goto(url + path, { waitUntil: 'networkidle' });
    expect(await snapshot()).toEqual(before);
    expect(await context.cookies()).toEqual([]);
    await context.close();
  });

  test('what readers wrote runs nothing and loads nothing', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const requests: string[] = [];
    page.on('request', request => requests.push(request.url()));
    await page.goto(`${url}/p/watch/first/comments`, { waitUntil: 'networkidle' });
    expect(await page.title()).toMatch(/^댓글/);
    expect(requests).toEqual([`${url}/p/watch/first/comments`]);
    expect(await page.locator('main img, main script, main a[href^="javascript"]').count()).toBe(0);
    await context.close();
  });

  test('the script copies the address, and shows nothing that cannot be done', async () => {
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await context.newPage();
    await page.goto(`${url}/p/watch/first/share`);
    await page.getByRole('button', { name: '주소 복사' }).click();
    await page.getByRole('button', { name: '복사했어요' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('http://127.0.0.1/p/watch/first');
    await context.close();
    const plain = await browser.newContext({ javaScriptEnabled: false });
    const still = await plain.newPage();
    await still.goto(`${url}/p/watch/first/share`);
    expect(await still.getByRole('button').count()).toBe(0);
    await plain.close();
  });

  function paths(): string[] {
    const { tokens } = stage.services;
    const quiet = tokens.sign({
      purpose: 'quiet',
      ref: 0,
      issueId: stage.sent.publicationId,
      subscriberId: stage.sent.subscriberIds[0]!,
    });
    return [
      '/p/watch/first/like?summary=1',
      '/p/watch/first/comments',
      '/p/watch/first/share',
      stage.link('comment', 0),
      `${stage.link('comment', 1)}?answer=${thread}`,
      stage.link('share', 0),
      stage.link('share', 1),
      `/r/${quiet}/quiet`,
    ];
  }

  test.each(looks)('pages in %s, %s: nothing wider than a small phone, one request, axe finds nothing', (...look) =>
    lookOver(browser, url, paths(), look),
  );
});
