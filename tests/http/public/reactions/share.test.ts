/** Sharing: an address without a reader in it, links to other sites without their scripts, codes of one's own that count who confirmed. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { carryReferral, parseReferral } from '../../../../src/http/public/reactions/referral.ts';
import { sendIssue } from '../../../track/support.ts';
import { firstForm, forged, openStage, press, type Stage } from '../support.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ readers: 6, title: '첫 호 & "둘"' });
});
afterAll(() => stage.services.close());

const page = async (path: string) => (await stage.app.request(path)).text();
const hrefs = (html: string) => [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href!.replaceAll('&amp;', '&'));
const address = (html: string) => /id="address" value="([^"]*)"/.exec(html)![1]!;
const home = 'https://news.example.org/p/watch';

test('the page has the address, and links that other sites understand; nothing of theirs is loaded', async () => {
  const answer = await stage.app.request('/p/watch/first/share?summary=2');
  const html = await answer.text();
  expect(address(html)).toBe(`${home}/first/2`);
  const out = hrefs(html).filter(href => !href.startsWith('/') && !href.startsWith('?') && !href.startsWith('data:'));
  const [x, linkedIn, mail] = out as [string, string, string];
  expect(Object.fromEntries(new URL(x).searchParams)).toEqual({ text: '둘째 논문', url: `${home}/first/2` });
  expect(x).toMatch(/^https:\/\/x\.com\/intent\/post\?/);
  expect(linkedIn).toBe(`https://www.linkedin.com/sharing/share-offsite/?url=${encodeURIComponent(`${home}/first/2`)}`);
  // To nobody: whoever sends it chooses.
  expect(mail).toMatch(/^mailto:\?subject=/);
  expect(decodeURIComponent(mail)).toContain(`${home}/first/2`);
  for (const [tag] of html.matchAll(/<a[^>]*href="https:\/\/(?!news\.example)[^>]*>/g))
    expect(tag).toContain('noopener');
  expect(html).not.toMatch(/<script[^>]*src|<img|<iframe|kakao.*\.js|type="email"/i);
  const policy = answer.headers.get('content-security-policy')!;
  expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; img-src data:/);
});

test('from a reader’s link: no code until they ask; then one of their own, in an address without their token', async () => {
  const path = stage.link('share', 0);
  const before = await page(path);
  expect(address(before)).toBe(`${home}/first`);
  expect(firstForm(before)).toEqual({ action: 'own' });
  await Promise.all([1, 2, 3].map(() => press(stage.app, path, { action: 'own' })));
  const after = await page(path);
  const code = new URL(address(after)).searchParams.get('ref')!;
  expect(parseReferral(code)).toBe(code);
  expect(after).toContain('아직 이 링크로 구독한 분이 없어요');
  const token = path.split('/')[2]!;
  for (const href of hrefs(after).filter(one => !one.startsWith('?'))) expect(href).not.toContain(token);
  // The same when it is pressed again, another for another reader.
  await press(stage.app, path, { action: 'own' });
  expect(address(await page(path))).toBe(address(after));
  await press(stage.app, stage.link('share', 1), { action: 'own' });
  expect(address(await page(stage.link('share', 1)))).not.toBe(address(after));
});

test('counted are those who came through it and confirmed', async () => {
  const { sql } = stage.services;
  await press(stage.app, stage.link('share', 2), { action: 'own' });
  const code = new URL(address(await page(stage.link('share', 2)))).searchParams.get('ref')!;
  const [self, a, b, c] = stage.sent.subscriberIds.slice(2) as [number, number, number, number];
  const came = (id: number, confirmed: boolean) => sql`
    update subscriptions set referred_by = ${code}, confirmed_at = ${confirmed ? sql`now()` : null} where subscriber_id = ${id}`;
  await came(a, true);
  await came(b, false);
  expect(await page(stage.link('share', 2))).toContain('내 링크로 1명이 구독했어요');
  await came(c, true);
  // Not oneself.
  await came(self, true);
  expect(await page(stage.link('share', 2))).toContain('내 링크로 2명이 구독했어요');
  expect(await page(`${stage.link('share', 2)}?lang=en`)).toContain('2 people subscribed through your link.');
});

test('the web issue carries a code to the form, and nothing else that it is given', async () => {
  expect(await page('/p/watch/first?ref=abcdefghjk')).toContain('href="/p/watch?ref=abcdefghjk#subscribe"');
  for (const bad of ['', 'ABCDEFGHJK', 'abc', 'abcdefghjk0', '"><script>', 'abcdefghj%0a'])
    expect(await page(`/p/watch/first?ref=${encodeURIComponent(bad)}`)).toContain('href="/p/watch#subscribe"');
  expect(carryReferral('<a href="/p/w#subscribe">', '/p/w', undefined)).toBe('<a href="/p/w#subscribe">');
});

test('GET and HEAD make no code; a forged link is not found; a test mail shares the newsletter', async () => {
  const { sql, tokens } = stage.services;
  const codes = () => sql`select subscriber_id, referral_code from subscriptions order by 1`;
  const before = await codes();
  for (const method of ['GET', 'HEAD'])
    for (const query of ['', '?action=own', '?ref=abcdefghjk', '?lang=en'])
      expect((await stage.app.request(stage.link('share', 5) + query, { method })).status).toBe(200);
  expect(await codes()).toEqual(before);
  expect((await press(stage.app, forged(stage.link('share', 5)), { action: 'own' })).status).toBe(404);
  expect((await stage.app.request(stage.link('share', 5, 9))).status).toBe(404);
  const trial = await sendIssue(stage.services, { readers: 1, slug: 'trial-test', kind: 'test' });
  const token = tokens.sign({
    purpose: 'share',
    ref: 0,
    issueId: trial.issueId,
    subscriberId: trial.subscriberIds[0]!,
  });
  expect(address(await page(`/r/${token}/share`)).split('?')[0]).toBe(home);
});
