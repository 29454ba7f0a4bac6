/** From an address in a form to a welcome letter; and what somebody who is subscribed already gets instead. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, launchBrowser } from '../support/browser.ts';
import { Hand, manners } from './hands.ts';
import { ageTicket, type JourneyStage, linkIn, openJourneys } from './stage.ts';

describe.skipIf(!hasBrowser)('signing up', () => {
  let stage: JourneyStage;
  let browser: Browser;
  beforeAll(async () => {
    stage = await openJourneys(1);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });

  const subscription = async (email: string) => {
    const [row] = await stage.services.sql`
      select n.state, n.advertising, n.lang, n.source from subscriptions n join subscribers s on s.id = n.subscriber_id where s.email_key = ${email}`;
    return row;
  };

  test.each(manners)(
    '%s: a typo is hinted at, the box is ticked; letter, button, welcome; a second time',
    async manner => {
      const email = `kim-${manner}@gmail.com`;
      const hand = await Hand.open(browser, stage.url, manner);
      await hand.open(`${stage.url}/p/weekly`);
      await ageTicket(stage, hand.page);
      await hand.write('#email', `kim-${manner}@gmial.com`);
      await hand.tick('#advertising');
      await hand.press('구독하기');
      await hand.see('주소가 맞나요?');
      await hand.press(new RegExp(`^${email}`));
      await hand.see('메일함을 확인해 주세요');
      expect(await subscription(email)).toMatchObject({ state: 'pending', advertising: false });

      await stage.post();
      const letter = await stage.mailTo(email);
      expect(letter.subject).toBe('주간 시험 구독을 확인해 주세요');
      await hand.open(linkIn(letter, '/confirm'));
      expect(await subscription(email)).toMatchObject({ state: 'pending' });
      await hand.press('동의하고 구독 확인');
      await hand.see('구독을 시작했어요');
      expect(await subscription(email)).toMatchObject({ state: 'active', advertising: true, source: 'form' });
      await stage.post();
      const welcome = await stage.mailTo(email);
      expect(welcome.subject).toBe('주간 시험 구독이 시작됐어요');
      await hand.follow('기다리는 동안 지난 호 읽기');
      await hand.see('주간 시험');

      // Again: the page says the same; who owns the mailbox is told that they are subscribed.
      await ageTicket(stage, hand.page);
      await hand.write('#email', email);
      await hand.press('구독하기');
      await hand.see('메일함을 확인해 주세요');
      await stage.services.sql`update signups set asked_at = asked_at - interval '2 days'`;
      await hand.open(`${stage.url}/p/weekly/subscribe`);
      await ageTicket(stage, hand.page);
      await hand.write('#email', email);
      await hand.press('구독하기');
      await hand.see('메일함을 확인해 주세요');
      await stage.post();
      const already = await stage.mailTo(email);
      expect(already.subject).toBe('주간 시험: 이미 구독 중이에요');
      await hand.open(linkIn(already, '/manage'));
      await hand.see('구독 설정');
      // The old letter's button asks for nothing any more.
      await hand.open(linkIn(letter, '/confirm'));
      await hand.see('구독을 시작했어요');
      await hand.leave();
    },
  );

  test.each(manners)('%s: in English, without the box', async manner => {
    const email = `lee-${manner}@example.com`;
    const hand = await Hand.open(browser, stage.url, manner);
    await hand.open(`${stage.url}/p/weekly/subscribe`);
    await hand.follow('English');
    await hand.see('Subscribe to 주간 시험');
    await ageTicket(stage, hand.page);
    await hand.write('#email', 'lee@');
    await hand.write('#email', email);
    await hand.press('Subscribe');
    await hand.see('Look into your mailbox');
    await stage.post();
    await hand.open(linkIn(await stage.mailTo(email), '/confirm'));
    await hand.see('Start your subscription to 주간 시험?');
    await hand.press('Confirm subscription');
    await hand.see('You are subscribed');
    expect(await subscription(email)).toMatchObject({ state: 'active', advertising: false, lang: 'en' });
    await stage.post();
    const welcome = await stage.mailTo(email);
    expect(welcome.html).toContain('lang="en"');
    await hand.open(linkIn(welcome, '/manage'));
    await hand.see('Your subscription');
    await hand.leave();
  });
});
