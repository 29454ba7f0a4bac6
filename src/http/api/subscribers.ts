/** Subscribers: listed, found, brought in with their consent, let go. No address is ever part of a URL. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { subscriptionPage } from '../../db/api-pages.ts';
import { enrol, type SubscriberView, viewSubscriber } from '../../db/api-subscribers.ts';
import { forgetPerson } from '../../db/personal-data.ts';
import { signUp } from '../../db/signups.ts';
import { retag } from '../../db/tags.ts';
import { askForLetter } from '../../enqueue/letters.ts';
import { BroadsheetError } from '../../errors.ts';
import { wordingsOf } from '../../model/consent.ts';
import type { Publication } from '../../model/publication.ts';
import { subscriptionStates } from '../../model/states.ts';
import { mostTags, tagSchema } from '../../model/tag.ts';
import { maxTimeZone, timeZoneOf } from '../../model/time-zone.ts';
import { type Address, parseAddress } from '../../subscribers/address.ts';
import { unsubscribe } from '../../subscribers/subscriptions.ts';
import type { Wiring } from '../../wiring.ts';
import { pageOf, pageQuery, readCursor, rowKey, writeCursor } from './pages.ts';
import { type FieldError, Refusal, wrongField } from './problems.ts';
import { requirePublication } from './publications.ts';
import { type Route, route } from './route.ts';

const state = z.enum(subscriptionStates);
const attributes = z.record(z.string(), z.string());
const oneLine = z
  .string()
  .trim()
  .max(200)
  .regex(/^[^\p{Cc}]*$/u, 'must be one line without control characters');

const subscriberSchema = z
  .object({
    id: z.int(),
    email: z.string(),
    name: z.string(),
    attributes,
    timeZone: z.string().nullable().meta({ description: 'IANA name; null: the publication’s.' }),
    suppressed: z.string().nullable().meta({ description: 'Why the address is never mailed.' }),
    tags: z.array(z.string()).meta({ description: 'Given by staff or programs.' }),
    createdAt: z.iso.datetime(),
    subscriptions: z.array(
      z.object({
        publication: z.string(),
        state,
        since: z.iso.datetime(),
        source: z.string(),
        evidence: z.record(z.string(), z.unknown()).nullable().meta({ description: 'Of consent.' }),
      }),
    ),
  })
  .meta({ id: 'Subscriber' });

const subscriptionSchema = z
  .object({
    subscriber: z.int(),
    email: z.string(),
    name: z.string(),
    attributes,
    state,
    since: z.iso.datetime(),
    source: z.string(),
  })
  .meta({ id: 'Subscription' });

const consent = z.strictObject({
  source: oneLine.min(1).meta({ description: 'Where it was given: a form’s address, a paper list.' }),
  at: z.iso.datetime({ offset: true }).refine(at => Date.parse(at) > 0, 'is before 1970'),
  wording: z.string().trim().min(1).max(2000).meta({ description: 'What the person agreed to, word for word.' }),
  version: oneLine
    .min(1)
    .optional()
    .meta({ description: 'By which the wording is known; made from it when left out.' }),
});

const timeZone = z
  .string()
  .max(maxTimeZone)
  .transform((text, context) => {
    const zone = timeZoneOf(text);
    if (zone !== undefined) return zone;
    context.addIssue({ code: 'custom', message: 'is not a time zone: use a name like Asia/Seoul' });
    return z.NEVER;
  });

const enrolment = z.strictObject({
  email: z.string().max(1000),
  name: oneLine.default(''),
  attributes: z
    .record(z.string().max(40), oneLine)
    .default({})
    .meta({ description: 'Fields of the publication; others are refused.' }),
  timeZone: timeZone
    .nullable()
    .optional()
    .meta({ description: 'IANA name, as Asia/Seoul; null: the publication’s; left out: as it is.' }),
  state: z.enum(['pending', 'active']).default('pending').meta({
    description:
      'pending: a letter asks the person to confirm, and nothing else is mailed before. active: only with consent.',
  }),
  consent: consent.optional(),
});

function documentOf({ createdAt, ...row }: SubscriberView): z.infer<typeof subscriberSchema> {
  const subscriptions = row.subscriptions.map(each => ({ ...each, since: new Date(each.since).toISOString() }));
  return { ...row, createdAt: createdAt.toISOString(), subscriptions };
}

/** @throws Refusal REQUEST_INVALID, which does not repeat the address */
export function addressOf(text: string): Address {
  const address = parseAddress(text);
  if ('problem' in address) throw wrongField('/email', address.problem);
  return address;
}

