/** What is asked before any mail is written: robots, limits, attacks, throw-away and mistyped domains; and the form on other sites. */
import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SignUpLimits } from '../../../../src/http/public/signup/limits.ts';
import { Proofs } from '../../../../src/http/public/signup/proof.ts';
import { Tickets } from '../../../../src/http/public/signup/ticket.ts';
import { Queues } from '../../../../src/queue/queues.ts';
import { isDisposable, likelyDomain } from '../../../../src/subscribers/domains.ts';
import { firstForm, press } from '../support.ts';
import { openSignUpStage, type SignUpStage } from './support.ts';

let stage: SignUpStage;
beforeAll(async () => {
  stage = await openSignUpStage();
});
afterAll(() => stage.services.close());
beforeEach(async () => {
  const { sql } = stage.services;
  await sql`delete from signups`;
  await sql`delete from subscribers`;
  await stage.services.redisFlush();
});

const people = async () => (await stage.services.sql`select email from subscribers order by id`).map(row => row.email);
const decoded = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&amp;', '&').replaceAll('&#39;', "'");

test('a robot that fills the unseen field is told what everyone is told', async () => {
  const answer = await stage.ask('robot@example.net', { website: 'http://spam.example' });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/p/weekly/subscribe?done=sent']);
  expect(await people()).toEqual([]);
});

describe('the moment the form was made', () => {
  test('too soon, too old, of another publication, forged or absent: the form again, filled in; nothing is written', async () => {
    const tickets = new Tickets(stage.services.hasher);
    const id = stage.publicationId;
    const good = tickets.make(id, Date.now() - 10_000);
    const soon = tickets.make(id);
    for (const ticket of [
      soon,
      tickets.make(id, Date.now() - 25 * 3_600_000),
      tickets.make(id + 1, 0),
      `${good.slice(0, -1)}!`,
      '',
      'a.b',
    ]) {
      const answer = await stage.ask('person@example.net', { ticket });
      const page = await answer.text();
      expect(answer.status).toBe(200);
      expect(page).toContain('value="person@example.net"');
      // One that will be good in a moment stays.
      expect(page.includes(`value="${soon}"`)).toBe(ticket === soon);
      expect(page).not.toMatch(/name="advertising"[^>]*checked/);
    }
    expect(await people()).toEqual([]);
    expect(tickets.check(id, soon, Date.now() + 3000)).toBe('good');
  });

  test('a form whose words have changed since is shown anew', async () => {
    expect(await (await stage.ask('person@example.net', { wording: 'subscription-2020-01-ko' })).text()).toContain(
      '한 번만 더',
    );
    expect(await people()).toEqual([]);
  });

  test('the box that a person ticked stays ticked when the form comes again', async () => {
    const page = await (await stage.ask('person@example.net', { ticket: '', advertising: 'yes' })).text();
    expect(page).toMatch(/name="advertising"[^>]*checked/);
  });
});

test.each(['', 'nobody', 'a@b@c', 'a b@example.net', 'x@localhost', `${'a'.repeat(400)}@example.net`])(
  'no address: %s',
  async email => {
    const answer = await stage.ask(email);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('메일을 보낼 수 있는 주소가 아니에요');
  },
);

test('what was typed becomes text, not markup', async () => {
  const page = await (await stage.ask('"><script>alert(1)</script>@x')).text();
  expect(page).not.toContain('<script>alert');
});

