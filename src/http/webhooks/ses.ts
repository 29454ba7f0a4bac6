/** Amazon SES by way of SNS: each message is signed with a certificate of AWS, and of a topic that the operator named. */
import { type KeyObject, verify, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import type { ProviderEvent } from '../../track/provider-events.ts';
import { mostWords, type Provider } from './provider.ts';

const envelope = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string(),
  TopicArn: z.string(),
  Subject: z.string().optional(),
  Message: z.string(),
  Timestamp: z.string(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string(),
  SigningCertURL: z.string(),
  SubscribeURL: z.string().optional(),
  Token: z.string().optional(),
});
type Envelope = z.infer<typeof envelope>;

const recipients = z
  .array(
    z.object({
      emailAddress: z.string().max(320),
      status: z.string().optional(),
      diagnosticCode: z.string().optional(),
    }),
  )
  .max(1000);

/** Notifications (`notificationType`) and event publishing (`eventType`) tell the same. */
const told = z.object({
  notificationType: z.string().optional(),
  eventType: z.string().optional(),
  mail: z.object({
    source: z.string().max(320).optional(),
    commonHeaders: z.object({ messageId: z.string().optional() }).optional(),
  }),
  bounce: z
    .object({ bounceType: z.string(), bounceSubType: z.string().optional(), bouncedRecipients: recipients })
    .optional(),
  complaint: z.object({ complainedRecipients: recipients }).optional(),
});

export interface Sns {
  /** Key of a signing certificate. @param url of `isAmazonUrl` */
  keyOf(url: string): Promise<KeyObject>;
  /** Confirms a subscription. @param url of `isAmazonUrl` */
  visit(url: string): Promise<void>;
}

/** https on SNS' own hosts, and nothing else: whoever can name the certificate can sign. */
export function isAmazonUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const isHost = /^sns\.[a-z]{2}(?:-[a-z]+)+-\d\.amazonaws\.com(?:\.cn)?$/.test(url.hostname);
  return url.protocol === 'https:' && isHost && !url.username && !url.port;
}

export function ses(topics: readonly string[], sns: Sns = amazon()): Provider {
  return {
    async read({ body }) {
      const message = envelope.parse(JSON.parse(body.toString('utf8')));
      if (!topics.includes(message.TopicArn) || !isAmazonUrl(message.SigningCertURL)) return undefined;
      if (!new URL(message.SigningCertURL).pathname.endsWith('.pem')) return undefined;
      const key = await sns.keyOf(message.SigningCertURL);
      const algorithm = message.SignatureVersion === '1' ? 'sha1' : 'sha256';
      const signature = Buffer.from(message.Signature, 'base64');
      if (!verify(algorithm, Buffer.from(signedText(message)), key, signature)) return undefined;
      if (message.Type === 'SubscriptionConfirmation') {
        if (!message.SubscribeURL || !isAmazonUrl(message.SubscribeURL)) return undefined;
        await sns.visit(message.SubscribeURL);
        return [];
      }
      return message.Type === 'Notification' ? eventsOf(message.Message) : [];
    },
  };
}

/** What is signed: these fields, in this order, each with its name (SNS, "Verifying the signatures"). */
export function signedText(message: Pick<Envelope, 'Type'> & Partial<Envelope>): string {
  const names =
    message.Type === 'Notification'
      ? (['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const)
      : (['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const);
  return names.flatMap(name => (message[name] === undefined ? [] : [`${name}\n${message[name]}\n`])).join('');
}

function eventsOf(text: string): ProviderEvent[] {
  // SES tests a topic with plain words.
  if (!text.trimStart().startsWith('{')) return [];
  const { mail, bounce, complaint, notificationType, eventType } = told.parse(JSON.parse(text));
  const type = notificationType ?? eventType;
  const kind = type === 'Complaint' ? 'complaint' : type === 'Bounce' && bounce ? kindOf(bounce) : undefined;
  if (!kind) return [];
  const of = kind === 'complaint' ? complaint?.complainedRecipients : bounce?.bouncedRecipients;
  return (of ?? []).map(({ emailAddress, status = '', diagnosticCode = '' }) => ({
    recipient: emailAddress,
    kind,
    status,
    said: diagnosticCode.slice(0, mostWords),
    sender: mail.source,
    messageId: mail.commonHeaders?.messageId ?? '',
  }));
}

function kindOf({ bounceType, bounceSubType = '' }: { bounceType: string; bounceSubType?: string | undefined }) {
  if (/^(?:ContentRejected|AttachmentRejected)$/.test(bounceSubType)) return 'refused';
  // Refused by a list of SES' own: it says nothing new of the address.
  if (/suppress/i.test(bounceSubType)) return 'later';
  return bounceType === 'Permanent' ? 'gone' : 'later';
}

const patienceMs = 5000;
const mostBytes = 16_384;
const mostKept = 10;

function amazon(): Sns {
  const kept = new Map<string, KeyObject>();
  const get = async (url: string): Promise<string> => {
    const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(patienceMs) });
    if (!answer.ok) throw new Error(`SNS answered ${answer.status}`);
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString('latin1');
      if (text.length > mostBytes) throw new Error('SNS answered with too much');
    }
    return text;
  };
  return {
    async keyOf(url) {
      const known = kept.get(url);
      if (known) return known;
      const key = new X509Certificate(await get(url)).publicKey;
      if (kept.size >= mostKept) kept.delete(kept.keys().next().value!);
      kept.set(url, key);
      return key;
    },
    async visit(url) {
      await get(url);
    },
  };
}
