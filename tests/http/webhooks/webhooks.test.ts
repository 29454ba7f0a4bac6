/** Providers' webhooks with real signatures by test keys: what changes, what never does, and in which order (rule 3.4, fault F11). */
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hookBytes, hooksApp } from '../../../src/http/webhooks/app.ts';
import { mailgun } from '../../../src/http/webhooks/mailgun.ts';
import { postmark } from '../../../src/http/webhooks/postmark.ts';
import { sendgrid } from '../../../src/http/webhooks/sendgrid.ts';
import { isAmazonUrl, ses, signedText } from '../../../src/http/webhooks/ses.ts';
import { type Relay, startRelay } from '../../support/relay.ts';
import { type Sending, startSending } from '../../support/sending.ts';
import { openServices, type Services } from '../../support/services.ts';

const topic = 'arn:aws:sns:eu-west-1:123456789012:bounces';
const certificate = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const addresses = ['gone@example.net', 'full@example.net', 'angry@example.net', 'blocked@example.net'];

let services: Services;
let relay: Relay;
let sending: Sending;
let app: Hono;
let visited: string[];

beforeAll(async () => {
  services = await openServices();
  relay = await startRelay();
  sending = await startSending(services, relay, addresses);
  expect(await sending.deliver()).toMatchObject({ accepted: 4 });
});
afterAll(async () => {
  sending.close();
  await relay.close();
  await services.close();
});
beforeEach(async () => {
  visited = [];
  await services.sql`delete from events`;
  await services.sql`delete from suppressions`;
  const sns = {
    keyOf: async (): Promise<KeyObject> => rsa.publicKey,
    visit: async (url: string) => void visited.push(url),
  };
  app = hooksApp(services, {
    ses: ses([topic], sns),
    sendgrid: sendgrid(ec.publicKey),
    mailgun: mailgun('signing-key'),
    postmark: postmark('a-long-password'),
  });
});

const copyFor = (to: string) => relay.accepted.find(message => message.to === to)!;
const messageIdOf = (to: string) => /^Message-ID: (<\S+>)\r$/m.exec(copyFor(to).raw)![1]!;
const post = async (path: string, body: string | Buffer, headers: Record<string, string> = {}) => {
  const answer = await app.request(`/hooks/${path}`, {
    method: 'POST',
    body: new Uint8Array(Buffer.from(body)),
    headers,
  });
  return { status: answer.status, json: (await answer.json().catch(() => ({}))) as Record<string, unknown> };
};
/** Events by address, and which addresses are suppressed for what. */
async function changes() {
  const events = await services.sql<{ email: string; kind: string }[]>`
    select s.email, e.kind from events e join subscribers s on s.id = e.subscriber_id order by 1, 2`;
  const suppressed = await services.sql<{ email: string; reason: string }[]>`
    select s.email, x.reason from suppressions x join subscribers s using (address_hash) order by 1`;
  return {
    events: events.map(({ email, kind }) => `${email} ${kind}`),
    suppressed: suppressed.map(({ email, reason }) => `${email} ${reason}`),
  };
}
const untouched = { events: [], suppressed: [] };
const seconds = () => String(Math.floor(Date.now() / 1000));

