/** What is known about the reader of a link, and what they settle themselves: one page, no login. */
import type { Context } from 'hono';
import { listOthers, type OtherPublication } from '../../../db/preferences.ts';
import { wordingsOf } from '../../../model/consent.ts';
import { longDate } from '../../../render/dates.ts';
import { maskAddress } from '../../../track/mask.ts';
import { Act, sendPage } from '../page.tsx';
import type { Site } from '../reader.ts';
import { words } from '../words.ts';
import { type OwnLink, type OwnPage, openOwn } from './own.ts';
import {
  AddressPart,
  AdvertisingPart,
  DataPart,
  FrequencyPart,
  LanguagePart,
  NamePart,
  OpensPart,
  Part,
  PausePart,
} from './sections.tsx';
import { TimeZonePart } from './time-zone.tsx';
import { accountWords } from './words.ts';

/** GET `/r/:token/preferences` and `/r/:token/manage`: changes nothing. */
export async function preferencesPage(c: Context, site: Site, page: OwnPage) {
  const link = await openOwn(c, site, page);
  if (!link) return c.notFound();
  const others = await listOthers(site.sql, { publicationId: link.publicationId, subscriberId: link.subscriber.id });
  const here = { link, done: c.req.query('done'), problem: c.req.query('problem') };
  const { state } = link.subscription ?? {};
  const isOn = state !== undefined && state !== 'unsubscribed';
  const text = words[link.lang].preferences;
  const content = (
    <div class="sheet">
      <h1>{text.title}</h1>
      <Facts link={link} />
      {link.suppressed && <p class="notice">{text.suppressed}</p>}
      {state === 'unsubscribed' && !link.suppressed && (
        <Part id="stay" title={text.stay}>
          <p class="quiet">{text.stayHint}</p>
          <Act action="resubscribe">{words[link.lang].leave.undo}</Act>
        </Part>
      )}
      <div class="folds">
        <NamePart {...here} />
        {link.subscription && <LanguagePart {...here} />}
        {isOn && <FrequencyPart {...here} />}
        {isOn && <TimeZonePart {...here} />}
        {(state === 'active' || state === 'paused') && <PausePart {...here} />}
        {(isOn || link.subscription?.advertising) && <AdvertisingPart {...here} />}
        {isOn && <OpensPart {...here} />}
        {others.length > 0 && <OthersPart link={link} others={others} done={here.done} />}
        <AddressPart {...here} />
        <DataPart {...here} />
      </div>
      {isOn && <LeavePart link={link} others={others} />}
    </div>
  );
  return sendPage(c, { ...link.frame, title: text.title }, content);
}

function Facts({ link }: { link: OwnLink }) {
  const text = words[link.lang].preferences;
  const { publication, subscription, subscriber } = link;
  const since =
    subscription &&
    longDate(subscription.since.toISOString(), { language: link.lang, timeZone: publication.timeZone }, false);
  return (
    <dl>
      <dt>{text.publication}</dt>
      <dd lang={publication.language}>{publication.name}</dd>
      <dt>{text.address}</dt>
      <dd>{maskAddress(subscriber.email)}</dd>
      <dt>{text.state}</dt>
      <dd>
        {text.states[subscription?.state ?? 'none']}
        {since && (
          <span class="quiet">
            {' · '}
            {text.since(since, publication.timeZone)}
          </span>
        )}
      </dd>
    </dl>
  );
}

export function isSubscribed({ state }: Pick<OtherPublication, 'state'>): boolean {
  return state === 'active' || state === 'paused' || state === 'pending';
}

function OthersPart({ link, others, done }: { link: OwnLink; others: OtherPublication[]; done: string | undefined }) {
  const { others: text, now } = accountWords[link.lang];
  const states = words[link.lang].preferences.states;
  const notice = done === 'other-on' ? text.subscribed : done === 'other-off' ? text.left : undefined;
  return (
    <Part id="others" title={text.title} now={now.others(others.filter(isSubscribed).length)} notice={notice}>
      <p class="quiet">{text.hint}</p>
      <ul class="others">
        {others.map(other => {
          const canJoin = other.state !== 'active' && other.state !== 'paused' && !link.suppressed;
          return (
            <li>
              <div>
                <p lang={other.language}>
                  <b>{other.name}</b>
                </p>
                {other.description && (
                  <p class="quiet" lang={other.language}>
                    {other.description}
                  </p>
                )}
                <p class="quiet">
                  {canJoin
                    ? wordingsOf({ name: other.name, law: [] }, link.lang).subscription.text
                    : states[other.state ?? 'none']}
                </p>
              </div>
              {(canJoin || isSubscribed(other)) && (
                <form method="post">
                  <input type="hidden" name="action" value={canJoin ? 'other-on' : 'other-off'} />
                  <button type="submit" class="second" name="publication" value={other.slug}>
                    <span>
                      {canJoin ? text.subscribe : text.leave}
                      <span class="away"> {text.of(other.name)}</span>
                    </span>
                  </button>
                </form>
              )}
            </li>
          );
        })}
      </ul>
    </Part>
  );
}

function LeavePart({ link, others }: { link: OwnLink; others: OtherPublication[] }) {
  const text = words[link.lang].preferences;
  return (
    <Part id="leave" title={text.leaveTitle}>
      <p class="quiet">{text.leaveHint}</p>
      <div class="pause">
        <Act action="unsubscribe" second>
          {words[link.lang].leave.button}
        </Act>
        {others.some(isSubscribed) && (
          <Act action="unsubscribe-all" second>
            {accountWords[link.lang].leaveAll.button}
          </Act>
        )}
      </div>
    </Part>
  );
}
