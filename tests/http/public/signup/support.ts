/** A publication with an open form, and how people and robots use it. */
import type { Hono } from 'hono';
import type { Sql } from '../../../../src/db/client.ts';
import { putPublication } from '../../../../src/db/publications.ts';
import { Tickets } from '../../../../src/http/public/signup/ticket.ts';
import { createApp } from '../../../../src/http/server.ts';
import { versionOf, wordingsOf } from '../../../../src/model/consent.ts';
import type { Publication } from '../../../../src/model/publication.ts';
import { publicationOf } from '../../../support/fixtures.ts';
import { openServices, type Services } from '../../../support/services.ts';
import { press } from '../support.ts';

export interface SignUpStage {
  services: Services;
  app: Hono;
  publicationId: number;
  publication: Publication;
  /** Every statement (and part of one) that the app ran, without values. */
  statements: string[];
  /** What a person's form brings, made long enough ago. */
  fields: (email: string, more?: Record<string, string>) => Record<string, string>;
  /** Posts the form. @param ip whose limits count; one of its own by default */
  ask: (email: string, more?: Record<string, string>, ip?: string) => Promise<Response>;
  /** Changes the publication's file. */
  change: (more: Record<string, unknown>) => Promise<void>;
  /** Path of the confirmation in the newest letter to this address. */
  confirmPath: (email: string) => Promise<string>;
  stateOf: (email: string) => Promise<string | undefined>;
}

function watched(sql: Sql, statements: string[]): Sql {
  return new Proxy(sql, {
    apply: (target, self, args) => {
      if (Array.isArray(args[0]?.raw)) statements.push(args[0].join('$'));
      return Reflect.apply(target as never, self, args);
    },
  });
}

let networks = 0;

export async function openSignUpStage(more: Record<string, unknown> = {}, env = {}): Promise<SignUpStage> {
  const services = await openServices(env);
  const publication = publicationOf({ law: ['kr'], description: '매주 하나씩', ...more });
  const { sql, tokens, hasher } = services;
  const { id } = await putPublication(sql, publication);
  const statements: string[] = [];
  const app = await createApp({ ...services, sql: watched(sql, statements) });
  const tickets = new Tickets(hasher);
  const fields: SignUpStage['fields'] = (email, more = {}) => ({
    email,
    ticket: tickets.make(id, Date.now() - 10_000),
    wording: versionOf(wordingsOf(publication, 'ko')),
    website: '',
    ...more,
  });
  return {
    ...{ services, app, publicationId: id, publication, fields, statements },
    ask: async (email, more, ip = `10.${++networks >> 16}.${(networks >> 8) & 255}.${networks & 255}`) =>
      press(app, `/p/${publication.slug}/subscribe`, fields(email, more), { 'x-forwarded-for': ip }),
    change: async more => {
      await putPublication(sql, {
        ...publication,
        ...publicationOf({ law: ['kr'], description: '매주 하나씩', ...more }),
      });
    },
    confirmPath: async email => {
      const [row] = await sql<{ subscriberId: number; ref: number }[]>`
        select l.subscriber_id, l.ref from letters l join subscribers s on s.id = l.subscriber_id
        where s.email_key = ${email} and l.kind = 'confirm' order by l.id desc limit 1`;
      return `/r/${tokens.sign({ purpose: 'confirm', issueId: id, subscriberId: row!.subscriberId, ref: row!.ref })}/confirm`;
    },
    stateOf: async email => {
      const [row] = await sql<{ state: string }[]>`
        select n.state from subscriptions n join subscribers s on s.id = n.subscriber_id where s.email_key = ${email}`;
      return row?.state;
    },
  };
}
