/** The joined product as readers meet it: a running site, an issue that went out to a live relay, and the mailboxes it went to. */
import { readFileSync } from 'node:fs';
import type { Hono } from 'hono';
import type { Page } from 'playwright-core';
import PostalMime, { type Email } from 'postal-mime';
import { Archivist } from '../../src/archive/archive.ts';
import { compose } from '../../src/compose/compose.ts';
import { addCodes, putPool } from '../../src/db/codes.ts';
import { dueLetters } from '../../src/db/letters.ts';
import { insertPastIssue } from '../../src/db/past-issues.ts';
import { putPublication } from '../../src/db/publications.ts';
import { heartbeat } from '../../src/db/workers.ts';
import { deliverBatch } from '../../src/deliver/batch.ts';
import { openDeliverer } from '../../src/deliver/delivery.ts';
import { LetterCarrier } from '../../src/deliver/letters.ts';
import { tellOfAnswers } from '../../src/enqueue/comment-replies.ts';
import { planAndQueue } from '../../src/enqueue/plan.ts';
import { hashOf } from '../../src/enqueue/submit.ts';
import { Tickets } from '../../src/http/public/signup/ticket.ts';
import { createApp, listen } from '../../src/http/server.ts';
import type { Publication } from '../../src/model/publication.ts';
import { renderLetter } from '../../src/render/letter.ts';
import { render } from '../../src/render/render.ts';
import { audience, publicationOf, submitIssue } from '../support/fixtures.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { freePort } from '../support/servers.ts';
import { openServices, type Services } from '../support/services.ts';

const workerId = '00000000-0000-4000-8000-000000000005';

export interface JourneyStage {
  services: Services;
  relay: Relay;
  /** Of the running site, as it stands in mails too. */
  url: string;
  publicationId: number;
  publication: Publication;
  issueId: number;
  /** Patterns of GET routes for readers, as the app has them. */
  routes: string[];
  /** Readers `reader0@example.net` …; those of even number agreed to advertising. */
  subscriberIds: number[];
  /** Sends an issue that is stored already. */
  deliver(issueId: number): Promise<void>;
  /** Sends every letter that is due, after gathering answers to comments. */
  post(): Promise<void>;
  /** Puts what was published into the archive. */
  archive(): Promise<void>;
  /** The newest mail to this address. */
  mailTo(address: string): Promise<Email>;
  close(): Promise<void>;
}

const sample = readFileSync(new URL('../../templates/sample/issue.ko.md', import.meta.url), 'utf8');

/** The sample with codes of readers' own, and its subject marked as the law asks. */
export const issueSource = sample
  .replace('  code: DEMO20\n', '  pool: spring\n')
  .replace('subject: "', 'subject: "(광고) ')
  .replace('코드 `DEMO20`을', '받은 코드를');

/** A publication with its past: one issue of long ago, one that has just gone out to everybody. */
export async function openJourneys(readers: number): Promise<JourneyStage> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const relay = await startRelay();
  const services = await openServices({ SMTP_URL: relay.url, PUBLIC_URL: url });
  const { sql } = services;
  const publication = publicationOf({
    law: ['kr'],
    description: '매주 수요일, 인공지능 연구를 쉬운 말로 풀어 드려요.',
    brand: { accent: '#0b5c55' },
    delivery: { breaker: { blocks: null } },
  });
  const addresses = Array.from({ length: readers }, (_, i) => `reader${i}@example.net`);
  const { publicationId, subscriberIds } = await audience(services, addresses, publication);
  await sql`update subscriptions set advertising = true where subscriber_id = any(${subscriberIds.filter((_, i) => i % 2 === 0)}::bigint[])`;
  await sql`update subscribers set name = '독자 ' || id`;
  await putPublication(sql, publicationOf({ slug: 'daily', name: '매일 소식', description: '아침마다 한 가지 소식' }));
  const poolId = await putPool(sql, publicationId, 'spring', '2099-05-31');
  await addCodes(
    sql,
    poolId,
    addresses.map((_, i) => `SPRING-${1000 + i}`),
  );
  const app = await createApp(services);
  const server = await listen(app, { host: '127.0.0.1', port: Number(new URL(url).port) });

  const past = sample.replace('number: 1', 'number: 0').replace(/^title: .*$/m, 'title: 지난 호의 네 편');
  const old = compose(past, { publication }).issue;
  const edition = await render(old, { publication, sendDate: '2026-01-07' });
  const stored = { publicationId, slug: 'issue-0', source: past, sourceHash: hashOf(past), issue: old, edition };
  await insertPastIssue(sql, stored, new Date('2026-01-07T00:00:00Z'));

  await heartbeat(sql, workerId, 'test');
  const deliverer = openDeliverer(services, workerId, new AbortController().signal);
  const { routes, ending } = deliverer.delivery;
  const carrier = new LetterCarrier({ ...services, routes, render: renderLetter, ending }, workerId);
  const archivist = new Archivist(services, workerId);
  const deliver = async (issueId: number) => {
    await planAndQueue(services, issueId);
    const batches = await sql<{ id: number }[]>`select id from batches where issue_id = ${issueId} order by id`;
    for (const batch of batches) await deliverBatch(deliverer.delivery, batch.id);
  };
  const archive = async () => {
    while ((await archivist.work()) > 0);
  };
  const { issue } = compose(issueSource, { publication });
  const sent = await submitIssue(services, publicationId, {
    ...{ source: issueSource, issue, edition: await render(issue, { publication, sendDate: '2026-03-04' }) },
  });
  await deliver(sent.id);
  await archive();
  return {
    routes: readersRoutes(app),
    ...{ services, relay, url, publicationId, publication, issueId: sent.id, subscriberIds, deliver, archive },
    post: async () => {
      await tellOfAnswers(services, 0);
      for (const id of await dueLetters(sql, 500)) await carrier.deliver(id);
    },
    mailTo: async address => {
      const mail = relay.accepted.findLast(({ to }) => to === address);
      if (!mail) throw new Error('no mail to this address');
      return PostalMime.parse(Buffer.from(mail.raw, 'latin1'));
    },
    close: async () => {
      deliverer.close();
      await server.close();
      await services.close();
      await relay.close();
    },
  };
}

function readersRoutes({ routes }: Hono): string[] {
  const paths = routes.filter(route => route.method === 'GET').map(route => route.path);
  return [...new Set(paths)].filter(path => !/^\/(?:api|console|hooks|metrics|healthz|readyz)\b|\*/.test(path));
}

/** The first link of a mail's HTML that ends in this page; by default any of ours. */
export function linkIn({ html = '' }: Email, page: string, nth = 0): string {
  const all = [...html.matchAll(/href="(http:\/\/127\.0\.0\.1:\d+[^"]*)"/g)].map(match =>
    match[1]!.replaceAll('&amp;', '&'),
  );
  const found = all.filter(one => new URL(one).pathname.endsWith(page))[nth];
  if (!found) throw new Error(`no link to ${page}: ${all.map(one => new URL(one).pathname.replace(/[\w-]{43}/, '…'))}`);
  return found;
}

/** Sets the moment at which a page's form was made back: nobody waits two seconds in a test. */
export async function ageTicket({ services, publicationId }: JourneyStage, page: Page): Promise<void> {
  const ticket = new Tickets(services.hasher).make(publicationId, Date.now() - 10_000);
  await page
    .locator('input[name=ticket]')
    .first()
    .evaluate((input, value) => input.setAttribute('value', value), ticket);
}
