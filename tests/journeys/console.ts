/** How a newsroom begins, and how an issue comes to be sent, in the console: for either hand and language, whatever else the database holds. */
import type { Hand } from './hands.ts';

export const firstText = `# 첫 호입니다

안녕하세요, 독자 여러분. 새 뉴스레터를 시작합니다.

## 이번 주 논문

작은 모델이 큰 모델만큼 잘하는 일이 무엇인지 살펴봤습니다. [논문 보기](https://example.org/paper)
`;

const main = 'main form button[type=submit]';
const place = (path: string) => `.places a[href$="/console${path}"]`;

/** @param address the page where the first person of a newsroom makes their account, as the server says it */
export async function becomeOwner(hand: Hand, address: string, email: string, password: string): Promise<void> {
  await hand.open(address);
  await logInHere(hand, email, password);
}

/** On the page that asks who one is. */
export async function logInHere(hand: Hand, email: string, password: string): Promise<void> {
  await hand.write('input[name=email]', email);
  await hand.write('input[name=password]', password);
  await hand.act(main);
  await hand.at(/\/console$/);
}

export async function makePublication(hand: Hand, slug: string, name: string): Promise<void> {
  await hand.act(place('/settings'));
  await hand.at(/\/settings\/publications$/);
  await hand.act('a[href$="/settings/publications/new"]');
  await hand.at(/\/publications\/new$/);
  await hand.write('[name=slug]', slug);
  await hand.write('[name=name]', name);
  await hand.write('[name="from.name"]', name);
  await hand.write('[name="from.address"]', 'news@example.org');
  await hand.write('[name=postalAddress]', '서울시 중구 세종대로 1');
  await hand.act(`${main}.main`);
  await hand.at(/\/settings\/publications\/[^/]+$/, /\/new/);
}

/** A reader who agreed elsewhere, with a tag. */
export async function addReader(hand: Hand, email: string, tag: string): Promise<void> {
  await hand.act(place('/readers'));
  await hand.at(/\/console\/readers$/);
  await hand.act('main a[href$="/readers/add"]');
  await hand.at(/\/readers\/add$/);
  await hand.write('[name=email]', email);
  await hand.write('[name=name]', '민서');
  await hand.choose('how', 'proof');
  await hand.write('[name=source]', '창간 모임 명단');
  await hand.date('[name=at]', '2026-11-01');
  await hand.write('[name=wording]', '뉴스레터를 이메일로 받는 데 동의합니다.');
  await hand.act(`${main}.main`);
  await hand.at(/\/readers\/\d+/);
  await hand.write('#newtag', tag);
  await hand.act('.readers-newtag button');
  await hand.page.locator('.readers-tag bdi', { hasText: tag }).waitFor();
}

/** Leaves the composer open, with the text kept. */
export async function writeIssue(hand: Hand, text: string): Promise<void> {
  await hand.act(place(''));
  await hand.at(/\/console$/);
  await hand.act('main a[href$="/manuscripts/new"]');
  await hand.at(/\/manuscripts\/new$/);
  await hand.choose('start', 'empty');
  await hand.act(main);
  await hand.at(/\/manuscripts\/\d+$/);
  await hand.enter('.cm-content');
  await hand.page.keyboard.press('Control+a');
  // Replacing a selection at once, Chromium itself writes styles into the text, which the policy refuses and the editor drops.
  await hand.page.keyboard.press('Delete');
  await hand.page.keyboard.insertText(text);
  const last = text.trim().split('\n').at(-1)!.slice(0, 20);
  await hand.page.frameLocator('#preview iframe').getByText(last).last().waitFor();
  await hand.page.keyboard.press('Control+s');
  await hand.page.locator('#w-state[data-is=saved]').waitFor();
}

/**
 * From the composer to the issue's page.
 * @param tag the readers who are to have it @param readers how many those are @returns the issue's id
 */
export async function sendIssue(hand: Hand, tag: string, readers: number): Promise<number> {
  await hand.act('a[href$="/send"]');
  await hand.at(/\/send$/);
  await hand.choose('to', 'rule');
  await hand.act('#send-rows button[name=add]');
  await hand.write('#send-value-0', tag);
  await hand.page.locator('#send-count', { hasText: new RegExp(`(^|\\D)${readers}(\\D|$)`) }).waitFor();
  await hand.look();
  await hand.act('button[form=send-form]');
  await hand.at(/\/confirm/);
  // A large audience is still being counted.
  await hand.page.locator('input[name=typed]').waitFor();
  if (await hand.page.locator('input[name=seen]').count()) await hand.tick('input[name=seen]');
  await hand.write('input[name=typed]', String(readers));
  await hand.look();
  await hand.act('.send-act button');
  await hand.at(/\/console\/issues\/\d+/);
  return Number(/issues\/(\d+)/.exec(hand.page.url())![1]);
}
