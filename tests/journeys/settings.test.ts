/** Everything a reader settles by their links: who they are, what they get, where to; and what is held of them. */
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, launchBrowser } from '../support/browser.ts';
import { Hand, manners } from './hands.ts';
import { type JourneyStage, linkIn, openJourneys } from './stage.ts';

describe.skipIf(!hasBrowser)('settings', () => {
  let stage: JourneyStage;
  let browser: Browser;
  beforeAll(async () => {
    stage = await openJourneys(9);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });

  const row = async (reader: number) => {
    const [found] = await stage.services.sql`
      select s.name, s.email, n.lang, n.frequency, n.state, n.advertising, n.opens_off, n.paused_until is not null as dated
      from subscriptions n join subscribers s on s.id = n.subscriber_id
      where s.id = ${stage.subscriberIds[reader]!} and n.publication_id = ${stage.publicationId}`;
    return found;
  };

  test.each(manners)('%s: name, frequency, pause, advertising, opens, another newsletter, language', async manner => {
    const reader = manners.indexOf(manner);
    const hand = await Hand.open(browser, stage.url, manner);
    await hand.open(linkIn(await stage.mailTo(`reader${reader}@example.net`), '/preferences'));
    const settle = async (part: string, said: string, act: () => Promise<void>) => {
      await hand.unfold(`#${part}`);
      await act();
      await hand.told(said);
    };
    await settle('name', '이름을 저장했어요.', async () => {
      await hand.write('#name input[type=text]', `하늘 ${manner}`);
      await hand.press('이름 저장', '#name');
    });
    await settle('frequency', '받는 횟수를 저장했어요.', async () => {
      await hand.choose('frequency', 'monthly');
      await hand.press('저장', '#frequency');
    });
    await settle('pause', '쉬는 기간을 저장했어요.', () => hand.press('세 달 쉬기', '#pause'));
    expect(await row(reader)).toMatchObject({ state: 'paused', dated: true });
    await settle('pause', '이제부터 다시 보내 드려요.', () => hand.press('지금부터 다시 받기', '#pause'));
    const wasOn = reader % 2 === 0;
    await settle('advertising', wasOn ? '동의를 철회했어요.' : '동의를 저장했어요.', () =>
      hand.press(wasOn ? '동의 철회하기' : '동의하기', '#advertising'),
    );
    await settle('opens', '열람 측정을 저장했어요.', () => hand.press('내 열람은 측정하지 않기', '#opens'));
    await settle('others', '구독을 시작했어요.', () => hand.press(/^구독하기/, '#others'));
    await settle('language', 'Your language is saved.', async () => {
      await hand.choose('language', 'en');
      await hand.press('저장', '#language');
    });
    expect(await row(reader)).toEqual({
      ...{ name: `하늘 ${manner}`, email: `reader${reader}@example.net`, lang: 'en', frequency: 'monthly' },
      ...{ state: 'active', advertising: !wasOn, opensOff: true, dated: false },
    });
    await stage.post();
    expect((await stage.mailTo(`reader${reader}@example.net`)).subject).toMatch(/매일 소식/);
    await hand.leave();
  });

  test.each(manners)('%s: another address, confirmed there, taken back from the old one', async manner => {
    const reader = 3 + manners.indexOf(manner);
    const [old, fresh] = [`reader${reader}@example.net`, `moved-${manner}@example.org`];
    const hand = await Hand.open(browser, stage.url, manner);
    await hand.open(linkIn(await stage.mailTo(old), '/preferences'));
    await hand.unfold('#address');
    await hand.write('#new-address', fresh);
    await hand.press('확인 메일 받기');
    await hand.told('쓸 수 있는 주소라면');
    await stage.post();
    expect((await row(reader))!.email).toBe(old);
    await hand.open(linkIn(await stage.mailTo(fresh), '/address'));
    await hand.press('이 주소로 받기');
    await hand.see('주소를 바꿨어요');
    expect((await row(reader))!.email).toBe(fresh);
    await stage.post();
    const told = await stage.mailTo(old);
    expect(told.subject).toContain('받는 주소가 바뀌었어요');
    await hand.open(linkIn(told, '/restore'));
    await hand.press('예전 주소로 되돌리기');
    await hand.see('주소를 되돌렸어요');
    expect((await row(reader))!.email).toBe(old);
    await hand.leave();
  });

  test.each(manners)('%s: the data by a letter, as a file, then gone; every old link says so kindly', async manner => {
    const reader = 6 + manners.indexOf(manner);
    const address = `reader${reader}@example.net`;
    const issue = await stage.mailTo(address);
    const hand = await Hand.open(browser, stage.url, manner);
    await hand.open(linkIn(issue, '/preferences'));
    await hand.unfold('#data');
    await hand.press('링크 메일로 받기');
    await hand.told('받는 주소로 링크를 보냈어요.');
    await stage.post();
    await hand.open(linkIn(await stage.mailTo(address), '/data'));
    const [file] = await Promise.all([hand.page.waitForEvent('download'), hand.press('파일 내려받기')]);
    const held = JSON.parse(readFileSync(await file.path(), 'utf8'));
    expect(held.person.email).toBe(address);
    expect(held.issues).toHaveLength(1);
    await hand.tick('#remove input[type=checkbox]');
    await hand.press('내 데이터 지우기');
    await hand.see('데이터를 모두 지웠어요');
    expect(await row(reader)).toBeUndefined();
    await hand.open(linkIn(issue, '/unsubscribe'));
    await hand.see('구독하고 있지 않아요');
    // The issue on the web stays; the reader's own pages are pages no more.
    await hand.open(linkIn(issue, '/web'));
    await hand.see('트랜스포머를 더 빠르고 더 가볍게 쓰는 법');
    for (const page of ['/preferences', '/like', '/comment', '/share']) {
      const answer = await fetch(linkIn(issue, page));
      expect([page, answer.status]).toEqual([page, 404]);
    }
    await hand.leave();
  });
});
