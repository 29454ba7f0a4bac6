/** SendGrid's signed event webhook: a JSON array, ECDSA on P-256 over the timestamp header and the raw body. */
import { type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import type { ProviderEvent } from '../../track/provider-events.ts';
import { mostWords, type Provider } from './provider.ts';

/** SendGrid tries again for a day. */
const freshSeconds = 30 * 3600;

const event = z.object({
  email: z.string().max(320),
  event: z.string(),
  type: z.string().optional(),
  reason: z.string().optional(),
  status: z.string().optional(),
  'smtp-id': z.string().max(500).optional(),
});

/** @param now milliseconds since 1970 */
export function sendgrid(key: KeyObject, now = Date.now): Provider {
  return {
    async read({ body, header }) {
      const signature = header('x-twilio-email-event-webhook-signature') ?? '';
      const timestamp = header('x-twilio-email-event-webhook-timestamp') ?? '';
      if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now() / 1000 - Number(timestamp)) > freshSeconds) return undefined;
      const bytes = Buffer.concat([Buffer.from(timestamp), body]);
      if (!verify('sha256', bytes, key, Buffer.from(signature, 'base64'))) return undefined;
      const all = z
        .array(z.unknown())
        .max(10_000)
        .parse(JSON.parse(body.toString('utf8')));
      // One that cannot be read is no reason to refuse the others: SendGrid would send all of them again, for a day.
      return all.flatMap(each => {
        const parsed = event.safeParse(each);
        return parsed.success ? eventOf(parsed.data) : [];
      });
    },
  };
}

function eventOf(one: z.infer<typeof event>): ProviderEvent[] {
  const kind =
    one.event === 'spamreport'
      ? 'complaint'
      : one.event === 'bounce'
        ? one.type === 'blocked'
          ? 'refused'
          : 'gone'
        : // Its own list refused: it says nothing new.
          one.event === 'dropped'
          ? 'later'
          : undefined;
  if (!kind) return [];
  const words = one.event === 'dropped' ? '' : (one.reason ?? '');
  return [
    {
      recipient: one.email,
      kind,
      status: one.status ?? '',
      said: words.slice(0, mostWords),
      sender: undefined,
      // Left out of some events of messages that were not sent by SMTP: not ours.
      messageId: one['smtp-id'] ?? '',
    },
  ];
}
