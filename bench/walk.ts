/**
 * An editor's way in a real browser on the newsroom's database (`npm run bench -- newsroom`): logs in, adds a reader with a tag, writes, chooses
 * who has that tag, confirms, and the mail arrives at a relay of its own; by keyboard and by mouse, in Korean and English. Fails at the first
 * error in the browser's console and, by mouse, at whatever axe finds on a page. Leaves the two readers and issues behind.
 *
 * options: --data DIR
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { heartbeat } from '../src/db/workers.ts';
import { type Deliverer, openDeliverer } from '../src/deliver/delivery.ts';
import { createApp, listen } from '../src/http/server.ts';
import type { Wiring } from '../src/wiring.ts';
import { addReader, firstText, logInHere, sendIssue, writeIssue } from '../tests/journeys/console.ts';
import { Hand, type Manner } from '../tests/journeys/hands.ts';
import { type Relay, startRelay } from '../tests/support/relay.ts';
import { planAndDeliver, workerId } from '../tests/support/sending.ts';
import { addressOf } from './newsroom/beside.ts';
import { openNewsroom, usualHome } from './newsroom/home.ts';
import { table } from './support.ts';

interface Place {
  wiring: Wiring;
  deliverer: Deliverer;
  relay: Relay;
  browser: Browser;
  url: string;
  password: string;
}

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { data: { type: 'string', default: usualHome } } });
  const relay = await startRelay({});
  const { wiring, note } = await openNewsroom(resolve(values.data), 10, relay.url);
  const served = await listen(await createApp(wiring), { host: '127.0.0.1', port: 0 });
  await heartbeat(wiring.sql, workerId, 'deliver-batch');
  const deliverer = openDeliverer(wiring, workerId, new AbortController().signal);
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const url = `http://127.0.0.1:${served.port}`;
    const place = { wiring, deliverer, relay, browser, url, password: note.password };
    const rows = [await walk(place, 'keys', 'ko-KR'), await walk(place, 'mouse', 'en-US')];
    const steps = [...rows[0]!.keys()];
    process.stdout.write(
      `${table(
        ['step', 'by keyboard, Korean, s', 'by mouse, English, with axe on each page, s'],
        steps.map(step => [step, ...rows.map(row => (row.get(step)! / 1000).toFixed(1))]),
      )}\n\nno error in the console, nothing found by axe, both mails arrived\n`,
    );
  } finally {
    await browser.close();
    deliverer.close();
    await served.close();
    await wiring.close();
    await relay.close();
  }
}

/** @returns milliseconds of each step @throws Error when something went wrong on the way */
async function walk(place: Place, manner: Manner, locale: string): Promise<Map<string, number>> {
  const { wiring, deliverer, relay, browser, url, password } = place;
  const took = new Map<string, number>();
  const timed = async <T>(step: string, act: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await act();
    took.set(step, performance.now() - began);
    return result;
  };
  const hand = await Hand.open(browser, url, manner, { width: 1280, locale });
  const tag = `walk-${Date.now()}`;
  const email = `${tag}@example.net`;
  await timed('log in', async () => {
    await hand.open(`${url}/console/login`);
    await logInHere(hand, addressOf('editor'), password);
  });
  await timed('add a reader, with a tag', () => addReader(hand, email, tag));
  await timed('write an issue', () => writeIssue(hand, firstText));
  const id = await timed('choose who has the tag, confirm', () => sendIssue(hand, tag, 1));
  await timed('planned, sent, shown as accepted', async () => {
    await planAndDeliver(wiring, deliverer, id);
    await hand.page.locator('#issue-live .accepted dd').getByText('1', { exact: true }).waitFor();
  });
  await hand.look();
  await hand.leave(['broadsheet']);
  if (relay.accepted.at(-1)?.to !== email) throw new Error(`no mail came for ${email}`);
  return took;
}
