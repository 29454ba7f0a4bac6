import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Inbox, startInbox } from '../../src/inbox/inbox.ts';

let folder: string;
let inbox: Inbox;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-inbox-'));
  inbox = await startInbox({ folder });
});
afterEach(async () => {
  await inbox.close();
  await rm(folder, { recursive: true, force: true });
});

function mail(extra: SendMailOptions = {}): SendMailOptions {
  return {
    from: '엘엘엠 워치 <news@example.org>',
    to: '김하나 <hana@example.com>',
    subject: '생성형 AI의 새 지평 <b>17호</b>',
    text: '본문이에요.',
    html: '<p>본문이에요.</p>',
    ...extra,
  };
}

async function send(...mails: SendMailOptions[]): Promise<void> {
  const transport = createTransport(inbox.smtpUrl);
  for (const one of mails) await transport.sendMail(one);
  transport.close();
}

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(inbox.url + path, { headers: { 'accept-language': 'en', ...headers }, redirect: 'manual' });
const page = async (path: string, headers: Record<string, string> = {}) => (await get(path, headers)).text();
const newestId = async () => /href="\/mail\/([^"]+)"/.exec(await page('/'))![1]!;

/** A request with a Host header that fetch would not send. */
function statusWithHost(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(inbox.url, { headers: { host } }, answer => resolve(answer.resume().statusCode!))
      .on('error', reject)
      .end();
  });
}

test('an empty inbox says what it is for, in the reader’s language', async () => {
  expect(await page('/')).toContain('No mail yet');
  expect(await page('/', { 'accept-language': 'ko-KR,ko;q=0.9,en;q=0.8' })).toContain('아직 메일이 없어요');
  const chosen = await get('/?lang=ko');
  expect(chosen.headers.get('set-cookie')).toMatch(/^broadsheet-lang=ko;/);
});

test('a mail is listed, found, and shown part by part', async () => {
  await send(mail(), mail({ to: 'duri@example.net', subject: 'Second' }));
  expect(inbox.count()).toBe(2);
  const list = await page('/');
  expect(list.indexOf('duri@example.net')).toBeLessThan(list.indexOf('hana@example.com'));
  expect(list).toContain('생성형 AI의 새 지평 &lt;b&gt;17호&lt;/b&gt;');
  expect(await page('/?q=DURI')).not.toContain('hana@example.com');
  expect(await page('/?q=%EC%A7%80%ED%8F%89')).toContain('hana@example.com');
  const id = /href="\/mail\/([^"]+)"/.exec(await page('/?q=hana'))![1]!;
  const shown = await page(`/mail/${id}`);
  expect(shown).toContain('엘엘엠 워치 &lt;news@example.org&gt;');
  expect(shown).toContain('news@example.org</bdi> → <bdi>hana@example.com');
  expect(shown).toMatch(/HTML 2\d B, 102\.0 KB below|HTML 2\d B, 102 KB below/);
  expect(await page(`/mail/${id}?view=text`)).toContain('본문이에요.');
  const headers = await page(`/mail/${id}?view=headers`);
  expect(headers).toMatch(/<th scope="row">MIME-Version<\/th>/);
  expect(headers).toContain('=?UTF-8?');
  expect((await get('/mail/nothing')).status).toBe(404);
  expect((await get('/mail/..%2F..%2Fetc%2Fpasswd')).status).toBe(404);
});

test('the source is what was sent, byte for byte; login and no login are both taken', async () => {
  const raw = 'From: a@example.org\r\nTo: b@example.org\r\nSubject: raw\r\n\r\n.dot\r\n한글\r\n';
  await send({ envelope: { from: '', to: ['b@example.org', 'c@example.org'] }, raw });
  const transport = createTransport(inbox.smtpUrl.replace('//', '//user:secret@'));
  await transport.sendMail(mail());
  transport.close();
  const id = /href="\/mail\/([^"]+)"/.exec(await page('/?q=c@example'))![1]!;
  const source = await get(`/mail/${id}/source.eml`);
  expect(source.headers.get('content-disposition')).toMatch(/^attachment/);
  expect(Buffer.from(await source.arrayBuffer()).toString()).toBe(raw);
  expect(await page(`/mail/${id}`)).toContain('(empty return path)');
});

