/** What is typed stays text: hostile words in every field of every form that a reader is shown, then every page and every letter of it. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decideComments } from '../../src/db/comments.ts';
import { hasBrowser, launchBrowser } from '../support/browser.ts';
import { ageTicket, type JourneyStage, linkIn, openJourneys } from './stage.ts';

const hostile = [
  '"><img src=x onerror="window.owned=1"><script>window.owned=1</script>',
  '\'><svg onload="window.owned=1">',
  'x\r\nX-Evil: 1\r\n\r\n<script>window.owned=1</script>',
  'x%0d%0aX-Evil:%201',
  '//evil.example/%2e%2e',
  'javascript:window.owned=1',
  '[x](javascript:window.owned=1) ![x](https://evil.example/x.png)',
  '{{name}}{{{constructor}}}<%= 7*7 %>',
  '\u202e\u0000\ud800',
];

interface Form {
  action: string;
  method: string;
  fields: { name: string; value: string }[];
}

describe.skipIf(!hasBrowser)('hostile words', () => {
  let stage: JourneyStage;
  let browser: Browser;
  beforeAll(async () => {
    stage = await openJourneys(10);
    browser = await launchBrowser();
    const leave = linkIn(await stage.mailTo('reader7@example.net'), '/unsubscribe');
    await fetch(leave, { method: 'POST', body: new URLSearchParams({ action: 'unsubscribe' }) });
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });

  /** Pages with forms, as they stand for who has left too; each kind of reader's link with a reader of its own, since what is typed there is theirs. */
  async function pages(): Promise<string[]> {
    const own = async (reader: number, page: string) => linkIn(await stage.mailTo(`reader${reader}@example.net`), page);
    const { url } = stage;
    return [
      ...['', '/subscribe', '/search', '/glossary', '/issue-1', '/issue-1/2', '/issue-1/like', '/issue-1/comments'].map(
        path => `${url}/p/weekly${path}`,
      ),
      `${url}/p/weekly/issue-1/share`,
      await own(0, '/preferences'),
      await own(1, '/unsubscribe'),
      await own(2, '/comment'),
      await own(3, '/like'),
      await own(4, '/share'),
      await own(7, '/unsubscribe'),
    ];
  }

  /** A page's forms as a browser would send them, the first of several buttons pressed. */
  async function formsOf(url: string): Promise<Form[]> {
    const page = await browser.newPage();
    await page.goto(url);
    if (await page.locator('input[name=ticket]').count()) await ageTicket(stage, page);
    const forms = await page.evaluate(() => {
      // biome-ignore lint/suspicious/noExplicitAny: runs in the page.
      const { document, FormData, location } = globalThis as any;
      return [...document.forms].map(form => {
        const button = form.querySelector('button');
        const sent = new FormData(form, button);
        // An unticked box and a group without a choice can be sent as well.
        for (const one of form.elements) if (one.name && !sent.has(one.name)) sent.append(one.name, '');
        return {
          // A field may be called action.
          action: new URL(form.getAttribute('action') ?? '', location.href).href,
          method: form.method,
          fields: [...sent].map(([name, value]) => ({ name, value: String(value) })),
        };
      });
    });
    await page.close();
    return forms;
  }

  /** What an answer may say in its header: nothing that was typed. */
  function judge(what: string, answer: Response): void {
    expect([what, answer.status < 500]).toEqual([what, true]);
    const location = answer.headers.get('location');
    const cookies = answer.headers.getSetCookie().filter(cookie => !cookie.startsWith('liked='));
    const isOwn = location === null || new URL(location, answer.url).origin === stage.url;
    expect([what, isOwn, answer.headers.get('x-evil'), cookies]).toEqual([what, true, null, []]);
    expect([
      what,
      /evil|owned|script/i.test([...answer.headers].filter(([name]) => name !== 'content-security-policy').join()),
    ]).toEqual([what, false]);
  }

  test('in every field of every form: no header, no other place, no failure', async () => {
    const seen = new Set<string>();
    let networks = 0;
    for (const url of await pages()) {
      for (const form of await formsOf(url)) {
        const shape = form.fields.map(field => field.name).join();
        const name = `${new URL(form.action).pathname.replace(/[\w-]{43}/, '…')} ${shape}`;
        if (seen.has(name)) continue;
        seen.add(name);
        const tries = form.fields.flatMap(field => hostile.map(words => ({ field: field.name, words })));
        await Promise.all(
          tries.map(async ({ field, words }) => {
            const data = new URLSearchParams(
              form.fields.map(({ name, value }) => [name, name === field ? words : value] as [string, string]),
            );
            const headers = { 'x-forwarded-for': `203.0.${++networks >> 8}.${networks & 255}` };
            const answer = await (form.method === 'get'
              ? fetch(`${form.action.split('?')[0]}?${data}`, { redirect: 'manual', headers })
              : fetch(form.action, { method: 'POST', body: data, redirect: 'manual', headers }));
            judge(`${name}: ${field} = ${words}`, answer);
            await answer.arrayBuffer();
          }),
        );
      }
    }
    // The forms that there are: one that is gone or new shows here.
    const fields = new Set([...seen].flatMap(name => name.split(' ')[1]!.split(',')));
    for (const field of [
      'email',
      'q',
      'body',
      'name',
      'address',
      'date',
      'reason',
      'note',
      'summary',
      'language',
      'ticket',
    ])
      expect([...fields]).toContain(field);
  }, 120_000);

  test('in every parameter of every page: the same, and nothing runs, though no policy forbids it', async () => {
    const parameters = [
      'lang',
      'done',
      'problem',
      'ref',
      'q',
      'before',
      'after',
      'summary',
      'answer',
      'edit',
      'remove',
      'page',
      'cursor',
    ];
    const context = await browser.newContext({ bypassCSP: true });
    const page = await context.newPage();
    const elsewhere: string[] = [];
    page.on('request', request => {
      if (!request.url().startsWith(`${stage.url}/`) && !request.url().startsWith('data:'))
        elsewhere.push(request.url());
    });
    for (const url of await pages()) {
      for (const words of hostile) {
        const query = new URLSearchParams(Object.fromEntries(parameters.map(name => [name, words])));
        judge(`${url} ${words}`, await fetch(`${url}?${query}`, { redirect: 'manual' }));
      }
      // What was typed before is on these pages by now.
      for (const words of ['', ...hostile.slice(0, 2)]) {
        await page.goto(
          words ? `${url}?${new URLSearchParams(Object.fromEntries(parameters.map(name => [name, words])))}` : url,
        );
        expect([url, words, await page.evaluate('window.owned')]).toEqual([url, words, undefined]);
      }
    }
    expect(elsewhere).toEqual([]);
    await context.close();
  }, 120_000);

  test('in letters: names and words of others, in header and body', async () => {
    const { sql } = stage.services;
    const before = stage.relay.accepted.length;
    const say = async (reader: number, fields: Record<string, string>) => {
      const url = linkIn(await stage.mailTo(`reader${reader}@example.net`), '/comment');
      return fetch(url, {
        method: 'POST',
        body: new URLSearchParams({ action: 'add', ...fields }),
        redirect: 'manual',
      });
    };
    await say(5, { body: '물어봐요', name: '하늘' });
    const [first] = await sql<
      { id: number }[]
    >`select id from comments where subscriber_id = ${stage.subscriberIds[5]!}`;
    await decideComments(sql, [first!.id], 'published');
    for (const [at, words] of hostile.entries()) {
      await sql`delete from comments where subscriber_id = ${stage.subscriberIds[6]!}`;
      await say(6, { parent: String(first!.id), body: `${words} ${at}`, name: '바다' });
      const waiting = await sql<{ id: number }[]>`select id from comments where state = 'pending'`;
      // A name that the form would refuse, as though it had been let in.
      await sql`update comments set author = ${words.replaceAll('\u0000', '').replace('\ud800', '').slice(0, 30)} where id = any(${waiting.map(({ id }) => id)}::bigint[])`;
      await decideComments(
        sql,
        waiting.map(({ id }) => id),
        'published',
      );
      await stage.post();
    }
    const letters = stage.relay.accepted.slice(before);
    expect(letters.length).toBeGreaterThanOrEqual(hostile.length - 2);
    const context = await browser.newContext();
    const page = await context.newPage();
    const asked: string[] = [];
    await page.route('**', route => {
      asked.push(route.request().url());
      return route.abort();
    });
    const { default: PostalMime } = await import('postal-mime');
    for (const { raw } of letters) {
      const mail = await PostalMime.parse(Buffer.from(raw, 'latin1'));
      expect(mail.headers.map(header => header.key)).not.toContain('x-evil');
      expect(raw.slice(0, raw.indexOf('\r\n\r\n'))).not.toMatch(/^X-Evil/im);
      await page.setContent(mail.html ?? '');
      expect(await page.evaluate('window.owned')).toBeUndefined();
      expect(mail.html).not.toMatch(/href="(?:javascript|data):/i);
    }
    expect(asked).toEqual([]);
    await context.close();
  }, 120_000);
});
