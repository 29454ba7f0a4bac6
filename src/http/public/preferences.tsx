/** What is known about the reader of a link, and what they can change themselves. */
import type { Context } from 'hono';
import { renameSubscriber } from '../../db/readers.ts';
import { longDate } from '../../render/dates.ts';
import { maskAddress } from '../../track/mask.ts';
import { readForm } from '../form.ts';
import { Act, Icon, sendPage } from './page.tsx';
import { backTo, type OpenLink, openLink, type Site } from './reader.ts';
import { comeBack, leave } from './unsubscribe.tsx';
import { words } from './words.ts';

const maxName = 100;

/** GET `/r/:token/preferences`: changes nothing. */
export async function preferencesPage(c: Context, site: Site) {
  const link = await openLink(c, site, 'preferences');
  if (!link?.subscriber) return c.notFound();
  const text = words[link.lang].preferences;
  const { state = 'none' } = link.subscription ?? {};
  const content = (
    <div class="sheet">
      {c.req.query('done') === 'name' && (
        <p class="notice" role="status">
          <Icon name="check" />
          {text.saved}
        </p>
      )}
      <h1>{text.title}</h1>
      <Facts link={link} />
      {link.suppressed && <p class="notice">{text.suppressed}</p>}
      <NameForm link={link} />
      {state === 'unsubscribed' && !link.suppressed && (
        <section class="part">
          <h2>{text.stay}</h2>
          <p class="quiet">{text.stayHint}</p>
          <Act action="resubscribe">{words[link.lang].leave.undo}</Act>
        </section>
      )}
      {state !== 'unsubscribed' && state !== 'none' && (
        <section class="part">
          <h2>{text.leaveTitle}</h2>
          <p class="quiet">{text.leaveHint}</p>
          <Act action="unsubscribe" second>
            {words[link.lang].leave.button}
          </Act>
        </section>
      )}
    </div>
  );
  return sendPage(c, { ...link.frame, title: text.title }, content);
}

function Facts({ link }: { link: OpenLink }) {
  const text = words[link.lang].preferences;
  const { publication, subscription, subscriber } = link;
  const since =
    subscription &&
    longDate(subscription.since.toISOString(), { language: link.lang, timeZone: publication.timeZone }, false);
  return (
    <dl>
      <dt>{text.publication}</dt>
      <dd>{publication.name}</dd>
      <dt>{text.address}</dt>
      <dd>{maskAddress(subscriber!.email)}</dd>
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

function NameForm({ link }: { link: OpenLink }) {
  const text = words[link.lang].preferences;
  return (
    <section class="part">
      <label for="name">{text.name}</label>
      <p class="quiet" id="name-hint">
        {text.nameHint}
      </p>
      <form method="post">
        <input type="hidden" name="action" value="name" />
        <div class="row">
          <input
            type="text"
            id="name"
            name="name"
            value={link.subscriber!.name}
            maxlength={maxName}
            autocomplete="name"
            aria-describedby="name-hint"
          />
          <button type="submit" class="second">
            {text.save}
          </button>
        </div>
      </form>
    </section>
  );
}

/** POST `/r/:token/preferences`: the action named by the button; an unknown one changes nothing. */
export async function changePreferences(c: Context, site: Site) {
  const link = await openLink(c, site, 'preferences');
  if (!link?.subscriber) return c.notFound();
  const { action, name = '' } = await readForm(c);
  if (action === 'unsubscribe') await leave(site, link);
  if (action === 'resubscribe') await comeBack(site, link);
  if (action !== 'name') return backTo(c, 'preferences');
  await renameSubscriber(site.sql, link.subscriber.id, cleanName(name));
  return backTo(c, 'preferences', { done: 'name' });
}

/** One line, no control or direction characters: it goes into subjects and headers. */
function cleanName(name: string): string {
  const line = name.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
  return [...line.trim()].slice(0, maxName).join('').trim();
}
