/** The whole web app over a database of its own, and readers' links into it. */
import type { Hono } from 'hono';
import { createApp } from '../../../src/http/server.ts';
import type { Purpose } from '../../../src/track/tokens.ts';
import { openServices, type Services } from '../../support/services.ts';
import { type SentIssue, type SentOptions, sendIssue } from '../../track/support.ts';

export interface Stage {
  services: Services;
  app: Hono;
  sent: SentIssue;
  /** Path of a reader's link. @param reader its place among `sent.subscriberIds` */
  link: (purpose: Purpose, reader: number, ref?: number) => string;
  /** The subscription's state. */
  state: (reader: number) => Promise<string>;
}

export async function openStage(
  options: SentOptions = { readers: 12 },
  env: Record<string, string> = {},
): Promise<Stage> {
  const services = await openServices(env);
  const [app, sent] = await Promise.all([createApp(services), sendIssue(services, options)]);
  const { tokens, sql } = services;
  return {
    services,
    app,
    sent,
    link: (purpose, reader, ref = 0) => {
      const token = tokens.sign({ purpose, ref, issueId: sent.issueId, subscriberId: sent.subscriberIds[reader]! });
      return `/r/${token}${purpose === 'click' ? '' : `/${purpose}`}`;
    },
    state: async reader => {
      const [row] = await sql<{ state: string }[]>`
        select state from subscriptions where subscriber_id = ${sent.subscriberIds[reader]!} and publication_id = ${sent.publicationId}`;
      return row!.state;
    },
  };
}

/** The path with the last characters of its token's MAC replaced. */
export function forged(path: string): string {
  return path.replace(/^(\/r\/)(.{35}).{8}/, '$1$2AAAAAAAA');
}

const browserAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';

/** Posts a form as browsers do. */
export function press(app: Hono, path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  return app.request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': browserAgent, ...headers },
    body: new URLSearchParams(fields).toString(),
  });
}

/** What a page's first form would post. */
export function firstForm(html: string): Record<string, string> {
  const form = /<form[^>]*method="post"[^>]*>[\s\S]*?<\/form>/i.exec(html)?.[0] ?? '';
  return Object.fromEntries(
    [...form.matchAll(/<(?:input|button)[^>]*name="([^"]+)"[^>]*value="([^"]*)"/gi)].map(m => [m[1]!, m[2]!]),
  );
}
