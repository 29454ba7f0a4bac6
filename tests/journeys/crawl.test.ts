/**
 * Rule 4.1 over the whole product: machines that open every link of an issue's messages and of every kind of letter, follow what those pages
 * link to, and what those do, with GET and HEAD and in a browser that runs scripts, change nothing but raw clicks.
 */
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addComment, decideComments } from '../../src/db/comments.ts';
import { postLetter } from '../../src/enqueue/letters.ts';
import { letterKinds } from '../../src/model/letter.ts';
import { hasBrowser, launchBrowser } from '../support/browser.ts';
import { digestOf } from '../support/digest.ts';
import { type JourneyStage, openJourneys } from './stage.ts';

/** Of a hundred, with the clicks counted: tests/http/public/crawl. */
const messages = 20;
/** Far more than there is to find. */
const mostPages = 5000;

let stage: JourneyStage;
/** Addresses of ours in everything that was mailed. */
let mailed: string[];
/** A path of each kind that was found. */
const examples = new Map<string, string>();

beforeAll(async () => {
  stage = await openJourneys(messages);
  const { sql, tokens } = stage.services;
  const subscriberId = stage.subscriberIds[0]!;
  const key = { publicationId: stage.publicationId, subscriberId };
  const page = (purpose: 'comment' | 'quiet', issueId: number) =>
    `${stage.url}/r/${tokens.sign({ purpose, ref: 0, issueId, subscriberId })}/${purpose}`;
  const said = { title: '제목', author: '하늘', count: '1', text: '글', date: '2026년 3월 4일' };
  const data = { ...said, link: page('comment', stage.issueId), stop: page('quiet', stage.publicationId) };
  for (const kind of letterKinds)
    await postLetter(stage.services, {
      key: `crawl ${kind}`,
      kind,
      ...key,
      ...(kind === 'comment-reply' ? { data } : { data: said }),
    });
  const comment = await addComment(sql, {
    ...{ ...key, issueId: stage.issueId, summary: 1, parentId: undefined, author: '하늘', body: '글', held: false },
  });
  if (typeof comment === 'string') throw new Error(comment);
  await decideComments(sql, [comment.id], 'published');
  await stage.post();
  const mails = await Promise.all(stage.relay.accepted.map(({ raw }) => PostalMime.parse(Buffer.from(raw, 'latin1'))));
  const texts = mails.map(mail => [mail.html, mail.text, ...mail.headers.map(header => header.value)].join('\n'));
  mailed = [...new Set(texts.flatMap(text => linksOf(text)))];
});
afterAll(() => stage?.close());

/** Our own addresses in a text, without fragments. */
function linksOf(text: string): string[] {
  return [...text.replaceAll('&amp;', '&').matchAll(/http:\/\/127\.0\.0\.1:\d+\/[^\s"'<>)#\\]*/g)].map(
    match => match[0],
  );
}

/** What a page leads to: links, pictures, scripts, what it says of itself. */
function leadsOf(html: string, from: string): string[] {
  const found = [...html.matchAll(/\s(?:(?:href|src)="([^"#]*)|content="(http[^"#]*))/g)].map(
    ([, href, content]) => href ?? content!,
  );
  return found
    .map(one => URL.parse(one.replaceAll('&amp;', '&'), from)?.href ?? '')
    .filter(one => one.startsWith(`${stage.url}/`));
}

/** The route that serves a path. */
function routeOf(url: string): string | undefined {
  const { pathname } = new URL(url);
  const fits = (route: string) => {
    const pattern = route
      .split('/')
      .map(part => (part.startsWith(':') ? (/\{(.*)\}/.exec(part)?.[1] ?? '[^/]+') : part.replace('.', '\\.')))
      .join('/');
    return new RegExp(`^${pattern}$`).test(pathname);
  };
  return stage.routes.find(fits);
}

/** Everything but the raw clicks. */
const digest = () => digestOf(stage.services.sql, { events: "kind <> 'click'" });

const agent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0.0.0 Safari/537.36';

test('GET and HEAD of every link, and of all that is behind them, change nothing', async () => {
  const before = await digest();
  const seen = new Set<string>();
  // Not linked to from anywhere: what machines and other sites ask for by name.
  const byName = ['/', '/robots.txt', '/sitemap.xml'].concat(
    ['/embed', '/embed.js', '/subscribe', '/subscribe.json', '/issue-1/like'].map(path => `/p/weekly${path}`),
  );
  let waiting = [...mailed, ...byName.map(path => stage.url + path)];
  const wrong: string[] = [];
  while (waiting.length > 0 && seen.size < mostPages) {
    const group = [...new Set(waiting)].filter(url => !seen.has(url)).slice(0, 20);
    waiting = waiting.filter(url => !seen.has(url) && !group.includes(url));
    const next = await Promise.all(
      group.map(async url => {
        seen.add(url);
        const headers = { 'user-agent': agent };
        const head = await fetch(url, { method: 'HEAD', redirect: 'manual', headers });
        const answer = await fetch(url, { redirect: 'manual', headers });
        const text = /html|xml|json/.test(answer.headers.get('content-type') ?? '') ? await answer.text() : '';
        if (![200, 302].includes(answer.status) || head.status !== answer.status)
          wrong.push(`${answer.status} ${head.status} ${url}`);
        const route = routeOf(url);
        if (route) examples.set(route, url);
        if (answer.status !== 200) return [];
        return text.startsWith('<!doctype html') ? leadsOf(text, url) : linksOf(text);
      }),
    );
    waiting.push(...next.flat());
  }
  expect(wrong).toEqual([]);
  expect(seen.size).toBeLessThan(mostPages);
  // Each message has its own links; each route of the app was met.
  expect(mailed.length).toBeGreaterThan(messages * 10);
  // The proof's files and a second sitemap are for days that are not today.
  const unmet = stage.routes.filter(route => !examples.has(route));
  expect(unmet.filter(route => !/^\/(?:assets|sitemap|i)\//.test(route))).toEqual([]);
  expect(await digest()).toEqual(before);
}, 300_000);

test.skipIf(!hasBrowser)(
  'a browser that opens each kind of page, points, scrolls and tabs through it, changes nothing',
  async () => {
    const before = await digest();
    const browser = await launchBrowser();
    try {
      const context = await browser.newContext();
      const page = await context.newPage();
      for (const [route, url] of examples) {
        if (/\.|^\/r\/:token$/.test(route)) continue;
        await page.goto(url, { waitUntil: 'networkidle' });
        await page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })");
        await page.mouse.move(200, 200);
        for (let i = 0; i < 5; i++) {
          await page.mouse.wheel(0, 800);
          await page.keyboard.press('Tab');
        }
      }
      expect(await context.cookies()).toEqual([]);
    } finally {
      await browser.close();
    }
    expect(await digest()).toEqual(before);
  },
  120_000,
);
