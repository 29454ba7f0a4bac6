/** Signing up, confirming, and what is written of both (rules 4.1, 5.1 and section 7). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { signUp } from '../../../../src/db/signups.ts';
import { endSubscription } from '../../../../src/db/subscribers.ts';
import { wordingsOf } from '../../../../src/model/consent.ts';
import { suppress } from '../../../../src/subscribers/subscriptions.ts';
import { press } from '../support.ts';
import { openSignUpStage, type SignUpStage } from './support.ts';

let stage: SignUpStage;
beforeAll(async () => {
  stage = await openSignUpStage();
});
afterAll(() => stage.services.close());
beforeEach(async () => {
  const { sql } = stage.services;
  await sql`delete from letters`;
  await sql`delete from signups`;
  await sql`delete from subscribers`;
  await sql`delete from suppressions`;
  await stage.services.redisFlush();
});

const letters = async () =>
  (await stage.services.sql`select kind, lang, data, ref from letters order by id`).map(row => row);
const kinds = async () => (await letters()).map(letter => letter.kind);
const consents = () => stage.services.sql`select kind, given, wording, version, source, ip from consents order by id`;

/** An answer without what no two answers share. */
const bytesOf = async (answer: Response) => ({
  status: answer.status,
  headers: [...answer.headers].filter(([name]) => name !== 'date'),
  body: await answer.text(),
});

test('the form is on the publication’s page: nothing is ticked, and its words are those that are stored', async () => {
  const page = await (await stage.app.request('/p/weekly')).text();
  const { advertising, subscription } = wordingsOf(stage.publication, 'ko');
  expect(page).toContain(advertising!.text);
  expect(page).toContain(subscription.text);
  expect(page).toMatch(/<input type="checkbox"[^>]*name="advertising"/);
  expect(page).not.toMatch(/checked/);
});

test.each([
  [[], false],
  [['can-spam'], false],
  [['gdpr'], true],
  [['casl'], true],
  [['kr'], true],
])('law %j: a box for advertising is there: %s', async (law, hasBox) => {
  expect(wordingsOf({ name: 'x', law: law as never }, 'en').advertising !== undefined).toBe(hasBox);
});

test('a sign-up is pending with one letter that holds nothing that was typed; its page confirms by a press', async () => {
  const { sql } = stage.services;
  const answer = await stage.ask('Kim.New@example.net', { advertising: 'yes', name: '바보 <b>' });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/p/weekly/subscribe?done=sent']);
  expect(await stage.stateOf('kim.new@example.net')).toBe('pending');
  expect(await letters()).toEqual([{ kind: 'confirm', lang: 'ko', data: {}, ref: 0 }]);
  expect(await consents()).toEqual([]);
  expect(await sql`select advertising from subscriptions`).toEqual([{ advertising: false }]);

  const path = await stage.confirmPath('kim.new@example.net');
  for (let i = 0; i < 2; i++) {
    const page = await (await stage.app.request(path)).text();
    expect(page).toContain('동의하고 구독 확인');
    expect(page).toContain(wordingsOf(stage.publication, 'ko').advertising!.text);
    expect(page).not.toContain('kim.new@');
  }
  await stage.app.request(path, { method: 'HEAD' });
  expect(await stage.stateOf('kim.new@example.net')).toBe('pending');

  // Something else is posted: a scanner's empty form.
  await press(stage.app, path, {});
  expect(await stage.stateOf('kim.new@example.net')).toBe('pending');
  await Promise.all(Array.from({ length: 6 }, () => press(stage.app, path, { action: 'confirm' })));
  expect(await stage.stateOf('kim.new@example.net')).toBe('active');
  expect(await kinds()).toEqual(['confirm', 'welcome']);
  const { subscription, advertising } = wordingsOf(stage.publication, 'ko');
  expect(await consents()).toEqual([
    {
      kind: 'subscription',
      given: true,
      wording: subscription.text,
      version: subscription.version,
      source: 'form',
      ip: null,
    },
    {
      kind: 'advertising',
      given: true,
      wording: advertising!.text,
      version: advertising!.version,
      source: 'form',
      ip: null,
    },
  ]);
  expect(await sql`select advertising, lang, confirmed_at is not null as at from subscriptions`).toEqual([
    { advertising: true, lang: 'ko', at: true },
  ]);
  expect(await (await stage.app.request(path)).text()).toContain('구독을 시작했어요');
});