describe('domains', () => {
  test.each([
    ['gmial.com', 'gmail.com'],
    ['gmai.com', 'gmail.com'],
    ['gmail.co', 'gmail.com'],
    ['gmail.con', 'gmail.com'],
    ['navr.com', 'naver.com'],
    ['naver.con', 'naver.com'],
    ['hanmial.net', 'hanmail.net'],
    ['daum.ent', 'daum.net'],
    ['kakao.con', 'kakao.com'],
    ['otlook.com', 'outlook.com'],
    ['outlok.con', 'outlook.com'],
    ['hotmial.com', 'hotmail.com'],
  ])('%s was meant to be %s', (typed, meant) => expect(likelyDomain(typed)).toBe(meant));

  test.each([
    'gmail.com',
    'mail.com',
    'ymail.com',
    'nave.com',
    'example.org',
    'kaist.ac.kr',
    'snu.ac.kr',
    'a.co',
    'x'.repeat(200),
    'outlook.kr',
    'mate.co.kr',
  ])('%s is left alone', domain => expect(likelyDomain(domain)).toBeUndefined());

  test('a slip is asked about, and taken by a press only; the typed one can be kept', async () => {
    const page = await (await stage.ask('kim@naver.con', { advertising: 'yes' })).text();
    expect(page).toContain('<button type="submit" name="email" value="kim@naver.com">');
    expect(await people()).toEqual([]);
    const form = firstForm(page);
    expect(form.advertising).toBe('yes');
    const again = (email: string) => press(stage.app, '/p/weekly/subscribe', { ...form, email });
    expect((await again('kim@naver.com')).status).toBe(303);
    expect((await again('kim@naver.con')).status).toBe(303);
    expect(await people()).toEqual(['kim@naver.com', 'kim@naver.con']);
  });

  test('throw-away addresses are refused with a word, unless the publication takes them', async () => {
    expect([
      isDisposable('mailinator.com'),
      isDisposable('a.b.mailinator.com'),
      isDisposable('gmail.com'),
      isDisposable('com'),
    ]).toEqual([true, true, false, false]);
    const answer = await stage.ask('x@mailinator.com');
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('잠깐 쓰고 버리는 주소');
    await stage.change({ signup: { allowDisposable: true } });
    expect((await stage.ask('x@mailinator.com')).status).toBe(303);
    await stage.change({});
  });
});

/** What the widget would post. */
async function solved(page: string, reuse?: string): Promise<Record<string, string>> {
  const challenge = JSON.parse(decoded(/data-challenge="([^"]*)"/.exec(page)![1]!));
  const proof =
    reuse ??
    Buffer.from(JSON.stringify({ challenge, solution: await solveChallenge({ challenge, deriveKey }) })).toString(
      'base64',
    );
  return { ...firstForm(page), proof };
}

