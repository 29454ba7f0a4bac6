/** /console/settings/webhooks/:id: one endpoint, its messages with their replies, and what can be done about it. */

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { insertAudit } from '../../../db/audit.ts';
import { type DeliveryLine, listDeliveries, sendAgain } from '../../../db/webhook-deliveries.ts';
import {
  disableWebhook,
  enableWebhook,
  findWebhook,
  removeWebhook,
  rotateSecret,
  rotationHours,
  sealedSecrets,
  type WebhookRow,
} from '../../../db/webhooks.ts';
import { reachOf } from '../../../webhooks/guard.ts';
import { messageOf } from '../../../webhooks/message.ts';
import { Poster } from '../../../webhooks/post.ts';
import { openSecrets } from '../../../webhooks/sender.ts';
import { newSecret } from '../../../webhooks/sign.ts';
import { Ask } from '../ask.tsx';
import type { Console, ConsoleContext } from '../context.ts';
import { PageRefusal } from '../errors.ts';
import { Message, refusedPage, sendPage, Token } from '../layout.tsx';
import { Reason } from '../reason.tsx';
import { reasonWords } from '../reason-words.ts';
import { type ConsoleRoute, change, form, page } from '../routes.ts';
import { When } from '../staff/frame.tsx';
import { numeric, Table, unseen } from '../table.tsx';
import { Settings } from './frame.tsx';
import { secretPage, WebhookState } from './webhooks.tsx';
import { settingsWords } from './words.ts';

const path = '/settings/webhooks/:id{[1-9][0-9]{0,14}}';
const shown = 50;

export const oneWebhookRoutes: ConsoleRoute[] = [
  page(path, 'settings', (c, site) => webhookPage(c, site)),
  page(`${path}/remove`, 'settings', askRemove),
  change(`${path}/enable`, 'settings', 'webhook.enable', {}, async (c, site) => {
    const hook = await required(c, site);
    await enableWebhook(site.wiring.sql, hook.id);
    return { to: `/settings/webhooks/${hook.id}`, said: 'hookOn', subject: `webhook ${hook.id}` };
  }),
  change(`${path}/disable`, 'settings', 'webhook.disable', {}, async (c, site) => {
    const hook = await required(c, site);
    await disableWebhook(site.wiring.sql, hook.id);
    return { to: `/settings/webhooks/${hook.id}`, said: 'hookOff', subject: `webhook ${hook.id}` };
  }),
  change(`${path}/remove`, 'settings', 'webhook.remove', {}, async (c, site) => {
    const { id, url } = await required(c, site);
    await removeWebhook(site.wiring.sql, id);
    return { to: '/settings/webhooks', said: 'hookRemoved', subject: `webhook ${id}`, detail: { url } };
  }),
  change(`${path}/again`, 'settings', 'webhook.again', { message: z.uuid() }, async (c, site, { message }) => {
    const { id } = await required(c, site);
    if (!(await sendAgain(site.wiring.sql, id, message))) throw new PageRefusal(settingsWords(c).deliveryNot);
    return { to: `/settings/webhooks/${id}`, said: 'again', subject: `webhook ${id}`, detail: { message } };
  }),
  form(`${path}/rotate`, 'settings', pressRotate),
  form(`${path}/test`, 'settings', pressTest),
];

const asked = (c: ConsoleContext, site: Console) => findWebhook(site.wiring.sql, Number(c.req.param('id')));

async function required(c: ConsoleContext, site: Console): Promise<WebhookRow> {
  const hook = await asked(c, site);
  if (!hook) throw new PageRefusal(settingsWords(c).webhookNone);
  return hook;
}

async function webhookPage(c: ConsoleContext, site: Console, tested?: { ok: boolean; text: string }) {
  const words = settingsWords(c);
  const hook = await asked(c, site);
  if (!hook) return refusedPage(c, site, words.webhookNone, 404);
  const here = `${site.base}/console/settings/webhooks/${hook.id}`;
  const deliveries = await listDeliveries(site.wiring.sql, hook.id, shown);
  const press = (name: string, label: string, isMain = false) => (
    <form method="post" action={`${here}/${name}`}>
      <Token c={c} site={site} />
      <button type="submit" class={isMain ? 'main' : undefined}>
        {label}
      </button>
    </form>
  );
  return sendPage(
    c,
    <Settings c={c} site={site} tab="webhooks" title={hook.url} beside={<WebhookState c={c} hook={hook} />}>
      {tested &&
        (tested.ok ? (
          <p class="said staff-said" role="status">
            {tested.text}
          </p>
        ) : (
          <Message>{tested.text}</Message>
        ))}
      {!hook.enabled && hook.disabledReason && (
        <p class="staff-intro">{words.webhookWhy[hook.disabledReason] ?? hook.disabledReason}</p>
      )}
      {hook.failingSince && (
        <p class="staff-intro">
          {words.webhookFailing} <When c={c} at={hook.failingSince} />
        </p>
      )}
      <p class="quiet small">
        {hook.events.join(', ')}
        {hook.addresses && ` · ${words.webhookAddresses}`}
      </p>
      <div class="buttons after">
        {press('test', words.webhookTest, true)}
        {hook.enabled ? press('disable', words.webhookOff) : press('enable', words.webhookOn)}
        {press('rotate', words.webhookRotate)}
        <a class="button" href={`${here}/remove`}>
          {words.webhookRemove}
        </a>
      </div>
      <section class="part">
        <h2>{words.deliveries}</h2>
        {deliveries.length === 0 ? (
          <p class="quiet">{words.deliveriesNone}</p>
        ) : (
          <Deliveries c={c} site={site} here={here} deliveries={deliveries} />
        )}
      </section>
    </Settings>,
  );
}

