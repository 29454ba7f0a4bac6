/** In a real browser: the panel and its page, what is pasted, and pictures, in an editor that has nothing but these. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertManuscript } from '../../../../src/db/manuscripts.ts';
import { putPublication } from '../../../../src/db/publications.ts';
import { createApp, type Listening, listen } from '../../../../src/http/server.ts';
import { axeSource, hasBrowser, launchBrowser } from '../../../support/browser.ts';
import { publicationOf } from '../../../support/fixtures.ts';
import { openServices, type Services } from '../../../support/services.ts';
import { logIn, openStaff } from '../staff.ts';

const entry = `
import { history, historyKeymap } from '@codemirror/commands';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { mountCheck } from './check.ts';
import { imageUpload, pictureButton } from './images.ts';
import { pasteMarkdown } from './paste.ts';
const path = document.body.dataset.path;
const view = new EditorView({ parent: document.querySelector('#text'), state: EditorState.create({ doc: '', extensions: [
  history(), keymap.of(historyKeymap), EditorView.lineWrapping,
  pasteMarkdown({ url: '/console/manuscripts/paste' }), imageUpload({ url: '/console/images?manuscript=' + path.split('/').at(-1) }),
  EditorView.updateListener.of(update => { if (update.docChanged) panel.update(update.state.doc.toString()); }),
] }) });
view.contentDOM.setAttribute('aria-label', 'Text');
document.querySelector('#tools').append(pictureButton(view, { url: '/console/images?manuscript=' + path.split('/').at(-1) }));
const panel = mountCheck(document.querySelector('#panel'), { url: path + '/check.json', view });
panel.update('');
Object.assign(window, { view, text: () => view.state.doc.toString() });
`;

const source = `---
subject: 이번 주에 읽을 논문 두 편, 작은 모델이 왜 빠른지 알려 드려요
preheader: 작은 모델이 왜 빠른지, 단계를 적으면 답이 왜 좋아지는지 함께 읽어요. 끝까지 읽어 주세요.
---

{{name|독자}}님, 안녕하세요. [여기](https://arxiv.org/abs/2106.09685)에서 읽어 주세요.

## 특별 할인

[참가하기](https://bit.ly/3abc)

## 용어집

**트랜스포머(Transformer, TF):** 주의 구조예요.

---

**단계를 적으면 답이 좋아져요**

관련 연구: Chain ( [논문](https://arxiv.org/abs/2201.11903) )

**어떤 문제를 해결하는가?**
트렌스포머는 여러 단계에 약했어요. ![IMG_1.png](https://cdn.kr/a.webp)
`;

describe.skipIf(!hasBrowser)('in Chromium', () => {
  let services: Services;
  let server: Listening;
  let browser: Browser;
  let context: BrowserContext;
  let url: string;
  let path: string;
  let script: string;
  const faults: string[] = [];

  beforeAll(async () => {
    services = await openServices({ DNS_SERVERS: '127.0.0.1:1', PUBLIC_URL: 'http://127.0.0.1:1' });
    const app = await createApp(services);
    await openStaff(services, app);
    const { id: publicationId } = await putPublication(services.sql, publicationOf({ law: ['kr'] }));
    const by = (await services.sql<{ id: number }[]>`select id from staff limit 1`)[0]!.id;
    path = `/console/manuscripts/${await insertManuscript(services.sql, { publicationId, title: '시험 호', source, by })}`;
    server = await listen(app, { host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${server.port}`;
    const resolveDir = fileURLToPath(new URL('../../../../src/http/console/client/compose/', import.meta.url));
    const built = await build({
      stdin: { contents: entry, resolveDir, loader: 'ts' },
      bundle: true,
      format: 'esm',
      write: false,
    });
    script = built.outputFiles[0]!.text;
    browser = await launchBrowser();
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'ko-KR' });
    await logIn(context, url, 'editor');
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await services?.close();
  });

  async function open(): Promise<Page> {
    const page = await context.newPage();
    page.on('console', message => message.type() === 'error' && faults.push(message.text()));
    page.on('pageerror', error => faults.push(error.message));
    return page;
  }

  async function openEditor(): Promise<Page> {
    const page = await open();
    await page.goto(`${url}${path}/check`);
    const token = await page.locator('meta[name=form-token]').getAttribute('content');
    const css = await page.locator('link[rel=stylesheet]').first().getAttribute('href');
    const html = `<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>시험</title><meta name="form-token" content="${token}"><link rel="stylesheet" href="${css}"></head><body class="desk" data-path="${path}"><main><div id="tools"></div><div id="text"></div><div id="panel"></div></main><script type="module" src="/console/trial.js"></script></body></html>`;
    await page.route('**/console/trial', route => route.fulfill({ contentType: 'text/html', body: html }));
    await page.route('**/console/trial.js', route => route.fulfill({ contentType: 'text/javascript', body: script }));
    await page.goto(`${url}/console/trial`);
    await page.waitForSelector('.cm-content');
    return page;
  }

  const text = (page: Page) => page.evaluate(() => (globalThis as unknown as { text: () => string }).text());
  const paste = (page: Page, html: string, plain: string) =>
    page.evaluate(`{
      const data = new DataTransfer();
      data.setData('text/html', ${JSON.stringify(html)});
      data.setData('text/plain', ${JSON.stringify(plain)});
      const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
      document.querySelector('.cm-content').dispatchEvent(event);
    }`);
  const drop = (page: Page, name: string, type: string, bytes: Buffer) =>
    page.evaluate(`{
      const raw = Uint8Array.from(atob('${bytes.toString('base64')}'), sign => sign.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([raw], '${name}', { type: '${type}' }));
      const area = document.querySelector('.cm-content');
      const { left, top } = area.getBoundingClientRect();
      area.dispatchEvent(new DragEvent('drop', { clientX: left + 5, clientY: top + 8, dataTransfer: data, bubbles: true, cancelable: true }));
    }`);
  const put = (page: Page, at: number, insert: string) =>
    page.evaluate(`view.dispatch({ changes: { from: ${at}, insert: ${JSON.stringify(insert)} } })`);

  test('what is pasted from Google Docs is Markdown in one step, which one undo takes back', async () => {
    const page = await openEditor();
    await page.locator('.cm-content').click();
    await page.keyboard.type('처음 문장.');
    await page.waitForTimeout(600);
    await paste(
      page,
      '<b style="font-weight:normal" id="docs-internal-guid-1"><h2>제목</h2><p><span style="font-weight:700">굵은</span> 말</p></b>',
      '제목\n굵은 말',
    );
    await expect.poll(() => text(page)).toBe('처음 문장.\n\n## 제목\n\n**굵은** 말\n');
    await page.keyboard.press('Control+z');
    expect(await text(page)).toBe('처음 문장.');
    await page.keyboard.down('Shift');
    await paste(page, '<b>굵게</b>', '굵게');
    await page.keyboard.up('Shift');
    await expect.poll(() => text(page)).toContain('처음 문장.굵게');
    expect(await text(page)).not.toContain('**');
    await page.close();
  });

  test('a dropped picture is uploaded, asked about, and stands in the text; what is none says why', async () => {
    const page = await openEditor();
    const picture = await sharp({ create: { width: 80, height: 40, channels: 3, background: '#446688' } })
      .png()
      .toBuffer();
    await drop(page, 'bild.png', 'image/png', picture);
    const input = page.getByLabel('무엇을 보여 주는 그림인가요?');
    await input.fill('파란 상자 [하나]');
    await input.press('Enter');
    await expect
      .poll(() => text(page))
      .toMatch(/^!\[파란 상자 \\\[하나\\\]\]\(http:\/\/127\.0\.0\.1:1\/i\/[\w-]{43}\.png\)\{width=80 height=40\}$/);
    await drop(page, 'seite.png', 'image/png', Buffer.from('<html>'));
    await page.getByRole('alert').getByText('그림 파일이 아니에요').waitFor();
    await page.getByRole('alert').getByRole('button', { name: '닫기' }).click();
    expect(await page.getByRole('alert').count()).toBe(0);
    // Answered with 422 as it should be; browsers write that down as an error of the page.
    expect(faults.splice(0).filter(fault => !fault.includes('422'))).toEqual([]);
    await page.close();
  });

  test('the panel follows the text, and a finding leads to its line', async () => {
    const page = await openEditor();
    await put(page, 0, source);
    await page.getByRole('status').getByText('오류 1개').waitFor();
    const line = page.locator('.check-in-access .check-line').first();
    await line.click();
    const selected = await page.evaluate(
      'view.state.sliceDoc(view.state.selection.main.from, view.state.selection.main.to)',
    );
    expect(selected).toContain('[여기]');
    // A group stays as it was left.
    await page.locator('.check-in-size summary').click();
    await put(page, 13, '(광고) ');
    await page.locator('.check-sum.warning').waitFor();
    expect(await page.locator('.check-in-size').getAttribute('open')).toBeNull();
    expect(faults.splice(0)).toEqual([]);
    await page.close();
  });

  test.each([1280, 390])(
    'its page at %i px: no fault of axe, no sideways scroll, no console error',
    async width => {
      const page = await open();
      await page.setViewportSize({ width, height: 900 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.goto(`${url}${path}/check`);
        await page
          .getByRole('button', { name: 'SpamAssassin' })
          .or(page.getByRole('button', { name: '링크 모두' }))
          .first()
          .waitFor({ state: 'attached' });
        await page.evaluate('for (const group of document.querySelectorAll("details")) group.open = true');
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        await page.evaluate(axeSource);
        const found = await page.evaluate(() =>
          (
            globalThis as never as {
              axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
            }
          ).axe.run(),
        );
        expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
        const shots = process.env.SHOTS;
        if (shots) await page.screenshot({ path: `${shots}/check-${width}-${colorScheme}-ko.png`, fullPage: true });
      }
      expect(faults.splice(0)).toEqual([]);
      await page.close();
    },
    60_000,
  );
});
