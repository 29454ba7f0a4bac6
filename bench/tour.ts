/**
 * Pictures of every page of the console, and of readers' pages: 1280 and 390 pixels wide, light and dark, Korean and English, on one sheet for
 * each page, with a document that shows them. Taken on a small newsroom's database (`npm run bench -- newsroom --readers 20000 --issues 12
 * --ledger 240000`), which must be there.
 *
 * options: --data DIR, --out DIR (docs), --only TEXT (routes that hold it)
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import sharp from 'sharp';
import { createApp, listen } from '../src/http/server.ts';
import { collect } from './console/addresses.ts';
import { ask, logIn, nobody } from './console/visitor.ts';
import { addressOf } from './newsroom/beside.ts';
import { openNewsroom, usualHome } from './newsroom/home.ts';

const views = [
  { width: 1280, height: 860 },
  { width: 390, height: 860 },
] as const;
const schemes = ['light', 'dark'] as const;
const languages = ['ko', 'en'] as const;
/** Height of each picture on the sheet. */
const shownHeight = 430;
const gap = 12;

/** Parts of pages, files and answers to programs. */
const isNoPage = (route: string) =>
  /\.(?:json|csv|png|xml|txt|js|css|svg|ics|yaml)\b|\/(?:live|mail|preview|events|stream|static|assets|embed|login|setup|queues)\b|^\/(?:api|healthz|readyz|metrics)/.test(
    route,
  );

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string', default: usualHome },
      out: { type: 'string', default: 'docs' },
      only: { type: 'string', default: '' },
    },
  });
  const { wiring, note } = await openNewsroom(resolve(values.data), 10);
  const app = await createApp(wiring);
  const served = await listen(app, { host: '127.0.0.1', port: 0 });
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const owner = await logIn(app, 'owner', addressOf('owner'), note.password);
    const { pages } = await collect(app, wiring, async path => {
      const answer = await ask(app, path.startsWith('/console') ? owner : nobody, path);
      return answer.status === 200 ? answer.text : undefined;
    });
    const url = `http://127.0.0.1:${served.port}`;
    const folder = join(resolve(values.out), 'tour');
    await mkdir(folder, { recursive: true });
    const contexts = await openContexts(browser, url, owner.headers.cookie!);
    const taken: { route: string; file: string }[] = [];
    for (const { route, paths } of pages.filter(page => !isNoPage(page.route) && page.route.includes(values.only))) {
      const path = paths[0];
      if (path === undefined) continue;
      const sheet = await takeSheet(contexts, url + path);
      if (!sheet) continue;
      const file = `${route.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'home'}.webp`;
      await writeFile(join(folder, file), sheet);
      taken.push({ route, file });
      process.stderr.write('.');
    }
    process.stderr.write('\n');
    if (!values.only) await writeFile(join(resolve(values.out), 'tour.md'), documentOf(taken));
  } finally {
    await browser.close();
    await served.close();
    await wiring.close();
  }
}

type Contexts = { context: BrowserContext; lang: string }[];

async function openContexts(browser: Browser, url: string, cookie: string): Promise<Contexts> {
  const all: Contexts = [];
  const [name, value] = cookie.split('=') as [string, string];
  for (const lang of languages)
    for (const colorScheme of schemes)
      for (const viewport of views) {
        const context = await browser.newContext({
          viewport,
          colorScheme,
          locale: lang === 'ko' ? 'ko-KR' : 'en-US',
          reducedMotion: 'reduce',
        });
        await context.addCookies([
          { name, value, url },
          { name: 'broadsheet-lang', value: lang, url },
        ]);
        all.push({ context, lang });
      }
  return all;
}

/** @returns undefined when it is no page that people see */
async function takeSheet(contexts: Contexts, address: string): Promise<Buffer | undefined> {
  const pictures: (Buffer | undefined)[] = [];
  // Four at a time: more only wait for each other.
  for (let i = 0; i < contexts.length; i += 4)
    pictures.push(...(await Promise.all(contexts.slice(i, i + 4).map(of => takePicture(of, address)))));
  return pictures.every(one => one !== undefined) ? joined(pictures) : undefined;
}

async function takePicture({ context, lang }: Contexts[number], address: string): Promise<Buffer | undefined> {
  const page = await context.newPage();
  try {
    const at = new URL(address);
    at.searchParams.set('lang', lang);
    // An answer without content is none that a browser goes to.
    const answer = await page.goto(at.href, { waitUntil: 'load', timeout: 20_000 }).catch(() => undefined);
    if (!answer?.ok() || !(answer.headers()['content-type'] ?? '').startsWith('text/html')) return undefined;
    // A part of a page is no page.
    if (!/^\s*<!doctype html>/i.test(await answer.text())) return undefined;
    // What scripts draw; a stream of events never ends.
    await page.waitForTimeout(800);
    return await sharp(await page.screenshot())
      .resize({ height: shownHeight })
      .png()
      .toBuffer();
  } finally {
    await page.close();
  }
}

/** A row for each language and scheme: the wide picture, and the narrow one beside it. */
async function joined(pictures: Buffer[]): Promise<Buffer> {
  const widths = views.map(view => Math.round((view.width * shownHeight) / view.height));
  const row = widths.reduce((sum, width) => sum + width + gap, gap);
  const composed = pictures.map((input, i) => {
    const [column, line, side] = [Math.floor(i / 2) % 2, Math.floor(i / 4), i % 2];
    return {
      input,
      left: column * (row - gap) + gap + (side === 0 ? 0 : widths[0]! + gap),
      top: gap + line * (shownHeight + gap),
    };
  });
  return sharp({
    create: { width: 2 * row - gap, height: 2 * (shownHeight + gap) + gap, channels: 3, background: '#8a8f98' },
  })
    .composite(composed)
    .webp({ quality: 68 })
    .toBuffer();
}

function documentOf(taken: readonly { route: string; file: string }[]): string {
  const part = (title: string, of: readonly { route: string; file: string }[]) =>
    `## ${title}\n\n${of.map(({ route, file }) => `### \`${route}\`\n\n![${route}](tour/${file})\n`).join('\n')}`;
  const isConsole = (one: { route: string }) => one.route.startsWith('/console');
  return [
    '# A tour of the screens',
    '',
    'Every page on a newsroom with invented readers: Korean above, English below; light at the left, dark at the right; each 1280 and 390 pixels wide.',
    'Made by `npm run bench -- tour`; only the first screen of each page is shown.',
    '',
    part('Console', taken.filter(isConsole)),
    part(
      'Readers’ pages',
      taken.filter(one => !isConsole(one)),
    ),
  ].join('\n');
}
