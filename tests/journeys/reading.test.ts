/** What a reader does with an issue: reads it on the web, likes, comments, is told of an answer, and asks to be told no more. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decideComments } from '../../src/db/comments.ts';
import { hasBrowser, launchBrowser } from '../support/browser.ts';
import { Hand, manners } from './hands.ts';
import { type JourneyStage, linkIn, openJourneys } from './stage.ts';

describe.skipIf(!hasBrowser)('reading', () => {
  let stage: JourneyStage;
  let browser: Browser;
  beforeAll(async () => {
    stage = await openJourneys(6);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });

  const mailOf = (reader: number) => stage.mailTo(`reader${reader}@example.net`);
  const likesOf = (reader: number) =>
    stage.services.sql`select summary from likes where subscriber_id = ${stage.subscriberIds[reader]!}`;

  test.each(manners)('%s: the web issue, a like without a link, a like of their own, and back', async manner => {
    const reader = manners.indexOf(manner);
    const mail = await mailOf(reader);
    const hand = await Hand.open(browser, stage.url, manner);
    await hand.open(linkIn(mail, '/web'));
    await hand.see('트랜스포머를 더 빠르고 더 가볍게 쓰는 법');
    await hand.press(/^좋아요/, '#paper-2');
    await hand.see('좋아요를 남겼어요');
    expect(await hand.page.locator('.about').textContent()).toBe('거대한 모델을 작은 행렬 두 개로 길들이기');
    await hand.press('좋아요 취소');
    await hand.see('이 요약이 좋으셨나요?');
    await hand.follow('글로 돌아가기');
    await hand.see('거대한 모델을 작은 행렬 두 개로 길들이기');

    await hand.open(linkIn(mail, '/like'));
    expect(await likesOf(reader)).toHaveLength(0);
    await hand.press('좋아요');
    await hand.see('좋아요를 남겼어요');
    expect(await likesOf(reader)).toEqual([{ summary: 1 }]);
    await hand.press('좋아요 취소');
    await hand.see('이 요약이 좋으셨나요?');
    expect(await likesOf(reader)).toHaveLength(0);
    await hand.leave();
  });

  test.each(manners)('%s: a comment, its answer by mail, and no more of these', async manner => {
    const { sql } = stage.services;
    const [writer, other] = [manners.indexOf(manner), 3 + manners.indexOf(manner)];
    const address = `reader${writer}@example.net`;
    const hand = await Hand.open(browser, stage.url, manner);
    await hand.open(linkIn(await mailOf(writer), '/comment'));
    await hand.write('#body', `${manner}로 쓴 댓글이에요`);
    await hand.write('#name', `하늘 ${manner}`);
    await hand.press('댓글 남기기');
    await hand.told('댓글을 받았어요');
    await hand.open(`${stage.url}/p/weekly/issue-1/comments`);
    expect(await hand.page.getByText(`${manner}로 쓴 댓글이에요`).count()).toBe(0);
    const [comment] = await sql<{ id: number }[]>`
      select id from comments where subscriber_id = ${stage.subscriberIds[writer]!}`;
    await decideComments(sql, [comment!.id], 'published');
    await hand.open(`${stage.url}/p/weekly/issue-1/comments`);
    await hand.page.getByText(`${manner}로 쓴 댓글이에요`).waitFor();

    const friend = await Hand.open(browser, stage.url, manner);
    const answer = async (text: string) => {
      await friend.open(linkIn(await mailOf(other), '/comment'));
      await friend.follow(`답글 쓰기: 하늘 ${manner}`);
      await friend.see(`하늘 ${manner} 님에게 답글`);
      await friend.write('#body', text);
      await friend.write('#name', `바다 ${manner}`);
      await friend.press('댓글 남기기');
      await friend.page.getByRole('status').waitFor();
      const waiting = await sql<{ id: number }[]>`select id from comments where state = 'pending'`;
      await decideComments(
        sql,
        waiting.map(({ id }) => id),
        'published',
      );
      await stage.post();
    };
    const first = `저도 그렇게 읽었어요, ${manner}`;
    await answer(first);
    const letter = await stage.mailTo(address);
    expect(letter.subject).toContain('답글이 달렸어요');
    expect(letter.html).toContain(first);
    await hand.open(linkIn(letter, '/comment'));
    await hand.page.getByText(first).waitFor();

    await hand.open(linkIn(letter, '/quiet'));
    await hand.press('알림 그만 받기');
    await hand.see('답글 알림을 껐어요');
    const before = stage.relay.accepted.length;
    await answer('덧붙여요');
    expect(stage.relay.accepted.length).toBe(before);
    await hand.press('알림 다시 받기');
    await hand.see('답글 알림을 다시 켰어요');
    await answer('다시 덧붙여요');
    expect((await stage.mailTo(address)).html).toContain('다시 덧붙여요');
    await friend.leave();
    await hand.leave();
  });
});