test('mails outlive a restart, and a mail put into the folder is read too', async () => {
  await send(mail());
  const id = await newestId();
  await writeFile(join(folder, 'dropped.eml'), 'Subject: dropped\r\n\r\nhello\r\n');
  await inbox.close();
  inbox = await startInbox({ folder });
  expect(inbox.count()).toBe(2);
  expect(await page(`/mail/${id}`)).toContain('hana@example.com');
  expect(await page('/mail/dropped')).toContain('hello');
});

test('a mail’s HTML is shown in a sandbox under its own policy, and its links leave the frame', async () => {
  const body =
    '<!doctype html><html><head><style>@media (prefers-color-scheme: dark) { p { color: #fff } }</style></head><body><script>alert(1)</script>' +
    '<p>hi</p><a href="#top">jump</a><a href="https://example.org/">out</a><img src="cid:logo"><img src="https://example.org/pixel.png"></body></html>';
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  await send(
    mail({
      html: body,
      attachments: [{ filename: '표 "1".png', content: png, cid: 'logo', contentType: 'image/png' }],
    }),
  );
  const id = await newestId();
  const outer = await get(`/mail/${id}`);
  const outerText = await outer.text();
  expect(outerText).toMatch(/<iframe[^>]* sandbox="allow-popups allow-popups-to-escape-sandbox"/);
  expect(outerText).not.toContain('alert(1)');
  expect(outerText).toContain('Load pictures');
  expect(outer.headers.get('content-security-policy')).toContain("default-src 'none'");
  const frame = await get(`/mail/${id}/html`);
  const policy = frame.headers.get('content-security-policy')!;
  expect(policy).toContain('sandbox allow-popups allow-popups-to-escape-sandbox');
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('script-src');
  expect(policy).toContain('img-src data:;');
  const document = await frame.text();
  expect(document).toMatch(/^<!doctype html><base target="_blank"><html>/);
  expect(document).toContain('<a target="_self" href="#top">');
  expect(document).toContain('<a href="https://example.org/">');
  expect(document).toContain(`src="data:image/png;base64,${png.toString('base64')}"`);
  expect(document).toContain('@media (max-width: 0)');
  expect(await page(`/mail/${id}/html?scheme=dark`)).toContain('@media (min-width: 0)');
  expect((await get(`/mail/${id}/html?images=1`)).headers.get('content-security-policy')).toContain(
    'img-src data: http: https:',
  );
  const attachment = await get(`/mail/${id}/attachment/0`);
  expect(attachment.headers.get('content-type')).toBe('application/octet-stream');
  expect(attachment.headers.get('content-disposition')).toMatch(
    /^attachment; filename="_ _1_.png"; filename\*=UTF-8''%ED%91%9C/,
  );
  expect(Buffer.from(await attachment.arrayBuffer()).equals(png)).toBe(true);
});

test('HTML beyond 102 KB is called out', async () => {
  await send(mail({ html: `<p>${'가'.repeat(36_000)}</p>` }));
  expect(await page(`/mail/${await newestId()}`)).toContain('Gmail hides the last');
});

