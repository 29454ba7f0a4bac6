/** From a reader's link that is shared to somebody who subscribes through it, and is counted. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, launchBrowser } from '../support/browser.ts';
import { Hand, manners } from './hands.ts';
import { ageTicket, type JourneyStage, linkIn, openJourneys } from './stage.ts';

describe.skipIf(!hasBrowser)('sharing', () => {
  let stage: JourneyStage;
  let browser: Browser;
  beforeAll(async () => {
    stage = await openJourneys(3);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });

  test.each(manners)('%s: a link of one’s own, followed to the form, confirmed, counted', async manner => {
    const reader = `reader${manners.indexOf(manner)}@example.net`;
    const guest = `guest-${manner}@example.com`;
    const sharer = await Hand.open(browser, stage.url, manner);
    await sharer.open(linkIn(await stage.mailTo(reader), '/share'));
    await sharer.press('추천 링크 만들기');
    await sharer.page.getByText('위 주소가 나의 추천 링크예요.').waitFor();
    await sharer.look();
    const address = await sharer.page.locator('#address').inputValue();
    expect(address).toMatch(/\?ref=[a-z0-9]{10}$/);

    const visitor = await Hand.open(browser, stage.url, manner);
    await visitor.open(address);
    await visitor.follow('구독하기');
    await visitor.see('구독하기');
    await ageTicket(stage, visitor.page);
    await visitor.write('#email', guest);
    await visitor.press('구독하기');
    await visitor.see('메일함을 확인해 주세요');
    await stage.post();
    await sharer.open(sharer.page.url());
    await sharer.page.getByText('아직 이 링크로 구독한 분이 없어요.').waitFor();
    await visitor.open(linkIn(await stage.mailTo(guest), '/confirm'));
    await visitor.press('구독 확인');
    await visitor.see('구독을 시작했어요');
    await visitor.leave();

    await sharer.open(sharer.page.url());
    await sharer.page.getByText('내 링크로 1명이 구독했어요.').waitFor();
    await sharer.leave();
  });
});