/** @throws BroadsheetError SUBSCRIBER_UNKNOWN */
async function requireSubscriber({ sql }: Wiring, by: Parameters<typeof viewSubscriber>[1]) {
  const found = await viewSubscriber(sql, by);
  if (!found) throw new BroadsheetError('SUBSCRIBER_UNKNOWN', 'there is no such subscriber');
  return documentOf(found);
}

/** @throws Refusal REQUEST_INVALID */
function refuseEnrolment(body: z.infer<typeof enrolment>, publication: Publication): void {
  const errors: FieldError[] = Object.keys(body.attributes)
    .filter(name => !Object.hasOwn(publication.fields, name))
    .map(name => ({ pointer: `#/attributes/${encodeURIComponent(name)}`, detail: 'is no field of the publication' }));
  if (body.state === 'active' && !body.consent)
    errors.push({ pointer: '#/consent', detail: 'is needed for state active: source, time and wording' });
  if (body.consent && Date.parse(body.consent.at) > Date.now() + 60_000)
    errors.push({ pointer: '#/consent/at', detail: 'is in the future' });
  if (errors.length > 0) throw new Refusal('REQUEST_INVALID', 'the subscriber cannot be stored', { errors });
}

const listRoute = route(
  {
    method: 'get',
    path: '/publications/{publication}/subscribers',
    tag: 'Subscribers',
    summary: 'Subscribers of a publication, by id',
    scope: 'subscribers:read',
    query: z.strictObject({ ...pageQuery, state: state.optional() }),
    response: pageOf(subscriptionSchema),
    status: [200],
  },
  async ({ wiring, params, query }) => {
    const { id } = await requirePublication(wiring, params.publication);
    const [after = 0] = readCursor('subscribers', rowKey, query.cursor) ?? [];
    const { rows, end } = await subscriptionPage(wiring.sql, id, { ...query, after });
    const data = rows.map(row => ({ ...row, since: row.since.toISOString() }));
    return { data: { data, nextCursor: writeCursor('subscribers', end === null ? null : [end]) } };
  },
);

/** Once for each time that somebody becomes pending; a call that died before the letter is made good by the next one. */
async function askToConfirm(
  wiring: Wiring,
  who: Address & { publicationId: number; addressHash: Buffer },
  publication: Publication,
  given: { wording: string; version: string } | undefined,
): Promise<void> {
  const lang = publication.language;
  const subscription = given
    ? { text: given.wording, version: given.version }
    : wordingsOf(publication, lang).subscription;
  const letter = await signUp(wiring.sql, {
    ...who,
    lang,
    wordings: { subscription, advertising: undefined },
    advertising: false,
    source: 'api',
    once: true,
  });
  if (letter !== undefined) await askForLetter(wiring, letter);
}

const enrolRoute = route(
  {
    method: 'post',
    path: '/publications/{publication}/subscribers',
    tag: 'Subscribers',
    summary: 'Bring a subscriber in, or complete one who is there',
    description:
      'Safe to repeat: there is one row per address. Who left is not brought back, but with consent given after they left; nobody active becomes pending. Who becomes pending is sent one letter with the button that confirms. The answer shows the state that holds now.',
    scope: 'subscribers:write',
    body: enrolment,
    response: subscriberSchema,
    status: [200, 201],
  },
  async ({ wiring, params, body }) => {
    const { id: publicationId, publication } = await requirePublication(wiring, params.publication);
    const address = addressOf(body.email);
    refuseEnrolment(body, publication);
    const given = body.consent && {
      ...body.consent,
      at: new Date(body.consent.at).toISOString(),
      version: body.consent.version ?? createHash('sha256').update(body.consent.wording).digest('hex').slice(0, 12),
    };
    const who = { publicationId, ...address, addressHash: wiring.hasher.hash(address.emailKey) };
    const { name, attributes, timeZone, state } = body;
    const enrolled = await enrol(wiring.sql, {
      ...who,
      name,
      attributes,
      timeZone,
      state,
      by: 'api',
      consent: given ?? null,
    });
    if (!enrolled) throw new BroadsheetError('SUBSCRIBER_SUPPRESSED', 'this address is suppressed');
    if (enrolled.state === 'pending') await askToConfirm(wiring, who, publication, given);
    return {
      data: await requireSubscriber(wiring, { id: enrolled.subscriber }),
      status: enrolled.created ? 201 : 200,
      location: `/subscribers/${enrolled.subscriber}`,
    };
  },
);

