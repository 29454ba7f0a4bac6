/** Rules 1.4, 4.1, 5.2; lessons 16, 17, 19. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstForm, forged, openStage, press, type Stage } from './support.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.services.close());

const multipart = () => {
  const form = new FormData();
  form.append('List-Unsubscribe', 'One-Click');
  return form;
};
const encodings: [string, () => RequestInit][] = [
  [
    'urlencoded',
    () => ({ headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'List-Unsubscribe=One-Click' }),
  ],
  ['multipart', () => ({ body: multipart() })],
];

describe.each(encodings)('one-click as %s', (name, body) => {
  const reader = name === 'multipart' ? 1 : 0;
  const post = (path: string) => stage.app.request(path, { method: 'POST', ...body() });

  test('forged: refused, nothing changes', async () => {
    const answer = await post(forged(stage.link('unsubscribe', reader)));
    expect(answer.status).toBe(404);
    expect(await stage.state(reader)).toBe('active');
  });

  test('first and repeated: 200 in place, no cookie, and it holds', async () => {
    for (let i = 0; i < 3; i++) {
      const answer = await post(stage.link('unsubscribe', reader));
      expect(answer.status).toBe(200);
      expect(answer.headers.get('location')).toBeNull();
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(await answer.text()).toContain('수신거부를 마쳤어요');
      expect(await stage.state(reader)).toBe('unsubscribed');
    }
    const subscriberId = stage.sent.subscriberIds[reader]!;
    const events = await stage.services.sql`select kind from events where subscriber_id = ${subscriberId}`;
    expect(events.map(event => event.kind)).toEqual(['unsubscribe']);
  });

  test('a link made for something else does not unsubscribe', async () => {
    for (const purpose of ['like', 'web', 'preferences', 'click'] as const) {
      const token = stage.link(purpose, 2).split('/')[2];
      expect((await post(`/r/${token}/unsubscribe`)).status).toBe(404);
    }
    expect(await stage.state(2)).toBe('active');
  });
});

test('a POST without any readable body unsubscribes too: the address says what is meant', async () => {
  const broken = {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    body: 'nothing of that kind',
  };
  expect((await stage.app.request(stage.link('unsubscribe', 3), broken)).status).toBe(200);
  expect((await stage.app.request(stage.link('unsubscribe', 4), { method: 'POST' })).status).toBe(200);
  expect([await stage.state(3), await stage.state(4)]).toEqual(['unsubscribed', 'unsubscribed']);
});

test('the page names the masked address and the publication, unsubscribes by its button, and undoes it', async () => {
  const path = stage.link('unsubscribe', 5);
  const page = await (await stage.app.request(path)).text();
  expect(page).toContain('r•••5@example.net');
  expect(page).not.toContain('reader5@');
  expect(page).toContain('LLM Watch');
  expect(page.match(/<form/g)).toHaveLength(1);

  const answer = await press(stage.app, path, firstForm(page));
  expect([answer.status, answer.headers.get('location')]).toEqual([303, 'unsubscribe']);
  expect(await stage.state(5)).toBe('unsubscribed');

  const done = await (await stage.app.request(path)).text();
  expect(done).toContain('수신거부를 마쳤어요');
  expect(firstForm(done)).toEqual({ action: 'resubscribe' });
  await press(stage.app, path, firstForm(done));
  expect(await stage.state(5)).toBe('active');
  expect(await (await stage.app.request(`${path}?done=back`)).text()).toContain('다시 구독했어요');
});

test('the language goes along', async () => {
  const path = `${stage.link('unsubscribe', 6)}?lang=en`;
  const page = await (await stage.app.request(path)).text();
  expect(page).toMatch(/<html lang="en">/);
  expect(page).toContain('Stop getting LLM Watch?');
  expect((await press(stage.app, path, firstForm(page))).headers.get('location')).toBe('unsubscribe?lang=en');
});

test('someone deleted meanwhile gets an answer, not an error', async () => {
  const { sql } = stage.services;
  const id = stage.sent.subscriberIds[11]!;
  const path = stage.link('unsubscribe', 11);
  await sql`delete from recipients where subscriber_id = ${id}`;
  await sql`delete from subscribers where id = ${id}`;
  expect(await (await stage.app.request(path)).text()).toContain('구독하고 있지 않아요');
  expect((await stage.app.request(path, { method: 'POST', ...encodings[0]![1]() })).status).toBe(200);
});

test('a suppressed reader is told so instead of being offered what would not work', async () => {
  const { sql, hasher } = stage.services;
  await sql`insert into suppressions (address_hash, reason) values (${hasher.hash('reader7@example.net')}, 'complaint')`;
  await press(stage.app, stage.link('unsubscribe', 7), { action: 'unsubscribe' });
  const page = await (await stage.app.request(stage.link('unsubscribe', 7))).text();
  expect(page).not.toContain('<form');
  expect(page).toContain('반송되었거나');
});

test('preferences: shows the state, renames, leaves and comes back', async () => {
  const path = stage.link('preferences', 8);
  const page = await (await stage.app.request(path)).text();
  for (const words of ['r•••8@example.net', '구독 중', 'LLM Watch', 'value="독자"']) expect(page).toContain(words);
  await press(stage.app, path, { action: 'name', name: '  김\r\n독자\u202e <b>  ' });
  const renamed = await (await stage.app.request(`${path}?done=name`)).text();
  expect(renamed).toContain('이름을 저장했어요');
  expect(renamed).toContain('value="김 독자 &lt;b&gt;"');
  await press(stage.app, path, { action: 'unsubscribe' });
  expect(await stage.state(8)).toBe('unsubscribed');
  await press(stage.app, path, { action: 'resubscribe' });
  await press(stage.app, path, { action: 'nonsense' });
  expect(await stage.state(8)).toBe('active');
});
