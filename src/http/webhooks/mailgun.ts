/** Mailgun's webhooks: JSON with a signature inside, HMAC-SHA-256 of timestamp and token under the account's signing key. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { ProviderEvent } from '../../track/provider-events.ts';
import { mostWords, type Provider } from './provider.ts';

/** Mailgun tries again for eight hours, each time with the same signature. */
const freshSeconds = 12 * 3600;

const signed = z.object({
  signature: z.object({ timestamp: z.string().regex(/^\d{10}$/), token: z.string().max(100), signature: z.string() }),
});

const told = z.object({
  'event-data': z.object({
    event: z.string(),
    severity: z.string().optional(),
    reason: z.string().optional(),
    recipient: z.string().max(320).optional(),
    message: z.object({ headers: z.object({ 'message-id': z.string().max(500).optional() }).optional() }).optional(),
    envelope: z.object({ sender: z.string().max(320).optional() }).optional(),
    'delivery-status': z
      .object({
        'enhanced-code': z.string().nullish(),
        message: z.string().nullish(),
        description: z.string().nullish(),
      })
      .optional(),
  }),
});

/** @param now milliseconds since 1970 */
export function mailgun(key: string, now = Date.now): Provider {
  return {
    async read({ body }) {
      const content: unknown = JSON.parse(body.toString('utf8'));
      const { timestamp, token, signature } = signed.parse(content).signature;
      const expected = createHmac('sha256', key)
        .update(timestamp + token)
        .digest();
      const given = Buffer.from(signature, 'hex');
      const isGenuine = given.length === expected.length && timingSafeEqual(given, expected);
      if (!isGenuine || Math.abs(now() / 1000 - Number(timestamp)) > freshSeconds) return undefined;
      return eventsOf(told.parse(content)['event-data']);
    },
  };
}

function eventsOf(data: z.infer<typeof told>['event-data']): ProviderEvent[] {
  const kind = data.event === 'complained' ? 'complaint' : data.event === 'failed' ? kindOf(data) : undefined;
  if (!kind || !data.recipient) return [];
  const status = data['delivery-status'];
  return [
    {
      recipient: data.recipient,
      kind,
      status: status?.['enhanced-code'] ?? '',
      said: (status?.message || status?.description || '').slice(0, mostWords),
      sender: data.envelope?.sender,
      // Mailgun always tells it; what has none is not ours.
      messageId: data.message?.headers?.['message-id'] ?? '',
    },
  ];
}

/** A temporary failure is tried again by Mailgun itself. `suppress-…`: its own list refused, which says nothing new. */
function kindOf({ severity, reason }: { severity?: string | undefined; reason?: string | undefined }) {
  if (severity !== 'permanent') return undefined;
  if (reason?.startsWith('suppress-')) return 'later';
  return reason === 'bounce' ? 'gone' : 'later';
}
