/** `webhook add|list|remove|enable|rotate|test|deliveries`: who is told what happens. */
import { randomUUID } from 'node:crypto';
import { listDeliveries } from '../db/webhook-deliveries.ts';
import {
  enableWebhook,
  findWebhook,
  insertWebhook,
  listWebhooks,
  mostWebhooks,
  removeWebhook,
  rotateSecret,
  rotationHours,
  sealedSecrets,
  type WebhookRow,
} from '../db/webhooks.ts';
import { BroadsheetError } from '../errors.ts';
import { type HappeningType, happeningTypes } from '../model/happenings.ts';
import { reachOf, urlProblem } from '../webhooks/guard.ts';
import { messageOf } from '../webhooks/message.ts';
import { Poster } from '../webhooks/post.ts';
import { openSecrets } from '../webhooks/sender.ts';
import { newSecret } from '../webhooks/sign.ts';
import type { Wiring } from '../wiring.ts';
import type { Output } from './output.ts';
import { withWiring } from './wired.ts';

const mostUrlLength = 2000;

export interface WebhookAddOptions {
  events: string;
  addresses?: boolean;
}

/** Prints the secret, this once. @throws BroadsheetError USAGE, WEBHOOK_URL, WEBHOOKS_FULL */
export async function webhookAddCommand(url: string, options: WebhookAddOptions, output: Output): Promise<number> {
  const events = eventsOf(options.events);
  return withWiring('webhook', async ({ sql, vault, config }) => {
    const problem = url.length > mostUrlLength ? 'it is too long' : urlProblem(url, reachOf(config.publicUrl));
    if (problem) throw new BroadsheetError('WEBHOOK_URL', problem);
    const secret = newSecret();
    const addresses = options.addresses ?? false;
    const id = await insertWebhook(sql, { url, events, addresses, secret: vault.seal(secret) });
    if (id === undefined) throw new BroadsheetError('WEBHOOKS_FULL', `there are ${mostWebhooks}`);
    output.result({ id, url, events, addresses, secret }, [
      `Webhook ${id} is told of ${events.join(', ')}.`,
      `Its secret, shown only now: ${secret}`,
      ...(addresses ? ['It gets readers’ addresses: whoever runs it must be allowed to have them.'] : []),
      `Try it: broadsheet webhook test ${id}`,
    ]);
    return 0;
  });
}

/** Names, and groups of them: `issue.*`. @throws BroadsheetError USAGE */
function eventsOf(text: string): HappeningType[] {
  const chosen = text.split(',').flatMap(name => {
    const trimmed = name.trim();
    const found = happeningTypes.filter(
      type => type === trimmed || (trimmed.endsWith('.*') && type.startsWith(trimmed.slice(0, -1))),
    );
    if (found.length === 0)
      throw new BroadsheetError('USAGE', `${trimmed || 'nothing'} is not an event`, {
        help: `Use some of ${happeningTypes.join(', ')}, separated by commas; issue.* and subscriber.* stand for all of theirs.`,
      });
    return found;
  });
  return [...new Set(chosen)];
}

export async function webhookListCommand(output: Output): Promise<number> {
  return withWiring('webhook', async ({ sql }) => {
    const webhooks = await listWebhooks(sql);
    output.result({ webhooks }, webhooks.length > 0 ? webhooks.map(line) : ['No webhooks.']);
    return 0;
  });
}

function line({ id, url, events, addresses, enabled, disabledReason, failingSince }: WebhookRow): string {
  const state = !enabled
    ? `disabled (${disabledReason}); broadsheet webhook enable ${id}`
    : failingSince
      ? `failing since ${failingSince.toISOString()}`
      : 'enabled';
  return `${id}  ${url}  ${events.join(',')}${addresses ? '  with addresses' : ''}  ${state}`;
}