describe('limits', () => {
  test('after five from one network a proof is asked for; it works once, and for what was entered', async () => {
    for (let i = 0; i < 5; i++) expect((await stage.ask(`n${i}@example.net`, {}, '192.0.2.1')).status).toBe(303);
    const answer = await stage.ask('n5@example.net', { advertising: 'yes' }, '192.0.2.1');
    const page = await answer.text();
    expect(answer.headers.get('content-security-policy')).toMatch(
      /default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'sha256-/,
    );
    expect(await people()).toHaveLength(5);
    // Others are not asked.
    expect((await stage.ask('other@example.net', {}, '192.0.2.2')).status).toBe(303);
    const form = await solved(page);
    const send = (more = {}) =>
      press(stage.app, '/p/weekly/subscribe', { ...form, ...more }, { 'x-forwarded-for': '192.0.2.1' });
    expect((await send({ proof: 'x' })).status).toBe(200);
    const forged = JSON.parse(Buffer.from(form.proof!, 'base64').toString());
    forged.challenge.parameters.expiresAt += 1;
    expect((await send({ proof: Buffer.from(JSON.stringify(forged)).toString('base64') })).status).toBe(200);
    expect((await send()).status).toBe(303);
    expect((await people()).at(-1)).toBe('n5@example.net');
    expect((await send({ email: 'n6@example.net' })).status).toBe(200);
    expect(await people()).not.toContain('n6@example.net');
  });

  test('sixty from one network in a day are the end, whatever is proved; a neighbour in another /64 goes on', async () => {
    const answers = await Promise.all(
      Array.from({ length: 62 }, (_, i) => stage.ask(`m${i}@example.net`, {}, `2001:db8::${i + 1}`)),
    );
    expect(answers.filter(answer => answer.status === 429)).toHaveLength(2);
    expect((await stage.ask('free@example.com', {}, '2001:db8:0:1::1')).status).toBe(303);
  });

  test('thirty of one unknown domain in an hour ask for a proof, of a large provider not', async () => {
    const together = (n: number, domain: string) =>
      Promise.all(Array.from({ length: n }, (_, i) => stage.ask(`d${i}@${domain}`)));
    await together(30, 'example.net');
    expect((await stage.ask('last@example.net')).status).toBe(200);
    expect(await people()).toHaveLength(30);
    for (const answer of await together(32, 'naver.com')) expect(answer.status).toBe(303);
  });

  test('many unconfirmed in a short time are an attack on the publication: everyone proves, until they confirm', async () => {
    await stage.change({ signup: { attack: { unconfirmed: 3, minutes: 10 } } });
    for (const name of ['a', 'b', 'c']) expect((await stage.ask(`${name}@example.net`)).status).toBe(303);
    const page = await stage.ask('d@example.net');
    expect([page.status, await people()]).toEqual([200, ['a@example.net', 'b@example.net', 'c@example.net']]);
    await press(stage.app, await stage.confirmPath('a@example.net'), { action: 'confirm' });
    expect((await stage.ask('d@example.net')).status).toBe(303);
    await stage.change({});
  });

  test('no counter holds an address or an IP, each forgets itself within a day', async () => {
    await stage.ask('secret@example.net', {}, '192.0.2.77');
    const { redis } = stage.services.queues;
    const keys = await redis.keys(`${stage.services.config.queuePrefix}:signup*`);
    expect(keys.length).toBeGreaterThanOrEqual(5);
    for (const key of keys) {
      expect(key).not.toMatch(/secret|example|192/);
      const left = await redis.pttl(key);
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(24 * 3_600_000);
    }
  });
});

test('while Redis is away each process goes on counting, and takes a proof once', async () => {
  const { services, publicationId } = stage;
  const queues = new Queues('redis://127.0.0.1:1', '{away}');
  try {
    const limits = new SignUpLimits({ ...services, queues });
    const address = { emailKey: 'x@gmail.com', domain: 'gmail.com' };
    const counts = await Promise.all(
      Array.from({ length: 6 }, () => limits.count(publicationId, address, '192.0.2.5')),
    );
    expect(counts.filter(count => count === 'proof')).toHaveLength(1);
    const proofs = new Proofs({ ...services, queues });
    const challenge = await proofs.challenge(publicationId);
    const solution = await solveChallenge({ challenge, deriveKey });
    const payload = Buffer.from(JSON.stringify({ challenge, solution })).toString('base64');
    expect(await proofs.take(publicationId + 1, payload)).toBe(false);
    expect(await proofs.take(publicationId, payload)).toBe(true);
    expect(await proofs.take(publicationId, payload)).toBe(false);
  } finally {
    await queues.close();
  }
});

