/** Suppressions: addresses never mailed again, known by keyed hash only. */
import { z } from 'zod';
import { unsuppress } from '../../db/api-subscribers.ts';
import { suppress } from '../../subscribers/subscriptions.ts';
import { type Route, route } from './route.ts';
import { addressOf } from './subscribers.ts';

const email = z.string().max(1000);

export const suppressionRoutes: Route[] = [
  route(
    {
      method: 'post',
      path: '/suppressions',
      tag: 'Subscribers',
      summary: 'Never mail an address again',
      description: 'Whether or not it is a subscriber’s. The first reason stays.',
      scope: 'subscribers:write',
      body: z.strictObject({
        email,
        reason: z
          .string()
          .regex(/^[a-z][a-z0-9-]{0,39}$/, 'use small letters, digits and hyphens')
          .default('manual'),
      }),
      response: z.object({ isNew: z.boolean() }),
      status: [200],
    },
    async ({ wiring, body }) => {
      const hash = wiring.hasher.hash(addressOf(body.email).emailKey);
      return { data: { isNew: await suppress(wiring.sql, hash, body.reason) } };
    },
  ),
  route(
    {
      method: 'post',
      path: '/suppressions/remove',
      tag: 'Subscribers',
      summary: 'Allow mail to an address again',
      description: 'Only when its owner asked for it. No subscription comes back by this.',
      scope: 'subscribers:write',
      body: z.strictObject({ email }),
      response: z.object({ wasSuppressed: z.boolean() }),
      status: [200],
    },
    async ({ wiring, body }) => {
      const hash = wiring.hasher.hash(addressOf(body.email).emailKey);
      return { data: { wasSuppressed: await unsuppress(wiring.sql, hash) } };
    },
  ),
];
