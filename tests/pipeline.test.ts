/** The whole flow as an operator runs it: commands in processes of their own, embedded servers, a live relay, a web server, readers' links. */
import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { background, broadsheet } from './support/cli.ts';
import { type Relay, startRelay } from './support/relay.ts';

let folder: string;
let relay: Relay;
let env: Record<string, string>;
let publicKey: string;
const readers = Array.from({ length: 60 }, (_, i) => `reader${i}@${['example.net', 'gmail.com', 'naver.com'][i % 3]}`);
const file = (name: string) => join(folder, name);

const issue = (n: number) => `---
subject: "{{name|독자}}님께 드리는 ${n}호"
number: ${n}
---
안녕하세요, {{name|독자}}님!

- 첫 소식이에요.
- 둘째 소식이에요.

**시험 논문 하나**

관련 연구: WorkOne ( [논문](https://example.org/paper/${n}) / [코드](https://example.org/code/${n}) )

**어떤 문제를 푸나요?**
**괄호(parentheses)**가 붙은 굵은 글씨도 그대로 나와야 해요.

❤️ 마음에 드셨다면 '좋아요'를 눌러 주세요. 댓글도 기다릴게요.
구독하기
`;

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise(resolve => probe.close(resolve));
  return port;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-flow-'));
  relay = await startRelay({
    rcpt: to => (to === 'reader7@gmail.com' ? '550 5.1.1 <reader7@gmail.com> no such user' : '250 ok'),
  });
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  publicKey = pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  await writeFile(file('dkim.pem'), pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const port = await freePort();
  env = {
    SMTP_URL: relay.url,
    DATA_DIR: file('data'),
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    DKIM_DOMAIN: 'example.org',
    DKIM_SELECTOR: 'test',
    DKIM_PRIVATE_KEY_FILE: file('dkim.pem'),
  };
  await writeFile(
    file('publication.yaml'),
    'slug: flow\nname: 흐름 시험\nlanguage: ko\ntimeZone: Asia/Seoul\nfrom:\n  name: "흐름, 시험 (주)"\n  address: news@example.org\npostalAddress: 서울\n',
  );
  await writeFile(
    file('readers.csv'),
    iconv.encode(`이메일,이름\n${readers.map((a, i) => `${a},독자${i}`).join('\n')}\n이상한 줄,x\n`, 'cp949'),
  );
  await writeFile(file('one.md'), issue(1));
  await writeFile(file('two.md'), issue(2));
});
afterAll(async () => {
  await relay.close();
  await rm(folder, { recursive: true, force: true });
});

const mailTo = (address: string) => relay.accepted.filter(m => m.to === address);

test('an issue reaches everyone, its links work, and who left is left out of the next', async () => {
  const web = await background(['serve'], env, /answers at/);
  try {
    expect((await broadsheet(['publication', file('publication.yaml'), '--json'], env)).json).toMatchObject({
      created: true,
    });
    const imported = await broadsheet(['import', file('readers.csv'), '--publication', 'flow', '--json'], env);
    expect(imported.json).toMatchObject({ imported: 60, rejectedTotal: 1, rejected: [{ line: 62 }] });

    const sent = await broadsheet(['send', file('one.md'), '--publication', 'flow', '--wait', '--json'], env);
    expect(sent.json, sent.stderr).toMatchObject({
      issue: 'issue-1',
      state: 'sent',
      audience: 60,
      accepted: 59,
      rejected: 1,
    });
    expect(sent.code).toBe(0);
    expect(relay.accepted.map(m => m.to).sort()).toEqual(readers.filter(a => a !== 'reader7@gmail.com').sort());

    const ledger = await broadsheet(['ledger', 'issue-1', '--state', 'rejected'], env);
    expect(ledger.stdout).toMatch(
      /^email,state,attempts,reply,reason,updated_at\nreader7@gmail\.com,rejected,1,550 5\.1\.1 <<address>> no such user,hard-bounce,/,
    );

    await judgeMail();
    await useLinks();

    const again = await broadsheet(['send', file('one.md'), '--publication', 'flow', '--wait', '--json'], env);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/ISSUE_ALREADY_SENT/);

    const second = await broadsheet(['send', file('two.md'), '--publication', 'flow', '--wait', '--json'], env);
    expect(second.json).toMatchObject({ state: 'sent', audience: 59, accepted: 58 });
    expect(mailTo('reader1@gmail.com')).toHaveLength(1);
    // Neither logs nor URLs nor jobs hold an address.
    expect(web.output).not.toMatch(/reader\d+@/);
  } finally {
    expect(await web.stop()).toBe(0);
  }
  // The last clean exit left nothing running, and no other file than its own.
  expect(readdirSync(file('data/embedded/users'))).toEqual([]);
  expect(readdirSync(file('data/embedded/postgres'))).not.toContain('postmaster.pid');
  expect(readFileSync(file('data/embedded/redis/server.log'), 'utf8')).toMatch(/bye bye/);
});

async function judgeMail(): Promise<void> {
  const { raw, from } = mailTo('reader4@gmail.com')[0]!;
  const parsed = await simpleParser(Buffer.from(raw, 'latin1'));
  expect(parsed.subject).toBe('독자4님께 드리는 1호');
  expect(parsed.from?.value[0]).toEqual({ name: '흐름, 시험 (주)', address: 'news@example.org' });
  expect(parsed.html).toContain(
    '<b>괄호(parentheses)</b>가'.replace(/<\/?b>/g, tag =>
      String(parsed.html).includes('<strong>') ? tag.replace('b', 'strong') : tag,
    ),
  );
  expect(parsed.text).toContain('https://example.org/paper/1');
  expect(from).toMatch(/^b-[a-z2-7]+@example\.org$/);
  const resolver = async (name: string) =>
    name === 'test._domainkey.example.org' ? [[`v=DKIM1; k=rsa; p=${publicKey}`]] : [];
  const { results } = await dkimVerify(Buffer.from(raw, 'latin1'), { resolver });
  expect(results.map((r: { status: { result: string } }) => r.status.result)).toEqual(['pass']);
}

