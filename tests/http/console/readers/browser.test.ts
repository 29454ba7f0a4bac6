/** What only a browser can tell of the pages of readers: live search and the import by keyboard, axe, widths, both languages. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Listening, listen } from '../../../../src/http/server.ts';
import { axeSource, hasBrowser, launchBrowser } from '../../../support/browser.ts';
import { logIn } from '../staff.ts';
import { type Newsroom, openNewsroom, proof, work } from './support.ts';

describe.skipIf(!hasBrowser)('in Chromium', () => {
  let room: Newsroom;
  let server: Listening;
  let browser: Browser;
  let context: BrowserContext;
  let url: string;
  let folder: string;
  const troubles: string[] = [];

  beforeAll(async () => {
    const names = ['김민수', '이서연', '박지훈', 'Jane Doe', '최유진', '남궁민'];
    room = await openNewsroom(
      names.map((_, at) => `reader${at}@${['naver.com', 'gmail.com', 'daum.net'][at % 3]}`),
      { PUBLIC_URL: 'http://127.0.0.1' },
    );
    await fill(names);
    server = await listen(room.app, { host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${server.port}`;
    browser = await launchBrowser();
    context = await browser.newContext({ locale: 'ko-KR', viewport: { width: 1280, height: 900 } });
    await logIn(context, url, 'owner');
    folder = await mkdtemp(join(tmpdir(), 'broadsheet-readers-'));
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await room?.services.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  async function fill(names: string[]): Promise<void> {
    const { sql, hasher } = room.services;
    for (const [at, name] of names.entries())
      await sql`update subscribers set name = ${name} where id = ${room.ids[at]!}`;
    await sql`insert into subscribers (email, email_key, domain, name, address_hash) select e, e, 'many.example', '여럿이' || n, sha256(e::bytea) from (select n, 'many' || n || '@many.example' as e from generate_series(1, 70) n) made`;
    const [id] = room.ids;
    await sql`insert into subscriber_tags (tag, subscriber_id) values ('후원', ${id!}), ('기자', ${id!})`;
    await sql`update subscribers set attributes = '{"회사": "가나상사", "city": "서울"}' where id = ${id!}`;
    await sql`insert into suppressions (address_hash, reason) values (${hasher.hash('reader5@daum.net')}, 'hard-bounce'), (${hasher.hash('gone@example.org')}, 'deleted')`;
    await sql`insert into consents (publication_id, subscriber_id, kind, given, wording, version, source) values (${room.publicationId}, ${id!}, 'subscription', true, '‘주간 시험’ 뉴스레터를 이메일로 받는 데 동의합니다.', 'subscription-2026-11-ko', 'form')`;
    const issues =
      await sql`insert into issues (publication_id, slug, state, title, source_hash) select ${room.publicationId}, 'n' || n, 'sent', '제' || n || '호: 큰 모델의 작은 습관', ''::bytea from generate_series(1, 3) n returning id`;
    for (const issue of issues) {
      await sql`insert into recipients (issue_id, subscriber_id, state) values (${issue.id}, ${id!}, 'accepted')`;
      await sql`insert into events (issue_id, subscriber_id, kind, ref, machine) values (${issue.id}, ${id!}, 'click', 1, 'sweep'), (${issue.id}, ${id!}, 'click', 2, null), (${issue.id}, ${id!}, 'like', 0, null)`;
    }
    await sql`insert into segments (publication_id, slug, name, rule) values (${room.publicationId}, 'patrons', '서울의 후원자', '{"all": [{"tag": "후원"}, {"attribute": "city", "is": "equal", "value": "서울"}]}')`;
  }

  /** @param colorScheme as the page is loaded: one that changes under axe's eyes has colours of both for a moment */
  async function open(path: string, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const page = await context.newPage();
    await page.emulateMedia({ colorScheme });
    page.on('console', message => message.type() === 'error' && troubles.push(`${path}: ${message.text()}`));
    page.on('pageerror', error => troubles.push(`${path}: ${error.message}`));
    await page.goto(`${url}/console${path}`);
    return page;
  }

  async function tabTo(page: Page, selector: string): Promise<void> {
    for (let presses = 0; presses < 80; presses++) {
      if (await page.locator(`${selector}:focus`).count()) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`no key leads to ${selector}`);
  }

  test('the search answers while one types; the address never reaches the bar', async () => {
    const page = await open('/readers');
    await page.keyboard.type('민수');
    await page.locator('#found').getByText('1명 찾음').waitFor();
    expect(await page.locator('.readers-who').allTextContents()).toEqual([expect.stringContaining('김민수')]);
    await page.locator('#q').fill('@gmail');
    await page.locator('#found').getByText('2명 찾음').waitFor();
    await page.keyboard.press('Enter');
    expect(page.url()).not.toContain('gmail');
    await page.locator('#q').fill('여럿');
    await page.locator('#found').getByText('처음 50명').waitFor();
    await page.getByRole('button', { name: '더 보기' }).press('Enter');
    await page.locator('.readers-who').nth(69).waitFor();
    expect(await page.locator('.readers-who').count()).toBe(70);
    await page.locator('#q').fill('@gmail');
    await page.locator('#found').getByText('2명 찾음').waitFor();
    await tabTo(page, '.readers-who a');
    await page.keyboard.press('Enter');
    await page.waitForURL(/readers\/\d+$/);
    await tabTo(page, '#newtag');
    await page.keyboard.type('모임');
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('태그를 붙였어요').waitFor();
    await page.close();
  });

  test('a segment by keyboard: the sentence and the count follow', async () => {
    const page = await open('/readers/segments/weekly/new');
    await tabTo(page, '#name');
    await page.keyboard.type('기자들');
    await tabTo(page, 'input[name=c0_value]');
    await page.keyboard.type('기자');
    await page.keyboard.press('Enter');
    await page.locator('.readers-held').getByText('지금 1명').waitFor();
    await page.getByRole('button', { name: '조건 추가' }).press('Enter');
    await page.locator('select[name=c1_kind]').selectOption('domain');
    await page.locator('input[name=c1_value]').fill('naver.com');
    await page.locator('input[name=c1_value]').press('Enter');
    await page.locator('.readers-held').getByText('태그가 “기자”이고 도메인이 naver.com').waitFor();
    await page.getByRole('button', { name: '빼기 2' }).press('Enter');
    await page.locator('select[name=c1_kind]').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: '세그먼트 저장' }).press('Enter');
    await page.getByRole('status').getByText('세그먼트를 저장했어요').waitFor();
    await page.close();
  });

  test('a file from Excel by keyboard: looked at, checked, brought in, undone', async () => {
    const rows = [
      '이메일,이름,회사',
      ...Array.from({ length: 30 }, (_, i) => `excel${i}@example.org,홍길동${i},가나`),
      'wrong,,',
    ];
    const file = join(folder, '구독자.csv');
    await writeFile(file, iconv.encode(rows.join('\r\n'), 'cp949'));
    const page = await open('/readers/import');
    await page.locator('#file').setInputFiles(file);
    await tabTo(page, 'main button[type=submit]');
    await page.keyboard.press('Enter');
    await page.waitForURL(/imports\/\d+$/);
    await page.getByText('홍길동3').waitFor();
    expect(await page.locator('#encoding').inputValue()).toBe('CP949');
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/readers-columns.png`, fullPage: true });
    expect(await axe(page)).toEqual([]);
    await tabTo(page, '#source');
    await page.keyboard.type(proof.source);
    await page.locator('#at').fill(proof.at);
    await page.locator('#wording').fill(proof.wording);
    await page.getByRole('button', { name: '저장하지 않고 검사' }).press('Enter');
    await page.getByRole('heading', { name: '검사 중' }).waitFor();
    await work(room);
    await page.getByRole('button', { name: '새 독자 30명 가져오기' }).waitFor();
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/readers-checked.png`, fullPage: true });
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: '새 독자 30명 가져오기' }).press('Enter');
    await page.locator('.progress').waitFor();
    await work(room);
    await page.getByRole('button', { name: '이 가져오기 되돌리기' }).waitFor();
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/readers-done.png`, fullPage: true });
    await page.getByRole('button', { name: '이 가져오기 되돌리기' }).press('Enter');
    await page.locator('.progress').waitFor();
    await work(room);
    await page.getByText('30명을 되돌렸고').waitFor();
    await page.close();
  });

  async function axe(page: Page): Promise<string[]> {
    await page.evaluate(axeSource);
    return page.evaluate(async () => {
      const { violations } = await (
        globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        }
      ).axe.run();
      return violations.map(one => `${one.id}: ${one.nodes.map(node => node.html.slice(0, 200)).join(' | ')}`);
    });
  }

  test('every page: axe finds nothing, nothing is wider than a phone, in both languages, light and dark', async () => {
    const paths = {
      list: '/readers',
      person: `/readers/${room.ids[0]}`,
      delete: `/readers/${room.ids[0]}/delete`,
      end: `/readers/${room.ids[0]}/end/weekly`,
      add: '/readers/add',
      segments: '/readers/segments',
      segment: '/readers/segments/weekly/patrons',
      new: '/readers/segments/weekly/new',
      suppressed: '/readers/suppressed',
      lift: `/readers/suppressed/lift/${room.ids[5]}`,
      imports: '/readers/imports',
      import: '/readers/import',
    };
    for (const [name, path] of Object.entries(paths)) {
      for (const [lang, scheme] of [
        ['ko', 'light'],
        ['en', 'dark'],
      ] as const) {
        const page = await open(`${path}?lang=${lang}`, scheme);
        for (const width of [1280, 390]) {
          await page.setViewportSize({ width, height: 900 });
          if (process.env.SHOTS)
            await page.screenshot({
              path: `${process.env.SHOTS}/readers-${name}-${width}-${scheme}-${lang}.png`,
              fullPage: true,
            });
          expect(
            await page.evaluate<number>('document.documentElement.scrollWidth'),
            `${name} ${width}`,
          ).toBeLessThanOrEqual(width);
        }
        expect(await axe(page), `${name} ${lang}`).toEqual([]);
        await page.close();
      }
    }
    expect(troubles).toEqual([]);
  }, 120_000);
});
