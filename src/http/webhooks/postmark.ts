/** Postmark's webhooks: one JSON object, proved by the user and password that Postmark was given in the URL (it signs nothing). */
import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { ProviderEvent } from '../../track/provider-events.ts';
import { mostWords, type Provider } from './provider.ts';

const told = z.object({
  RecordType: z.string(),
  Type: z.string().optional(),
  Email: z.string().max(320).optional(),
  Description: z.string().nullish(),
  Details: z.string().nullish(),
});

/** Types of bounces that Postmark documents; the others change nothing. */
const kinds: Record<string, ProviderEvent['kind']> = {
  HardBounce: 'gone',
  BadEmailAddress: 'gone',
  SoftBounce: 'later',
  Transient: 'later',
  DnsError: 'later',
  Undeliverable: 'later',
  Unknown: 'later',
  ManuallyDeactivated: 'later',
  SpamNotification: 'refused',
  Blocked: 'refused',
  DMARCPolicy: 'refused',
  SpamComplaint: 'complaint',
};

/** @param password of user `hooks` */
export function postmark(password: string): Provider {
  const expected = digest(`Basic ${Buffer.from(`hooks:${password}`).toString('base64')}`);
  return {
    async read({ body, header }) {
      if (!timingSafeEqual(digest(header('authorization') ?? ''), expected)) return undefined;
      const { RecordType, Type = '', Email, Description, Details } = told.parse(JSON.parse(body.toString('utf8')));
      const kind = RecordType === 'SpamComplaint' ? 'complaint' : RecordType === 'Bounce' ? kinds[Type] : undefined;
      if (!kind || !Email) return [];
      const said = (Details || Description || '').slice(0, mostWords);
      // Postmark gives messages an id of its own: the newest copy for the address is meant.
      return [{ recipient: Email, kind, status: '', said, sender: undefined, messageId: undefined }];
    },
  };
}

/** Of one length, so that the comparison tells nothing. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