async function useLinks(): Promise<void> {
  const html = String((await simpleParser(Buffer.from(mailTo('reader1@gmail.com')[0]!.raw, 'latin1'))).html);
  const links = [...html.matchAll(/href="([^"]+)"/g)]
    .map(m => m[1]!.replace(/&amp;/g, '&'))
    .filter(u => u.startsWith(env.PUBLIC_URL!));
  const like = links.find(u => u.endsWith('/like'))!;
  for (const link of links) expect((await fetch(link, { redirect: 'manual' })).status, link).toBeLessThan(400);
  expect((await broadsheet(['report', 'issue-1', '--json'], env)).json).toMatchObject({
    accepted: 59,
    likes: 0,
    unsubscribed: 0,
    opens: null,
  });
  const liked = await fetch(like, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: likeForm(await (await fetch(like)).text()),
  });
  expect(liked.status).toBeLessThan(400);
  const unsubscribe = /^List-Unsubscribe: <([^>]+)>/im.exec(
    mailTo('reader1@gmail.com')[0]!.raw.replace(/\r\n[ \t]+/g, ' '),
  )![1]!;
  const oneClick = await fetch(unsubscribe, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
  });
  expect([oneClick.status, oneClick.headers.get('set-cookie')]).toEqual([200, null]);
  const report = (await broadsheet(['report', 'issue-1', '--json'], env)).json;
  expect(report).toMatchObject({ unsubscribed: 1 });
  expect(Number(report.likes) + (report.summaryLikes as { likes: number }[]).reduce((n, s) => n + s.likes, 0)).toBe(1);
  expect((await broadsheet(['subscriber', 'reader1@gmail.com', '--json'], env)).json).toMatchObject({
    subscriptions: [{ state: 'unsubscribed' }],
  });
}

function likeForm(page: string): URLSearchParams {
  const form = /<form[^>]*method="post"[^>]*>[\s\S]*?<\/form>/i.exec(page)![0];
  return new URLSearchParams(
    [...form.matchAll(/<(?:input|button)[^>]*name="([^"]+)"[^>]*value="([^"]*)"/gi)].map((m): [string, string] => [
      m[1]!,
      m[2]!,
    ]),
  );
}

test('bad input stops before anything is sent, says where, and loses nothing', async () => {
  const before = relay.arrived.length;
  await writeFile(file('bad.md'), '안녕하세요, {{nmae}}님\n');
  const bad = await broadsheet(['send', file('bad.md'), '--publication', 'flow', '--json'], env);
  expect(bad.code).toBe(1);
  expect(bad.stderr).toMatch(/bad\.md:1: error/);
  const free = await broadsheet(['publication', file('free.yaml'), '--json'], env);
  expect(free.code).toBe(1);
  await writeFile(
    file('free.yaml'),
    'slug: free\nname: 무료\nlanguage: ko\nfrom:\n  name: x\n  address: someone@gmail.com\npostalAddress: 서울\n',
  );
  const refused = await broadsheet(['publication', file('free.yaml')], env);
  expect(refused.stderr).toMatch(/PUBLICATION_INVALID.*free\.yaml:6.*free mail domain/s);
  const unsigned = await broadsheet(['send', file('two.md'), '--publication', 'flow', '--again'], {
    ...env,
    DKIM_PRIVATE_KEY_FILE: file('publication.yaml'),
  });
  expect(unsigned.stderr).toMatch(/DKIM_INVALID/);
  expect((await broadsheet(['send', file('two.md')], env)).code).toBe(2);
  expect((await broadsheet(['status', 'nothing', '--json'], env)).json).toMatchObject({
    error: { code: 'ISSUE_UNKNOWN' },
  });
  expect(relay.arrived).toHaveLength(before);
});

test('a rehearsal takes the whole way to a sink, a test send one address, a scheduled send its time', async () => {
  const before = relay.arrived.length;
  const rehearsed = await broadsheet(['send', file('two.md'), '--publication', 'flow', '--rehearse', '--json'], env);
  expect(rehearsed.json, rehearsed.stderr).toMatchObject({
    issue: 'issue-2-rehearsal',
    state: 'sent',
    // Who was refused for good the last time is left out now.
    audience: 59,
    accepted: 58,
    excluded: { suppressed: 1 },
    rehearsal: { messages: 58 },
  });
  expect(relay.arrived).toHaveLength(before);

  const tried = await broadsheet(
    ['send', file('two.md'), '--publication', 'flow', '--test', 'editor@example.org', '--wait', '--json'],
    env,
  );
  expect(tried.json, tried.stderr).toMatchObject({ state: 'sent', audience: 1, accepted: 1 });
  const mail = relay.accepted.at(-1)!;
  expect(mail.to).toBe('editor@example.org');
  expect((await simpleParser(Buffer.from(mail.raw, 'latin1'))).subject).toMatch(/^\[테스트\] /);

  await writeFile(file('three.md'), issue(3));
  const scheduled = await broadsheet(
    ['send', file('three.md'), '--publication', 'flow', '--at', '2099-01-01 08:00', '--json'],
    env,
  );
  expect(scheduled.json).toEqual({ issue: 'issue-3', state: 'scheduled' });
  expect((await broadsheet(['pause', 'issue-3'], env)).stderr).toMatch(/ISSUE_STATE/);
  expect((await broadsheet(['cancel', 'issue-3', '--json'], env)).json).toMatchObject({ state: 'cancelled' });
});
