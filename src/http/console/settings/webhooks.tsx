/** /console/settings/webhooks: which programs are told what happens, and making one. */
import { insertAudit } from '../../../db/audit.ts';
import { insertWebhook, listWebhooks, mostWebhooks, type WebhookRow } from '../../../db/webhooks.ts';
import { happeningTypes } from '../../../model/happenings.ts';
import { reachOf, urlProblem } from '../../../webhooks/guard.ts';
import { newSecret } from '../../../webhooks/sign.ts';
import { Icon } from '../../icons.tsx';
import type { Console, ConsoleContext } from '../context.ts';
import { Message, sendPage, Token } from '../layout.tsx';
import { reasonWords } from '../reason-words.ts';
import { type ConsoleRoute, form, page } from '../routes.ts';
import { textOf } from '../staff/form.ts';
import { ToCopy } from '../staff/frame.tsx';
import { Settings } from './frame.tsx';
import { settingsWords } from './words.ts';

const mostUrlLength = 2000;

export const webhookRoutes: ConsoleRoute[] = [
  page('/settings/webhooks', 'settings', (c, site) => webhooksPage(c, site)),
  form('/settings/webhooks/add', 'settings', pressAdd),
];

interface Typed {
  url: string;
  events: readonly string[];
  addresses: boolean;
}

async function webhooksPage(
  c: ConsoleContext,
  site: Console,
  message?: string,
  status: 200 | 400 = 200,
  typed: Typed = { url: '', events: ['issue.sent', 'issue.held'], addresses: false },
) {
  const words = settingsWords(c);
  const hooks = await listWebhooks(site.wiring.sql);
  const here = `${site.base}/console/settings/webhooks`;
  return sendPage(
    c,
    <Settings c={c} site={site} tab="webhooks" title={words.tabs.webhooks}>
      <p class="quiet staff-intro">{words.webhooksText}</p>
      {hooks.length > 0 && (
        <ul class="settings-cards after">
          {hooks.map(hook => (
            <li class="sheet">
              <a href={`${here}/${hook.id}`}>
                <span>
                  <strong>
                    <bdi>{hook.url}</bdi>
                  </strong>
                  <small>{hook.events.join(', ')}</small>
                </span>
                <WebhookState c={c} hook={hook} />
              </a>
            </li>
          ))}
        </ul>
      )}
      <section class="part">
        <h2>{words.webhookAdd}</h2>
        {message && <Message>{message}</Message>}
        <form method="post" action={`${here}/add`} class="form">
          <Token c={c} site={site} />
          <div class="field">
            <label for="url">{words.webhookUrl}</label>
            <input id="url" name="url" type="url" required maxlength={mostUrlLength} value={typed.url} />
          </div>
          <fieldset class="staff-choices settings-events">
            <legend>{words.webhookEvents}</legend>
            {happeningTypes.map(type => (
              <label class="choice">
                <input type="checkbox" name={type} value="on" checked={typed.events.includes(type)} />
                <code>{type}</code>
              </label>
            ))}
          </fieldset>
          <div class="field">
            <label class="choice">
              <input type="checkbox" name="addresses" value="on" checked={typed.addresses} />
              <span>{words.webhookAddresses}</span>
            </label>
            <p class="hint">{words.webhookAddressesHint}</p>
          </div>
          <div>
            <button type="submit" class="main">
              {words.webhookAdd}
            </button>
          </div>
        </form>
      </section>
    </Settings>,
    status,
  );
}

export function WebhookState({ c, hook }: { c: ConsoleContext; hook: WebhookRow }) {
  const words = settingsWords(c).webhookStates;
  if (!hook.enabled)
    return (
      <span class="state paused">
        <Icon name="pause" />
        {words.off}
      </span>
    );
  return hook.failingSince ? (
    <span class="state held">
      <Icon name="alert" />
      {words.failing}
    </span>
  ) : (
    <span class="state sent">
      <Icon name="done" />
      {words.on}
    </span>
  );
}

async function pressAdd(c: ConsoleContext, site: Console, fields: Record<string, string>): Promise<Response> {
  const words = settingsWords(c);
  const { sql, vault, config } = site.wiring;
  const url = textOf(fields, 'url', mostUrlLength).trim();
  const events = happeningTypes.filter(type => fields[type] === 'on');
  const addresses = fields.addresses === 'on';
  const again = (message: string) => webhooksPage(c, site, message, 400, { url, events, addresses });
  const problem = urlProblem(url, reachOf(config.publicUrl));
  if (problem) return again(words.webhookBadUrl(reasonWords(problem, c.get('language')) ?? problem));
  if (events.length === 0) return again(words.webhookNoEvents);
  const secret = newSecret();
  const id = await insertWebhook(sql, { url, events, addresses, secret: vault.seal(secret) });
  if (id === undefined) return again(words.webhooksFull(mostWebhooks));
  await insertAudit(sql, c.get('staff'), {
    act: 'webhook.add',
    subject: `webhook ${id}`,
    detail: { url, events, addresses },
  });
  return secretPage(c, site, id, secret);
}

/** Shows a secret, this once. */
export function secretPage(c: ConsoleContext, site: Console, id: number, secret: string, more?: string) {
  const words = settingsWords(c);
  return sendPage(
    c,
    <Settings c={c} site={site} tab="webhooks" title={words.webhookSecret} scripts={['copy']}>
      <p class="said staff-said" role="status">
        {words.webhookSecretText} {more}
      </p>
      <ToCopy c={c} text={secret} label={words.webhookSecret} />
      <p class="after">
        <a class="button" href={`${site.base}/console/settings/webhooks/${id}`}>
          {words.webhookKept}
        </a>
      </p>
    </Settings>,
  );
}