test('hostile mails break nothing', async () => {
  const envelope = { from: 'x@example.org', to: 'y@example.org' };
  const boundary = (depth: number) =>
    Array.from({ length: depth }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`).join(
      '',
    );
  const mails = [
    `Subject: =?UTF-8?B?////?= =?nonsense?Q?=80?= <script>alert(1)</script>\r\nFrom: "<img src=x onerror=alert(1)>" <a@b.c>\r\n\r\nx\r\n`,
    `Subject: giant\r\nX-Giant: ${'a'.repeat(300_000)}\r\nX-After: b\r\n\r\nbody\r\n`,
    `Subject: many\r\n${'X-Many: 1\r\n'.repeat(20_000)}\r\nbody\r\n`,
    `Subject: deep\r\n${boundary(300)}`,
    `Subject: broken\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=no-such\r\nContent-Transfer-Encoding: base64\r\n\r\n<<<not base64>>>\r\n`,
    `Subject: unclosed\r\nContent-Type: text/html\r\n\r\n${'<a '.repeat(200_000)}${'<img '.repeat(100_000)}\r\n`,
    'no header at all',
    '',
  ];
  for (const raw of mails) await send({ envelope, raw: Buffer.from(raw) });
  expect(inbox.count()).toBe(mails.length);
  const list = await page('/');
  expect(list).not.toContain('<script>alert');
  expect(list).toContain('&lt;script&gt;alert(1)');
  const ids = [...list.matchAll(/href="\/mail\/([^"]+)"/g)].map(match => match[1]!);
  expect(ids).toHaveLength(mails.length);
  for (const id of ids) {
    for (const path of ['', '?view=html', '?view=text', '?view=headers', '?view=source', '/html', '/source.eml']) {
      const answer = await get(`/mail/${id}${path}`);
      expect(answer.status, path).toBe(200);
      if (path !== '/html' && path !== '/source.eml') expect(await answer.text()).not.toContain('<img src=x');
    }
  }
});

test('a mail that is too large is refused for good', async () => {
  await expect(send(mail({ text: 'x'.repeat(11 * 1024 * 1024) }))).rejects.toMatchObject({ responseCode: 552 });
  expect(inbox.count()).toBe(0);
});

test('only this machine, only its own name, and only its own pages delete', async () => {
  await send(mail());
  expect(await statusWithHost('evil.example.org')).toBe(421);
  expect(await statusWithHost(`localhost:${new URL(inbox.url).port}`)).toBe(200);
  const remove = (headers: Record<string, string>) =>
    fetch(`${inbox.url}/delete`, { method: 'POST', headers, redirect: 'manual' });
  expect((await remove({})).status).toBe(403);
  expect((await remove({ origin: 'https://evil.example.org' })).status).toBe(403);
  expect((await remove({ origin: inbox.url, 'sec-fetch-site': 'same-site' })).status).toBe(403);
  expect((await get('/delete')).status).toBe(404);
  expect(inbox.count()).toBe(1);
  expect((await remove({ origin: inbox.url })).status).toBe(303);
  expect(inbox.count()).toBe(0);
  expect(await readdir(folder)).toEqual([]);
  await expect(startInbox({ folder, host: '0.0.0.0' })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});

test('2,100 mails over ten connections arrive quickly; the newest 2,000 stay', async () => {
  const transport = createTransport({
    host: '127.0.0.1',
    port: Number(new URL(inbox.smtpUrl).port),
    pool: true,
    maxConnections: 10,
    maxMessages: Number.POSITIVE_INFINITY,
  });
  const raw = Buffer.from(`Subject: =?UTF-8?B?7J207IqI?=\r\n\r\n${'x'.repeat(20_000)}\r\n`);
  const started = performance.now();
  await Promise.all(
    Array.from({ length: 2100 }, (_, i) =>
      transport.sendMail({ envelope: { from: 'a@example.org', to: `r${i}@example.com` }, raw }),
    ),
  );
  transport.close();
  expect(performance.now() - started).toBeLessThan(20_000);
  expect(inbox.count()).toBe(2000);
  expect(await readdir(folder)).toHaveLength(2000);
  expect(await page('/?page=40')).toContain('Page 40 of 40');
  expect((await page('/?page=999')).match(/href="\/mail\//g)).toHaveLength(50);
  await inbox.close();
  const reopened = performance.now();
  inbox = await startInbox({ folder });
  expect(performance.now() - reopened).toBeLessThan(5_000);
  expect(inbox.count()).toBe(2000);
});
