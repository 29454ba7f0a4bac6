/** What a press on the settings page does: the action named by its form. Anything that fits none changes nothing. */
import type { Context } from 'hono';
import { askAddressChange } from '../../../db/address-changes.ts';
import { setTimeZone } from '../../../db/mornings.ts';
import {
  endPause,
  listOthers,
  pause,
  setAdvertising,
  setFrequency,
  setLanguage,
  setOpensOff,
  subscribeKnown,
} from '../../../db/preferences.ts';
import { renameSubscriber } from '../../../db/readers.ts';
import type { SubscriptionKey } from '../../../db/subscribers.ts';
import { askForLetter, postLetter } from '../../../enqueue/letters.ts';
import { wordingsOf } from '../../../model/consent.ts';
import { dayIn } from '../../../model/day.ts';
import { frequencies } from '../../../model/states.ts';
import { timeZoneOf } from '../../../model/time-zone.ts';
import { parseAddress } from '../../../subscribers/address.ts';
import { unsubscribe } from '../../../subscribers/subscriptions.ts';
import { readForm } from '../../form.ts';
import { askedLanguage } from '../page.tsx';
import { backTo, type Site } from '../reader.ts';
import { languages } from '../words.ts';
import { today as dataDay } from './data-day.ts';
import { comeBack, leave, leaveAll } from './leaving.ts';
import { type OwnLink, type OwnPage, openOwn } from './own.ts';
import { pauseEnd } from './pauses.ts';
import { maxName } from './sections.tsx';

/** Where the page comes back to and what it says there; undefined: at its top, nothing. */
type Said = { at: string; done?: string; problem?: string } | undefined;

interface Press {
  site: Site;
  link: OwnLink;
  key: SubscriptionKey;
  form: Record<string, string>;
}

const actions: Record<string, (press: Press) => Promise<Said>> = {
  name: async ({ site, link, form }) => {
    await renameSubscriber(site.sql, link.subscriber.id, cleanName(form.name ?? ''));
    return { at: 'name', done: 'name' };
  },
  language: async ({ site, link, form }) => {
    const lang = languages.find(one => one === form.language);
    if (!lang) return undefined;
    await setLanguage(site.sql, link.subscriber.id, lang);
    return { at: 'language', done: 'language' };
  },
  frequency: async ({ site, key, form }) => {
    const frequency = frequencies.find(one => one === form.frequency);
    if (!frequency) return undefined;
    await setFrequency(site.sql, key, frequency);
    return { at: 'frequency', done: 'frequency' };
  },
  'time-zone': async ({ site, link, form }) => {
    const zone = form.zone === '' ? null : timeZoneOf(form.zone ?? '');
    if (zone === undefined) return undefined;
    await setTimeZone(site.sql, link.subscriber.id, zone);
    return { at: 'time-zone', done: 'time-zone' };
  },
  pause: async ({ site, link, key, form }) => {
    const { timeZone } = link.publication;
    const until = pauseEnd(form, dayIn(timeZone, new Date()), timeZone);
    if (!until) return { at: 'pause', problem: 'pause' };
    await pause(site.sql, key, until);
    return { at: 'pause', done: 'pause' };
  },
  resume: async ({ site, key }) => {
    await endPause(site.sql, key);
    return { at: 'pause', done: 'resume' };
  },
  advertising: async ({ site, link, key, form }) => {
    const wording = wordingsOf(link.publication, link.lang).advertising;
    // A text that was changed since the page was shown is not what they read.
    if (!wording || (form.given === 'yes' && form.version !== wording.version)) return undefined;
    await setAdvertising(site.sql, key, form.given === 'yes', wording);
    return { at: 'advertising', done: 'advertising' };
  },
  opens: async ({ site, key, form }) => {
    await setOpensOff(site.sql, key, form.off === 'yes');
    return { at: 'opens', done: 'opens' };
  },
  'other-on': subscribeOther,
  'other-off': async ({ site, link, form }) => {
    const other = await otherOf(site, link, form);
    if (!other) return undefined;
    await unsubscribe(site.sql, { publicationId: other.id, subscriberId: link.subscriber.id });
    return { at: 'others', done: 'other-off' };
  },
  address: changeAddress,
  data: async ({ site, link, key }) => {
    const now = new Date();
    // One an hour, however often it is pressed.
    const hour = Math.floor(now.getTime() / 3_600_000);
    await postLetter(site, { key: `data ${link.subscriber.id} ${hour}`, kind: 'data', ...key, ref: dataDay(now) });
    return { at: 'data', done: 'data' };
  },
  unsubscribe: async ({ site, link }) => {
    await leave(site, link);
    return undefined;
  },
  'unsubscribe-all': async ({ site, link }) => {
    await leaveAll(site, link);
    return undefined;
  },
  resubscribe: async ({ site, link }) => {
    await comeBack(site, link);
    return undefined;
  },
};

/** POST `/r/:token/preferences` and `/r/:token/manage`. */
export async function changePreferences(c: Context, site: Site, page: OwnPage) {
  const link = await openOwn(c, site, page);
  if (!link) return c.notFound();
  const form = await readForm(c);
  const act = Object.hasOwn(actions, form.action ?? '') ? actions[form.action!] : undefined;
  const key = { publicationId: link.publicationId, subscriberId: link.subscriber.id };
  const said = await act?.({ site, link, key, form });
  if (!said) return backTo(c, page);
  const { at, ...query } = said;
  // Whoever has just chosen a language sees the page in it, whatever its address said before.
  const isFixed = form.action !== 'language' && askedLanguage(c) !== undefined;
  return isFixed ? backTo(c, page, query, at) : c.redirect(`${page}?${new URLSearchParams(query)}#${at}`, 303);
}

async function subscribeOther({ site, link, form }: Press): Promise<Said> {
  const other = await otherOf(site, link, form);
  if (!other || link.suppressed) return undefined;
  const key = { publicationId: other.id, subscriberId: link.subscriber.id };
  const lang = link.subscription?.lang ?? other.language;
  const { subscription } = wordingsOf({ name: other.name, law: [] }, link.lang);
  const isNew = await subscribeKnown(site.sql, key, lang, subscription);
  // One a day, whoever leaves and comes back all the time.
  const day = new Date().toISOString().slice(0, 10);
  if (isNew)
    await postLetter(site, { key: `welcome ${key.publicationId} ${key.subscriberId} ${day}`, kind: 'welcome', ...key });
  return { at: 'others', done: 'other-on' };
}

/** Read anew, so that a form names no publication that is not there. */
async function otherOf(site: Site, { publicationId, subscriber }: OwnLink, form: Record<string, string>) {
  const others = await listOthers(site.sql, { publicationId, subscriberId: subscriber.id });
  return others.find(other => other.slug === form.publication);
}

async function changeAddress({ site, link, key, form }: Press): Promise<Said> {
  const parsed = parseAddress(form.address ?? '');
  if ('problem' in parsed) return { at: 'address', problem: 'address' };
  const addressHash = site.hasher.hash(parsed.emailKey);
  const letter = await askAddressChange(site.sql, { ...key, lang: link.lang }, { ...parsed, addressHash });
  if (letter !== undefined) await askForLetter(site, letter);
  return { at: 'address', done: 'address' };
}

/** One line, no control or direction characters: it goes into subjects and headers. */
function cleanName(name: string): string {
  const line = name.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
  return [...line.trim()].slice(0, maxName).join('').trim();
}