function Deliveries(props: { c: ConsoleContext; site: Console; here: string; deliveries: readonly DeliveryLine[] }) {
  const { c, site, here, deliveries } = props;
  const words = settingsWords(c);
  return (
    <Table
      name={words.deliveries}
      columns={[words.what, words.when, words.state, numeric(words.tries), words.reply, unseen(words.action)]}
      kind="stack staff-table"
    >
      {deliveries.map(line => (
        <tr>
          <td>
            <code>{line.type}</code>
          </td>
          <td data-label={words.when}>
            <When c={c} at={line.at} />
          </td>
          <td data-label={words.state}>{words.deliveryStates[line.state]}</td>
          <td data-label={words.tries} class="number">
            {line.attempts}
          </td>
          <td data-label={words.reply}>
            {line.outcome === null ? '–' : <Reason language={c.get('language')} reason={line.outcome} />}
            {line.nextAttemptAt && (
              <small class="quiet">
                {' '}
                {words.nextTry} <When c={c} at={line.nextAttemptAt} />
              </small>
            )}
          </td>
          <td class="staff-do">
            {line.state === 'failed' && (
              <form method="post" action={`${here}/again`}>
                <Token c={c} site={site} />
                <input type="hidden" name="message" value={line.messageId} />
                <button type="submit">{words.deliveryAgain}</button>
              </form>
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}

async function askRemove(c: ConsoleContext, site: Console) {
  const words = settingsWords(c);
  const hook = await asked(c, site);
  if (!hook) return refusedPage(c, site, words.webhookNone, 404);
  const here = `${site.base}/console/settings/webhooks/${hook.id}`;
  return sendPage(
    c,
    <Settings c={c} site={site} tab="webhooks" title={words.webhookRemove}>
      <Ask
        c={c}
        site={site}
        what={<bdi>{hook.url}</bdi>}
        means={words.webhookRemoveText}
        action={`${here}/remove`}
        act={words.webhookRemoveSure}
        back={here}
      />
    </Settings>,
  );
}

async function pressRotate(c: ConsoleContext, site: Console): Promise<Response> {
  const words = settingsWords(c);
  const { sql, vault } = site.wiring;
  const hook = await asked(c, site);
  if (!hook) return refusedPage(c, site, words.webhookNone, 404);
  const secret = newSecret();
  await rotateSecret(sql, hook.id, vault.seal(secret));
  await insertAudit(sql, c.get('staff'), { act: 'webhook.rotate', subject: `webhook ${hook.id}` });
  return secretPage(c, site, hook.id, secret, words.webhookRotated(rotationHours));
}

async function pressTest(c: ConsoleContext, site: Console): Promise<Response> {
  const words = settingsWords(c);
  const { sql, vault, config } = site.wiring;
  const hook = await asked(c, site);
  if (!hook) return refusedPage(c, site, words.webhookNone, 404);
  const sealed = await sealedSecrets(sql, hook.id);
  const secrets = sealed ? openSecrets(vault, sealed) : [];
  if (secrets.length === 0) return webhookPage(c, site, { ok: false, text: words.webhookSecretLost });
  const poster = new Poster(reachOf(config.publicUrl));
  const happening = { type: 'webhook.test', at: new Date(), data: { webhook: hook.id } };
  const { ok, outcome } = await poster.post(hook.url, messageOf(randomUUID(), happening), secrets);
  poster.close();
  await insertAudit(sql, c.get('staff'), {
    act: 'webhook.test',
    subject: `webhook ${hook.id}`,
    detail: { ok, outcome },
  });
  const said = reasonWords(outcome, c.get('language')) ?? outcome;
  return webhookPage(c, site, { ok, text: ok ? words.webhookTestOk(said) : words.webhookTestBad(said) });
}
