/** The archive as somebody walks it who looks for something; what a correction shows; the code of one's own. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compose } from '../../src/compose/compose.ts';
import { findIssue } from '../../src/db/issues.ts';
import { currentRevision } from '../../src/db/revisions.ts';
import { correct } from '../../src/enqueue/correct.ts';
import { render } from '../../src/render/render.ts';
import { renumber } from '../../src/render/renumber.ts';
import { hasBrowser, launchBrowser } from '../support/browser.ts';
import { Hand, manners } from './hands.ts';
import { issueSource, type JourneyStage, linkIn, openJourneys } from './stage.ts';

describe.skipIf(!hasBrowser)('the archive', () => {
  let stage: JourneyStage;
  let browser: Browser;
  beforeAll(async () => {
    stage = await openJourneys(2);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });

  test.each(manners)('%s: a search in Korean, a summary, a term, the glossary, an old issue and on', async manner => {
    const hand = await Hand.open(browser, stage.url, manner);
    await hand.open(`${stage.url}/`);
    await hand.follow('주간 시험');
    await hand.follow('검색', '.ways');
    await hand.write('.find input', '저랭크');
    await hand.press('찾기');
    await hand.see('‘저랭크’ 검색 결과');
    expect(await hand.page.locator('.hits mark').first().textContent()).toBe('저랭크');
    // With a particle and a space it is the same word.
    await hand.write('.find input', '스케일링 법칙을');
    await hand.press('찾기');
    await hand.see('‘스케일링 법칙을’ 검색 결과');
    await hand.follow(/얼마나 키우고/, '.hits');
    await hand.see('얼마나 키우고 얼마나 읽혀야 할까: Chinchilla');
    await hand.follow('용어집', '.ways');
    await hand.write('.find input', 'SA');
    await hand.press('찾기');
    await hand.follow('자기 어텐션', 'main');
    await hand.see('자기 어텐션');
    await hand.follow('지난 호의 네 편');
    await hand.see('지난 호의 네 편');
    await hand.follow(/다음 호/);
    await hand.see('트랜스포머를 더 빠르고 더 가볍게 쓰는 법');
    await hand.leave();
  });

  test('whoever switched to English goes on in English, and shares the publication’s own', async () => {
    const paths = [
      '',
      '/issue-1',
      '/issue-1/2',
      '/search?q=LoRA',
      '/glossary',
      '/issue-1/like',
      '/issue-1/comments',
      '/issue-1/share',
    ];
    for (const path of [...paths, '/subscribe', `/glossary/${encodeURIComponent('자기-어텐션')}`]) {
      const url = `${stage.url}/p/weekly${path}${path.includes('?') ? '&' : '?'}lang=en`;
      const html = (await (await fetch(url)).text()).replaceAll('&amp;', '&');
      const body = html.slice(html.indexOf('<body')).replace(/<span popover.*?<\/a><\/span>/gs, '');
      const leads = [...body.matchAll(/(?:href|method="post" action)="(\/p\/weekly[^"#]*)/g)].map(match => match[1]!);
      const lost = leads.filter(one => !/[?&]lang=en/.test(one));
      expect([path, lost]).toEqual([path, []]);
    }
    const share = await (await fetch(`${stage.url}/p/weekly/issue-1/share?lang=en`)).text();
    expect(share).toContain(`value="${stage.url}/p/weekly/issue-1"`);
    const referred = await (await fetch(`${stage.url}/p/weekly/issue-1?lang=en&ref=abcdefghjk`)).text();
    expect(referred).toContain('href="/p/weekly?lang=en&amp;ref=abcdefghjk#subscribe"');
  });

  test('a code: behind the reader’s own link; whoever has not agreed to advertising has none, and no promo', async () => {
    const hand = await Hand.open(browser, stage.url, 'mouse');
    const [with_, without] = [await stage.mailTo('reader0@example.net'), await stage.mailTo('reader1@example.net')];
    await hand.open(linkIn(with_, '/code'));
    await hand.see('내 할인 코드');
    const code = (await hand.page.locator('output.code').textContent())!;
    expect(code).toMatch(/^SPRING-\d{4}$/);
    expect(with_.html).toContain(code);
    expect(`${without.html} ${without.text}`).not.toMatch(/SPRING-|독자 할인|워크숍 자리/);
    expect(without.html).not.toContain('/code"');
    // The web issue is the same for everyone.
    await hand.open(linkIn(with_, '/web'));
    expect(await hand.page.content()).not.toContain('SPRING-');
    await hand.leave();
  });

  test('a correction: web issue, old links and erratum agree', async () => {
    const { services, publication } = stage;
    const { sql } = services;
    const before = await stage.mailTo('reader0@example.net');
    const issue = (await findIssue(sql, 'issue-1'))!;
    const corrected = issueSource
      .replace('28.4 BLEU', '28.5 BLEU')
      .replace('순환을 걷어낸 자리에', '순환을 걷은 자리에');
    const erratum =
      '---\nsubject: "1호를 바로잡아요"\ntitle: 1호를 바로잡아요\n---\n\n**28.4 BLEU**가 아니라 **28.5 BLEU**예요.\n';
    const current = await currentRevision(sql, issue.id);
    const composed = compose(corrected, { publication }).issue;
    const edition = renumber(await render(composed, { publication, sendDate: '2026-03-04' }), current.edition);
    const told = compose(erratum, { publication }).issue;
    const result = await correct(services, {
      issue,
      current,
      corrected: { source: corrected, issue: composed, edition },
      note: 'BLEU 수치를 고쳤어요.',
      erratum: { source: erratum, issue: told, edition: await render(told, { publication, sendDate: '2026-03-05' }) },
    });
    await stage.deliver(result.erratum!.id);
    await stage.archive();
    const mail = await stage.mailTo('reader0@example.net');
    expect(mail.subject).toBe('1호를 바로잡아요');
    const hand = await Hand.open(browser, stage.url, 'mouse');
    // The old mail's web link shows the text as it is now, and says so.
    await hand.open(linkIn(before, '/web'));
    await hand.page.getByText('BLEU 수치를 고쳤어요.').waitFor();
    expect(await hand.page.locator('main').textContent()).toContain('28.5 BLEU');
    // Its heart is for the summary that stood there then.
    await hand.open(linkIn(before, '/like'));
    await hand.press('좋아요');
    await hand.see('좋아요를 남겼어요');
    // The erratum is a letter of its own to read, and no issue of the archive.
    await hand.open(linkIn(mail, '/web'));
    await hand.see('1호를 바로잡아요');
    await hand.open(`${stage.url}/p/weekly`);
    expect(await hand.page.locator('ol.issues > li').count()).toBe(2);
    await hand.open(`${stage.url}/p/weekly/${result.erratum!.slug}`);
    await hand.see('트랜스포머를 더 빠르고 더 가볍게 쓰는 법');
    for (const page of ['/comment', '/share', '/preferences', '/unsubscribe']) await hand.open(linkIn(mail, page));
    await hand.leave();
  });
});
