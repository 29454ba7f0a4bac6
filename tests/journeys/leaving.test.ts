/** Leaving: at one press, back again, all at once, and why; with what the mailbox gets of it. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeNotices } from '../../src/enqueue/notices.ts';
import { hasBrowser, launchBrowser } from '../support/browser.ts';
import { Hand, manners } from './hands.ts';
import { type JourneyStage, linkIn, openJourneys } from './stage.ts';

describe.skipIf(!hasBrowser)('leaving', () => {
  let stage: JourneyStage;
  let browser: Browser;
  beforeAll(async () => {
    stage = await openJourneys(6);
    browser = await launchBrowser();
    await stage.services.sql`
      insert into subscriptions (publication_id, subscriber_id, state, source)
      select p.id, s.id, 'active', 'import' from publications p, subscribers s where p.slug = 'daily'`;
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });

  /** Subscriptions by publication. */
  const states = async (reader: number) => {
    const rows = await stage.services.sql<{ slug: string; state: string }[]>`
      select p.slug, n.state from subscriptions n join publications p on p.id = n.publication_id
      where n.subscriber_id = ${stage.subscriberIds[reader]!} order by 1`;
    return Object.fromEntries(rows.map(row => [row.slug, row.state]));
  };

  test.each(manners)('%s: out, back, out of everything, a reason', async manner => {
    const reader = manners.indexOf(manner);
    const mail = await stage.mailTo(`reader${reader}@example.net`);
    const hand = await Hand.open(browser, stage.url, manner);
    await hand.open(linkIn(mail, '/unsubscribe'));
    await hand.see('그만 받으시겠어요?');
    // A forwarded mail: whose subscription it is can be told, and not read.
    expect(await hand.page.locator('main').textContent()).not.toContain(`reader${reader}@`);
    await hand.press('수신거부');
    await hand.see('수신거부를 마쳤어요');
    expect(await states(reader)).toEqual({ daily: 'active', weekly: 'unsubscribed' });
    await hand.press('다시 구독하기');
    await hand.see('다시 구독했어요');
    expect(await states(reader)).toEqual({ daily: 'active', weekly: 'active' });

    await hand.open(linkIn(mail, '/unsubscribe'));
    await hand.press('모두 그만 받기');
    await hand.see('수신거부를 마쳤어요');
    expect(await states(reader)).toEqual({ daily: 'unsubscribed', weekly: 'unsubscribed' });
    await hand.choose('reason', 'too-long');
    await hand.write('textarea[name=note]', '조금만 짧으면 좋겠어요');
    await hand.press('보내기');
    await hand.told('말씀해 주셔서 고마워요');
    const [row] = await stage.services.sql`
      select left_reason, left_note from subscriptions
      where subscriber_id = ${stage.subscriberIds[reader]!} and publication_id = ${stage.publicationId}`;
    expect(row).toEqual({ leftReason: 'too-long', leftNote: '조금만 짧으면 좋겠어요' });
    await hand.press('다시 구독하기');
    await hand.see('다시 구독했어요');
    expect(await states(reader)).toEqual({ daily: 'active', weekly: 'active' });
    await hand.follow('구독 설정 보기');
    await hand.see('구독 설정');
    await hand.leave();
  });

  test('the result of leaving comes as a letter once the time for an undo is over', async () => {
    const address = 'reader5@example.net';
    const hand = await Hand.open(browser, stage.url, 'mouse');
    await hand.open(linkIn(await stage.mailTo(address), '/unsubscribe'));
    await hand.press('수신거부');
    await hand.see('수신거부를 마쳤어요');
    const before = stage.relay.accepted.length;
    await writeNotices(stage.services);
    await stage.post();
    expect(stage.relay.accepted.length).toBe(before);
    await writeNotices(stage.services, new Date(Date.now() + 2 * 3_600_000));
    await stage.post();
    const letter = await stage.mailTo(address);
    expect(letter.subject).toContain('수신거부');
    expect(letter.text).toContain('처리 결과');
    await hand.leave();
  });
});