describe('on other sites', () => {
  const json = (body: unknown, headers: Record<string, string> = {}) =>
    stage.app.request('/p/weekly/subscribe.json', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: 'https://blog.example',
        'x-forwarded-for': '198.51.100.9',
        ...headers,
      },
      body: JSON.stringify(body),
    });
  const entry = (email: string, more = {}) => {
    const { ticket, wording } = stage.fields(email);
    return { email, ticket, wording, ...more };
  };

  test('JSON: signs up with source embed; hints, refusals and the moment are said in words', async () => {
    const answer = await json(entry('reader@example.net', { advertising: true }));
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(await answer.json()).toMatchObject({ status: 'sent', title: '메일함을 확인해 주세요' });
    expect(await stage.services.sql`select source, advertising from signups`).toEqual([
      { source: 'embed', advertising: true },
    ]);
    expect(await (await json(entry('kim@gmial.com'))).json()).toMatchObject({
      status: 'hint',
      meant: 'kim@gmail.com',
      typed: 'kim@gmial.com',
    });
    expect(await (await json(entry('x@mailinator.com'))).json()).toMatchObject({ status: 'disposable' });
    expect(await (await json({ email: 'y@example.net' })).json()).toMatchObject({ status: 'again', late: true });
    for (const body of [{}, [], 'x', { email: 1 }, { email: 'z'.repeat(2000) }])
      expect((await json(body)).status).toBe(422);
    expect(await people()).toEqual(['reader@example.net']);
    const { ticket } = (await (await stage.app.request('/p/weekly/subscribe.json')).json()) as { ticket: string };
    expect(new Tickets(stage.services.hasher).check(stage.publicationId, ticket, Date.now() + 5000)).toBe('good');
  });

  test('a press that is a moment too soon does not begin the wait anew, though its answer comes late', async () => {
    const tickets = new Tickets(stage.services.hasher);
    let said: { status: string; late?: boolean } = { status: '' };
    // Too soon when it is judged, old enough when it is answered: on a busy machine not at the first try.
    for (let tries = 0; said.status !== 'again' && tries < 20; tries++) {
      const ticket = tickets.make(stage.publicationId, Date.now() - 1850);
      said = (await (await json(entry('kim@gmial.com', { ticket }))).json()) as typeof said;
    }
    expect(said).toMatchObject({ status: 'again', late: false });
  });

  test('CORS: this route alone, any origin or those of the publication, no credentials', async () => {
    const preflight = () =>
      stage.app.request('/p/weekly/subscribe.json', {
        method: 'OPTIONS',
        headers: { origin: 'https://blog.example', 'access-control-request-method': 'POST' },
      });
    const open = await preflight();
    expect([open.status, open.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    expect(open.headers.get('access-control-allow-credentials')).toBeNull();
    await stage.change({ signup: { origins: ['https://friend.example/page'] } });
    expect((await preflight()).headers.get('access-control-allow-origin')).toBeNull();
    const friend = await stage.app.request('/p/weekly/subscribe.json', {
      headers: { origin: 'https://friend.example' },
    });
    expect(friend.headers.get('access-control-allow-origin')).toBe('https://friend.example');
    await stage.change({});
    for (const path of ['/p/weekly', '/p/weekly/subscribe', '/p/weekly/embed', '/'])
      expect(
        (await stage.app.request(path, { headers: { origin: 'https://blog.example' } })).headers.get(
          'access-control-allow-origin',
        ),
      ).toBeNull();
  });

  test('a plain form brings an address alone: our form is shown with it, and nothing is written', async () => {
    const answer = await press(stage.app, '/p/weekly/subscribe', { email: 'plain@example.net' });
    expect(await answer.text()).toContain('value="plain@example.net"');
    expect(await people()).toEqual([]);
  });

  test('the script is a script whatever the publication is called, and any page may load it', async () => {
    await stage.change({ name: '</script>\u2028"\'`' });
    const answer = await stage.app.request('/p/weekly/embed.js');
    const text = await answer.text();
    expect(answer.headers.get('content-type')).toContain('text/javascript');
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(text).not.toMatch(/<\/script|\u2028/);
    expect(() => new Function(text)).not.toThrow();
    await stage.change({});
  });

  test('files of the widget: kept for ever under their own name, nothing else is served', async () => {
    await stage.change({ signup: { attack: { unconfirmed: 1, minutes: 10 } } });
    await stage.ask('one@example.net');
    const page = await (await stage.ask('two@example.net')).text();
    await stage.change({});
    const served = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
    expect(served).toHaveLength(2);
    for (const path of served) {
      const answer = await stage.app.request(path);
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([
        200,
        'public, max-age=31536000, immutable',
      ]);
    }
    for (const path of ['/assets/altcha.js', '/assets/..%2Fpackage.json', '/assets/proof.js'])
      expect((await stage.app.request(path)).status).toBe(404);
  });
});