test('unticked: one button, no consent to advertising, and no row of a refusal', async () => {
  await stage.ask('a@example.net');
  const path = await stage.confirmPath('a@example.net');
  expect(await (await stage.app.request(path)).text()).not.toContain('광고 없이');
  await press(stage.app, path, { action: 'confirm' });
  expect((await consents()).map(row => row.kind)).toEqual(['subscription']);
  expect(await stage.services.sql`select advertising from subscriptions`).toEqual([{ advertising: false }]);
});

test('ticked and left out on the confirmation’s page: subscribed, refused, no advertising', async () => {
  await stage.ask('b@example.net', { advertising: 'yes' });
  await press(stage.app, await stage.confirmPath('b@example.net'), { action: 'alone' });
  expect((await consents()).map(({ kind, given }) => [kind, given])).toEqual([
    ['subscription', true],
    ['advertising', false],
  ]);
  expect(await stage.services.sql`select advertising from subscriptions`).toEqual([{ advertising: false }]);
});

test('what a stranger ticks in a second sign-up does not change what the first letter confirms', async () => {
  await stage.ask('c@example.net');
  const path = await stage.confirmPath('c@example.net');
  await stage.ask('c@example.net', { advertising: 'yes' });
  await press(stage.app, path, { action: 'confirm' });
  expect((await consents()).map(row => row.kind)).toEqual(['subscription']);
});

test('the IP address of a confirmation is kept only where the publication says so', async () => {
  await stage.change({ signup: { keepIp: true } });
  await stage.ask('d@example.net');
  await press(
    stage.app,
    await stage.confirmPath('d@example.net'),
    { action: 'confirm' },
    { 'x-forwarded-for': '192.0.2.7' },
  );
  await stage.change({});
  expect((await consents()).map(row => row.ip)).toEqual(['192.0.2.7']);
});

test('who left is pending when signing up again; the old letter confirms nothing, the new one does', async () => {
  const { sql } = stage.services;
  await stage.ask('e@example.net');
  const old = await stage.confirmPath('e@example.net');
  await press(stage.app, old, { action: 'confirm' });
  await sql`update subscriptions set state = 'unsubscribed', left_state = 'active'`;
  await press(stage.app, old, { action: 'confirm' });
  expect(await stage.stateOf('e@example.net')).toBe('unsubscribed');
  await stage.ask('e@example.net');
  await stage.ask('e@example.net');
  expect(await kinds()).toEqual(['confirm', 'welcome', 'confirm']);
  expect(await stage.stateOf('e@example.net')).toBe('pending');
  await press(stage.app, old, { action: 'confirm' });
  expect(await stage.stateOf('e@example.net')).toBe('pending');
  expect(await (await stage.app.request(old)).text()).toContain('더 쓸 수 없어요');
  await press(stage.app, await stage.confirmPath('e@example.net'), { action: 'confirm' });
  expect(await stage.stateOf('e@example.net')).toBe('active');
  expect((await consents()).map(row => row.kind)).toEqual(['subscription', 'subscription']);
});

test('who refused before confirming is not brought in by the letter that is still there', async () => {
  const { sql } = stage.services;
  await stage.ask('r@example.net', { advertising: 'yes' });
  const path = await stage.confirmPath('r@example.net');
  const [row] = await sql<{ subscriberId: number }[]>`select subscriber_id from subscriptions`;
  await endSubscription(sql, { publicationId: stage.publicationId, subscriberId: row!.subscriberId });
  await press(stage.app, path, { action: 'confirm' });
  expect(await stage.stateOf('r@example.net')).toBe('unsubscribed');
  expect(await consents()).toEqual([]);
  expect(await kinds()).toEqual(['confirm']);
});

test('a letter of a month ago confirms nothing, nor does a forged link', async () => {
  await stage.ask('f@example.net');
  const path = await stage.confirmPath('f@example.net');
  await stage.services.sql`update signups set asked_at = now() - interval '31 days'`;
  await press(stage.app, path, { action: 'confirm' });
  expect(await stage.stateOf('f@example.net')).toBe('pending');
  expect((await press(stage.app, path.replace(/.{4}\/confirm/, 'AAAA/confirm'), { action: 'confirm' })).status).toBe(
    404,
  );
});