/** Each provider says of an address what it has to say, signed; `forge` spoils the proof. */
const providers = {
  ses(to: string, what: 'gone' | 'complaint', forge = false) {
    const bounced = [{ emailAddress: to, status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' }];
    const Message = JSON.stringify({
      notificationType: what === 'gone' ? 'Bounce' : 'Complaint',
      mail: { source: copyFor(to).from, messageId: 'of-ses', destination: [to] },
      ...(what === 'gone'
        ? { bounce: { bounceType: 'Permanent', bounceSubType: 'General', bouncedRecipients: bounced } }
        : { complaint: { complainedRecipients: [{ emailAddress: to }] } }),
    });
    return post('ses', snsBody({ Message }, forge));
  },
  sendgrid(to: string, what: 'gone' | 'complaint', forge = false) {
    const event =
      what === 'gone'
        ? { event: 'bounce', type: 'bounce', reason: '550 5.1.1 no such user', status: '5.1.1' }
        : { event: 'spamreport' };
    return signedBySendgrid(
      [{ email: to, timestamp: 1, 'smtp-id': messageIdOf(to), sg_event_id: 'x', ...event }],
      forge,
    );
  },
  mailgun(to: string, what: 'gone' | 'complaint', forge = false) {
    const [timestamp, token] = [seconds(), 'a'.repeat(50)];
    const signature = createHmac('sha256', forge ? 'other' : 'signing-key')
      .update(timestamp + token)
      .digest('hex');
    const data =
      what === 'gone'
        ? {
            event: 'failed',
            severity: 'permanent',
            reason: 'bounce',
            'delivery-status': { code: 550, message: '5.1.1 no such user' },
          }
        : { event: 'complained' };
    const message = { headers: { 'message-id': messageIdOf(to).slice(1, -1) } };
    return post(
      'mailgun',
      JSON.stringify({ signature: { timestamp, token, signature }, 'event-data': { ...data, recipient: to, message } }),
    );
  },
  postmark(to: string, what: 'gone' | 'complaint', forge = false) {
    const body =
      what === 'gone'
        ? { RecordType: 'Bounce', Type: 'HardBounce', Details: 'smtp;550 5.1.1 no such user' }
        : { RecordType: 'SpamComplaint' };
    const login = Buffer.from(`hooks:${forge ? 'another-password' : 'a-long-password'}`).toString('base64');
    return post('postmark', JSON.stringify({ ...body, ID: 1, Email: to.toUpperCase() }), {
      authorization: `Basic ${login}`,
    });
  },
};

function snsBody(given: Record<string, string>, forge = false): string {
  const message = {
    Type: 'Notification' as const,
    MessageId: '0',
    TopicArn: topic,
    Timestamp: new Date().toISOString(),
    SignatureVersion: '2' as const,
    SigningCertURL: certificate,
    Message: '',
    ...given,
  };
  const algorithm = given.SignatureVersion === '1' ? 'sha1' : 'sha256';
  const signature = sign(algorithm, Buffer.from(signedText(message)), rsa.privateKey);
  if (forge) signature[9]! ^= 1;
  return JSON.stringify({ ...message, Signature: signature.toString('base64') });
}

function signedBySendgrid(events: unknown[], forge = false, timestamp = seconds()) {
  const body = JSON.stringify(events);
  const signature = sign('sha256', Buffer.from(timestamp + body), ec.privateKey).toString('base64');
  return post('sendgrid', forge ? body.replace('"', ' "') : body, {
    'x-twilio-email-event-webhook-signature': signature,
    'x-twilio-email-event-webhook-timestamp': timestamp,
  });
}

describe.each(Object.entries(providers))('%s', (_name, say) => {
  test('a dead address and a complaint are recorded and suppressed, once, in whatever order and however often they come', async () => {
    for (const round of [1, 2]) {
      expect((await say('angry@example.net', 'complaint')).json).toEqual({ events: 1, recorded: round === 1 ? 1 : 0 });
      expect((await say('gone@example.net', 'gone')).json).toEqual({ events: 1, recorded: round === 1 ? 1 : 0 });
    }
    // A bounce that is told late, of who complained.
    await say('angry@example.net', 'gone');
    expect(await changes()).toEqual({
      events: ['angry@example.net bounce-hard', 'angry@example.net complaint', 'gone@example.net bounce-hard'],
      suppressed: ['angry@example.net complaint', 'gone@example.net hard-bounce'],
    });
  });

  test('what is not proved to be the provider’s changes nothing', async () => {
    expect((await say('gone@example.net', 'gone', true)).status).toBe(403);
    expect(await changes()).toEqual(untouched);
  });
});

describe('no wrong hard verdict', () => {
  const sesBounce = (to: string, bounce: Record<string, string>, said?: string) =>
    post(
      'ses',
      snsBody({
        Message: JSON.stringify({
          eventType: 'Bounce',
          mail: { source: copyFor(to).from },
          bounce: { ...bounce, bouncedRecipients: [{ emailAddress: to, ...(said ? { diagnosticCode: said } : {}) }] },
        }),
      }),
    );
  test.each([
    [
      'permanent, but the words are of a block',
      { bounceType: 'Permanent', bounceSubType: 'General' },
      'smtp; 550 5.7.1 blocked by spamhaus',
      'bounce-policy',
    ],
    [
      'permanent, but the mailbox is full',
      { bounceType: 'Permanent', bounceSubType: 'General' },
      'smtp; 552 5.2.2 mailbox full',
      'bounce-soft',
    ],
    [
      'permanent by a list of its own',
      { bounceType: 'Permanent', bounceSubType: 'OnAccountSuppressionList' },
      undefined,
      'bounce-soft',
    ],
    [
      'transient, though the words sound dead',
      { bounceType: 'Transient', bounceSubType: 'General' },
      'smtp; 550 5.1.1 user unknown',
      'bounce-soft',
    ],
    ['of the content', { bounceType: 'Transient', bounceSubType: 'ContentRejected' }, undefined, 'bounce-policy'],
  ])('SES: %s', async (_what, bounce, said, kind) => {
    await sesBounce('full@example.net', bounce, said);
    expect(await changes()).toEqual({ events: [`full@example.net ${kind}`], suppressed: [] });
  });

  test('SES: permanent and without a word is dead', async () => {
    await sesBounce('gone@example.net', { bounceType: 'Permanent', bounceSubType: 'NoEmail' });
    expect((await changes()).suppressed).toEqual(['gone@example.net hard-bounce']);
  });

  test('SendGrid: blocked and dropped suppress nobody', async () => {
    const of = (to: string) => ({ email: to, 'smtp-id': messageIdOf(to) });
    await signedBySendgrid([
      { ...of('blocked@example.net'), event: 'bounce', type: 'blocked', reason: '550 5.7.1 rejected' },
      { ...of('full@example.net'), event: 'dropped', reason: 'Bounced Address' },
      { ...of('gone@example.net'), event: 'deferred', response: '450 later' },
      { ...of('angry@example.net'), event: 'delivered' },
    ]);
    expect(await changes()).toEqual({
      events: ['blocked@example.net bounce-policy', 'full@example.net bounce-soft'],
      suppressed: [],
    });
  });

  test('one unreadable event of a batch does not keep the others', async () => {
    const good = {
      email: 'gone@example.net',
      event: 'bounce',
      type: 'bounce',
      'smtp-id': messageIdOf('gone@example.net'),
    };
    expect((await signedBySendgrid([{ event: 7 }, null, good])).json).toEqual({ events: 1, recorded: 1 });
  });

  test('a message that is not ours, though its address is a reader’s, changes nothing', async () => {
    const event = { email: 'gone@example.net', event: 'bounce', type: 'bounce', reason: '550 5.1.1 no' };
    await signedBySendgrid([{ ...event, 'smtp-id': '<somebody@elsewhere.example>' }, event]);
    await signedBySendgrid([{ ...event, 'smtp-id': messageIdOf('full@example.net') }]);
    expect(await changes()).toEqual(untouched);
  });
});

describe('replays and strangers', () => {
  test('an old signature of SendGrid or Mailgun proves nothing', async () => {
    const old = String(Number(seconds()) - 40 * 3600);
    expect((await signedBySendgrid([], false, old)).status).toBe(403);
    const signature = createHmac('sha256', 'signing-key').update(`${old}t`).digest('hex');
    const body = { signature: { timestamp: old, token: 't', signature }, 'event-data': { event: 'complained' } };
    expect((await post('mailgun', JSON.stringify(body))).status).toBe(403);
  });

  test.each([
    ['another topic', { TopicArn: 'arn:aws:sns:eu-west-1:999999999999:bounces' }],
    ['a certificate of somebody else', { SigningCertURL: 'https://sns.eu-west-1.amazonaws.com.evil.example/x.pem' }],
    ['a certificate over http', { SigningCertURL: 'http://sns.eu-west-1.amazonaws.com/x.pem' }],
    ['what is no certificate', { SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/?Action=x' }],
  ])('SES: %s', async (_what, given) => {
    expect((await post('ses', snsBody(given))).status).toBe(403);
  });

  test.each([
    ['https://sns.us-gov-west-1.amazonaws.com/a.pem', true],
    ['https://sns.cn-north-1.amazonaws.com.cn/a.pem', true],
    ['https://sns.eu-west-1.amazonaws.com@evil.example/a.pem', false],
    ['https://user@sns.eu-west-1.amazonaws.com/a.pem', false],
    ['https://sns.eu-west-1.amazonaws.com:8443/a.pem', false],
    ['https://evil-sns.eu-west-1.amazonaws.com/a.pem', false],
    ['https://sns.evil.amazonaws.com/a.pem', false],
    ['nonsense', false],
  ])('%s: %s', (url, isTheirs) => {
    expect(isAmazonUrl(url)).toBe(isTheirs);
  });

  test('a subscription is confirmed for an allowed topic alone, at Amazon alone', async () => {
    const SubscribeURL = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t';
    const given = { Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL };
    expect((await post('ses', snsBody(given))).status).toBe(200);
    expect((await post('ses', snsBody({ ...given, SubscribeURL: 'https://evil.example/?Token=t' }))).status).toBe(403);
    expect((await post('ses', snsBody(given, true))).status).toBe(403);
    expect(visited).toEqual([SubscribeURL]);
  });

  test('the first version of the signature is taken too', async () => {
    expect((await post('ses', snsBody({ SignatureVersion: '1', Message: 'Successfully validated' }))).json).toEqual({
      events: 0,
      recorded: 0,
    });
  });

  test.each(['ses', 'mailgun'])('%s: what cannot be read is told so, with the field', async name => {
    expect((await post(name, '{')).status).toBe(400);
    expect(await post(name, '{}')).toMatchObject({
      status: 400,
      json: { error: 'cannot be read', field: expect.any(String) },
    });
  });

  test('too much is refused, and so are providers that are not configured', async () => {
    expect((await post('ses', Buffer.alloc(hookBytes + 1, 0x20))).status).toBe(413);
    app = hooksApp(services);
    expect((await post('ses', '{}')).status).toBe(404);
  });

  test('Postgres away: the provider is to try again', async () => {
    const away = { ...services, sql: (() => Promise.reject(new Error('away'))) as never };
    app = hooksApp(away, { postmark: postmark('a-long-password') });
    expect((await providers.postmark('gone@example.net', 'gone')).status).toBe(503);
  });
});