const oneRoutes: Route[] = [
  route(
    {
      method: 'get',
      path: '/subscribers/{subscriber}',
      tag: 'Subscribers',
      summary: 'One subscriber, with all subscriptions',
      scope: 'subscribers:read',
      response: subscriberSchema,
      status: [200],
    },
    async ({ wiring, params }) => ({ data: await requireSubscriber(wiring, { id: params.subscriber }) }),
  ),
  route(
    {
      method: 'post',
      path: '/subscribers/lookup',
      tag: 'Subscribers',
      summary: 'Find a subscriber by address',
      description: 'A POST, since addresses in URLs end in logs. It changes nothing.',
      scope: 'subscribers:read',
      body: z.strictObject({ email: z.string().max(1000) }),
      isSearch: true,
      response: subscriberSchema,
      status: [200],
    },
    async ({ wiring, body }) => ({
      data: await requireSubscriber(wiring, { emailKey: addressOf(body.email).emailKey }),
    }),
  ),
  route(
    {
      method: 'post',
      path: '/publications/{publication}/subscribers/{subscriber}/unsubscribe',
      tag: 'Subscribers',
      summary: 'End a subscription',
      description: 'Takes effect before their next message. Ended already: nothing changes.',
      scope: 'subscribers:write',
      response: subscriberSchema,
      status: [200],
    },
    async ({ wiring, params }) => {
      const { id: publicationId } = await requirePublication(wiring, params.publication);
      const found = await requireSubscriber(wiring, { id: params.subscriber });
      if (!found.subscriptions.some(each => each.publication === params.publication))
        throw new BroadsheetError('SUBSCRIBER_UNKNOWN', 'the publication has no such subscriber');
      await unsubscribe(wiring.sql, { publicationId, subscriberId: params.subscriber });
      return { data: await requireSubscriber(wiring, { id: params.subscriber }) };
    },
  ),
  route(
    {
      method: 'post',
      path: '/subscribers/{subscriber}/tags',
      tag: 'Subscribers',
      summary: 'Give tags to a subscriber, or take them away',
      description: 'Safe to repeat. Segments hold readers by tag.',
      scope: 'subscribers:write',
      body: z.strictObject({
        add: z.array(tagSchema).max(50).default([]),
        remove: z.array(tagSchema).max(50).default([]),
      }),
      response: subscriberSchema,
      status: [200],
    },
    async ({ wiring, params, body }) => {
      await requireSubscriber(wiring, { id: params.subscriber });
      if (!(await retag(wiring.sql, params.subscriber, body)))
        throw wrongField('/add', `a subscriber has ${mostTags} tags at most`);
      return { data: await requireSubscriber(wiring, { id: params.subscriber }) };
    },
  ),
  route(
    {
      method: 'delete',
      path: '/subscribers/{subscriber}',
      tag: 'Subscribers',
      summary: 'Delete a person',
      description:
        'Name, address, attributes and subscriptions go. A keyed hash of the address stays suppressed, so that no import brings them back.',
      scope: 'subscribers:write',
      status: [204],
    },
    async ({ wiring, params }) => {
      if (!(await forgetPerson(wiring.sql, params.subscriber)))
        throw new BroadsheetError('SUBSCRIBER_UNKNOWN', 'there is no such subscriber');
      return { data: undefined };
    },
  ),
];

export const subscriberRoutes: Route[] = [listRoute, enrolRoute, ...oneRoutes];