describe('new, pending, active, paused, left and suppressed', () => {
  const states = ['new', 'pending', 'active', 'paused', 'unsubscribed', 'suppressed'] as const;
  const expected = {
    new: ['confirm'],
    pending: ['confirm'],
    unsubscribed: ['confirm'],
    active: ['already'],
    paused: ['already'],
    suppressed: [],
  };

  test.each(states)('%s: the same bytes, the same statements, the letter that fits', async state => {
    const { sql, hasher } = stage.services;
    const emailKey = `${state}@example.net`;
    if (state === 'suppressed') await suppress(sql, hasher.hash(emailKey), 'manual');
    else if (state !== 'new') {
      await sql`insert into subscribers (email, email_key, domain, address_hash) values (${emailKey}, ${emailKey}, 'example.net', ${hasher.hash(emailKey)})`;
      await sql`insert into subscriptions (publication_id, subscriber_id, state, source) select ${stage.publicationId}, id, ${state}, 'import' from subscribers where email_key = ${emailKey}`;
    }
    const ran = (email: string) => {
      stage.statements.length = 0;
      return stage.ask(email).then(async answer => ({ ...(await bytesOf(answer)), statements: [...stage.statements] }));
    };
    const answer = await ran(emailKey);
    expect(await kinds()).toEqual(expected[state]);
    expect(answer.statements.join()).toContain('insert into signups');
    expect(answer).toEqual(await ran('another@example.org'));
    // A trace of the same size, so that nothing is told by what was written either.
    expect(await sql`select from signups where address_hash = ${hasher.hash(emailKey)}`).toHaveLength(1);
    expect(await stage.stateOf(emailKey)).toBe(
      state === 'new' || state === 'unsubscribed' ? 'pending' : state === 'suppressed' ? undefined : state,
    );
  });

  test('the page after it is one page', async () => {
    const pages = await Promise.all(
      [1, 2].map(async () => bytesOf(await stage.app.request('/p/weekly/subscribe?done=sent'))),
    );
    expect(pages[0]).toEqual(pages[1]);
    expect(pages[0]!.body).toContain('메일함을 확인해 주세요');
  });
});

test('a thousand sign-ups of one address, many at once and from everywhere, are one mail', async () => {
  const { sql, hasher } = stage.services;
  const asked = {
    ...{
      publicationId: stage.publicationId,
      email: 'bomb@example.net',
      emailKey: 'bomb@example.net',
      domain: 'example.net',
    },
    ...{
      addressHash: hasher.hash('bomb@example.net'),
      lang: 'ko' as const,
      wordings: wordingsOf(stage.publication, 'ko'),
    },
    ...{ advertising: false, source: 'form' as const },
  };
  const ids = await Promise.all(Array.from({ length: 1000 }, () => signUp(sql, asked)));
  expect(ids.filter(id => id !== undefined)).toHaveLength(1);
  expect(await kinds()).toEqual(['confirm']);
  // Over HTTP too, until the address's own limit says nothing more is looked at.
  const statuses = await Promise.all(
    Array.from({ length: 40 }, () => stage.ask('bomb@example.net').then(a => a.status)),
  );
  expect(new Set(statuses)).toEqual(new Set([303]));
  expect(await kinds()).toEqual(['confirm']);
});

test('a lost letter can be asked for again: after an hour, then a day; who is subscribed hears so once a day', async () => {
  const { sql, hasher } = stage.services;
  const emailKey = 'late@example.net';
  const asked = {
    ...{
      publicationId: stage.publicationId,
      email: emailKey,
      emailKey,
      domain: 'example.net',
      addressHash: hasher.hash(emailKey),
    },
    ...{
      lang: 'ko' as const,
      wordings: wordingsOf(stage.publication, 'ko'),
      advertising: false,
      source: 'form' as const,
    },
  };
  const start = Date.parse('2026-03-01T00:00:00Z');
  const mailed: number[] = [];
  for (let minutes = 0; minutes < 4 * 24 * 60; minutes += 10) {
    if (await signUp(sql, asked, new Date(start + minutes * 60_000))) mailed.push(minutes);
  }
  expect(mailed).toEqual([0, 60, 60 + 1440, 60 + 2 * 1440, 60 + 3 * 1440].filter(minutes => minutes < 4 * 1440));
  await sql`update subscriptions set state = 'active'`;
  await sql`update signups set confirmed_at = now()`;
  await sql`delete from letters`;
  const told: number[] = [];
  for (let hours = 0; hours < 72; hours++) {
    if (await signUp(sql, asked, new Date(start + 10 * 24 * 3_600_000 + hours * 3_600_000))) told.push(hours);
  }
  expect(told).toEqual([0, 24, 48]);
  expect(new Set(await kinds())).toEqual(new Set(['already']));
});

test('closed: no form, and nothing is taken', async () => {
  await stage.change({ signup: { open: false } });
  expect(await (await stage.app.request('/p/weekly')).text()).not.toContain('name="email"');
  expect((await stage.ask('g@example.net')).status).toBe(403);
  expect((await stage.app.request('/p/weekly/embed.js')).status).toBe(404);
  await stage.change({});
  expect(await letters()).toEqual([]);
});