/** @throws BroadsheetError USAGE, WEBHOOK_UNKNOWN */
export async function webhookRemoveCommand(id: string, output: Output): Promise<number> {
  return withWebhook(id, async ({ sql }, { id }) => {
    await removeWebhook(sql, id);
    output.result({ id, removed: true }, [`Webhook ${id} is removed, with what was waiting for it.`]);
    return 0;
  });
}

/** @throws BroadsheetError USAGE, WEBHOOK_UNKNOWN */
export async function webhookEnableCommand(id: string, output: Output): Promise<number> {
  return withWebhook(id, async ({ sql }, { id }) => {
    const enabled = await enableWebhook(sql, id);
    output.result({ id, enabled: true }, [
      enabled ? `Webhook ${id} is told of what happens from now on.` : `Webhook ${id} was enabled.`,
    ]);
    return 0;
  });
}

/** @throws BroadsheetError USAGE, WEBHOOK_UNKNOWN */
export async function webhookRotateCommand(id: string, output: Output): Promise<number> {
  return withWebhook(id, async ({ sql, vault }, { id }) => {
    const secret = newSecret();
    await rotateSecret(sql, id, vault.seal(secret));
    output.result({ id, secret, previousHours: rotationHours }, [
      `The new secret of webhook ${id}, shown only now: ${secret}`,
      `For ${rotationHours} hours messages are signed with both.`,
    ]);
    return 0;
  });
}

/** Sends one message at once, signed as all are. @throws BroadsheetError USAGE, WEBHOOK_UNKNOWN, WEBHOOK_SECRET */
export async function webhookTestCommand(id: string, output: Output): Promise<number> {
  return withWebhook(id, async ({ sql, vault, config }, { id, url }) => {
    const sealed = await sealedSecrets(sql, id);
    const secrets = sealed ? openSecrets(vault, sealed) : [];
    if (secrets.length === 0) throw new BroadsheetError('WEBHOOK_SECRET', `the secret of webhook ${id} cannot be read`);
    const poster = new Poster(reachOf(config.publicUrl));
    const message = messageOf(randomUUID(), { type: 'webhook.test', at: new Date(), data: { webhook: id } });
    const { ok, outcome } = await poster.post(url, message, secrets);
    poster.close();
    output.result({ id, ok, outcome, messageId: message.id }, [
      `${ok ? 'Taken' : 'Not taken'}: ${outcome} (${message.id})`,
      ...(ok ? [] : ['    It must answer a POST with 2xx within 10 s.']),
    ]);
    return ok ? 0 : 1;
  });
}

const mostShown = 50;

/** @throws BroadsheetError USAGE, WEBHOOK_UNKNOWN */
export async function webhookDeliveriesCommand(id: string, output: Output): Promise<number> {
  return withWebhook(id, async ({ sql }, { id }) => {
    const deliveries = await listDeliveries(sql, id, mostShown);
    const lines = deliveries.map(({ messageId, type, at, state, attempts, nextAttemptAt, outcome }) => {
      const next = nextAttemptAt ? `  next try ${nextAttemptAt.toISOString()}` : '';
      return `${at.toISOString()}  msg_${messageId.replaceAll('-', '')}  ${type}  ${state}  tries ${attempts}  ${outcome ?? ''}${next}`;
    });
    output.result({ id, deliveries }, lines.length > 0 ? lines : ['Nothing was sent to it in the last three days.']);
    return 0;
  });
}

async function withWebhook(
  id: string,
  work: (wiring: Wiring, webhook: WebhookRow) => Promise<number>,
): Promise<number> {
  if (!/^[1-9]\d{0,14}$/.test(id)) throw new BroadsheetError('USAGE', `${id} is not a number of a webhook`);
  return withWiring('webhook', async wiring => {
    const webhook = await findWebhook(wiring.sql, Number(id));
    if (!webhook) throw new BroadsheetError('WEBHOOK_UNKNOWN', `no webhook ${id}`);
    return work(wiring, webhook);
  });
}
