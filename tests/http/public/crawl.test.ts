/** Rule 4.1 with the bytes that left: a machine that opens everything in a hundred mails changes nothing but raw clicks. */
import { readFileSync } from 'node:fs';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compose } from '../../../src/compose/compose.ts';
import { createApp, type Listening, listen } from '../../../src/http/server.ts';
import { trapRef } from '../../../src/model/edition.ts';
import { render } from '../../../src/render/render.ts';
import { readReport, report } from '../../../src/track/report.ts';
import { hasBrowser, launchBrowser } from '../../support/browser.ts';
import { digestOf } from '../../support/digest.ts';
import { publicationOf } from '../../support/fixtures.ts';
import { type Relay, startRelay } from '../../support/relay.ts';
import { type Sending, startSending } from '../../support/sending.ts';
import { openServices, type Services } from '../../support/services.ts';

const messages = 100;

let services: Services;
let relay: Relay;
let sending: Sending;
let server: Listening;
/** Paths of our own that the mails lead to, click links first to last. */
let paths: string[];

beforeAll(async () => {
  services = await openServices();
  relay = await startRelay();
  const publication = publicationOf();
  const source = readFileSync(new URL('../../../templates/sample/issue.ko.md', import.meta.url), 'utf8');
  const { issue } = compose(source, { publication });
  const edition = await render(issue, { publication });
  const addresses = Array.from({ length: messages }, (_, i) => `reader${i}@example.net`);
  sending = await startSending(services, relay, addresses, { submit: { issue, edition, source } });
  await sending.deliver();
  paths = [...new Set((await Promise.all(relay.accepted.map(linksOf))).flat())];
  server = await listen(await createApp(services), { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await server?.close();
  sending?.close();
  await relay?.close();
  await services?.close();
});

/** Every address of ours in a mail: header, text and HTML, as a scanner finds them. */
async function linksOf({ raw }: { raw: string }): Promise<string[]> {
  const mail = await simpleParser(Buffer.from(raw, 'latin1'));
  const all = [mail.headerLines.map(one => one.line).join('\n'), mail.text ?? '', mail.html || ''].join('\n');
  return [...all.replaceAll('&amp;', '&').matchAll(/https:\/\/news\.example\.org(\/[^\s"'<>)]*)/g)].map(
    match => match[1]!,
  );
}

const ask = async (path: string, method: string) => {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method,
    redirect: 'manual',
    headers: { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0.0.0 Safari/537.36' },
  });
  await answer.arrayBuffer();
  return answer.status;
};

/** Everything but the raw clicks. The row of a reader whose message's fate was unknown would turn `accepted`: here none was. */
const digest = () => digestOf(services.sql, { events: "kind <> 'click'" });

test('GET and HEAD of every link in a hundred mails change nothing but raw clicks', async () => {
  expect(relay.accepted).toHaveLength(messages);
  const kinds = new Set(paths.map(kindOf));
  for (const kind of ['/r/', '/r/like', '/r/unsubscribe', '/r/web', '/p/']) expect(kinds).toContain(kind);
  const clicks = paths.filter(path => kindOf(path) === '/r/');
  const before = await digest();
  const wrong: string[] = [];
  for (const method of ['GET', 'HEAD']) {
    for (let at = 0; at < paths.length; at += 20) {
      const group = paths.slice(at, at + 20);
      const statuses = await Promise.all(group.map(path => ask(path, method)));
      wrong.push(
        ...group.filter((_, i) => ![200, 302].includes(statuses[i]!)).map(path => `${method} ${kindOf(path)}`),
      );
    }
  }
  expect([...new Set(wrong)]).toEqual([]);
  expect(await digest()).toEqual(before);
  const [row] = await services.sql`
    select count(*) as n, count(*) filter (where ref = ${trapRef}) as hidden, count(distinct subscriber_id) as readers from events`;
  expect(row).toEqual({ n: 2 * clicks.length, hidden: 2 * messages, readers: messages });
}, 60_000);

test('none of it is a person’s', async () => {
  const { clicks, likes, pressed } = await report(services.sql, sending.issueId);
  expect(clicks.all).toBeGreaterThan(messages);
  expect([clicks.people, likes, pressed]).toEqual([0, 0, 0]);
  expect((await readReport(services.sql, sending.issueId)).clicks).toEqual(clicks);
});

test.skipIf(!hasBrowser)(
  'a browser that runs scripts, opens each kind of page and scrolls through it, changes nothing',
  async () => {
    const before = await digest();
    const each = [...new Map(paths.map(path => [kindOf(path), path])).values()].filter(path => kindOf(path) !== '/r/');
    const browser = await launchBrowser();
    try {
      const context = await browser.newContext();
      const page = await context.newPage();
      for (const path of [...each, '/', '/p/weekly', '/r/nothing']) {
        await page.goto(`http://127.0.0.1:${server.port}${path}`, { waitUntil: 'networkidle' });
        await page.mouse.move(200, 200);
        for (let i = 0; i < 5; i++) await page.mouse.wheel(0, 800);
        await page.keyboard.press('Tab');
      }
      expect(await context.cookies()).toEqual([]);
    } finally {
      await browser.close();
    }
    expect(await digest()).toEqual(before);
  },
  60_000,
);

/** `/r/`: a tracked link; `/r/like` and the like; `/p/`: a public page. */
function kindOf(path: string): string {
  const [, first, , what] = path.split(/[/?#]/);
  return first === 'r' ? `/r/${what ?? ''}` : `/${first}/`;
}
