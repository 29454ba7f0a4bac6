/** The local inbox of the demo: an SMTP server that keeps what it gets, and pages to read it. Nothing goes on from here. */
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { BroadsheetError } from '../errors.ts';
import { startSmtp } from './smtp.ts';
import { MailStore } from './store.ts';
import { inboxWeb } from './web.tsx';

/** The newest so many mails are kept. */
const keptMails = 2000;

export interface InboxOptions {
  /** Where mails are kept between runs; made when missing. */
  folder: string;
  /** 0 or unset: any free one. */
  smtpPort?: number;
  httpPort?: number;
  /** A loopback address. */
  host?: string;
}

export interface Inbox {
  /** For SMTP_URL. */
  smtpUrl: string;
  /** Of the list, for a browser. */
  url: string;
  /** Mails kept now. */
  count(): number;
  close(): Promise<void>;
}

/**
 * Starts the inbox.
 * @throws BroadsheetError CONFIG_INVALID when `host` is not this machine alone: anybody could read the mails
 */
export async function startInbox(options: InboxOptions): Promise<Inbox> {
  const host = options.host ?? '127.0.0.1';
  if (!/^127\.\d+\.\d+\.\d+$/.test(host) && host !== '::1') {
    throw new BroadsheetError('CONFIG_INVALID', `the local inbox listens on loopback only, not on ${host}`);
  }
  const store = await MailStore.open(options.folder, keptMails);
  const smtp = await startSmtp({
    host,
    port: options.smtpPort ?? 0,
    keep: (envelope, source) => store.add(envelope, source),
  });
  const name = host.includes(':') ? `[${host}]` : host;
  const smtpUrl = `smtp://${name}:${smtp.port}`;
  const hosts = new Set<string>();
  try {
    const web = await listen(inboxWeb(store, hosts, smtpUrl).fetch, options.httpPort ?? 0, host);
    for (const known of [name, 'localhost']) hosts.add(`${known}:${web.port}`);
    return {
      smtpUrl,
      url: `http://${name}:${web.port}`,
      count: () => store.count,
      close: async () => {
        await Promise.all([web.close(), smtp.close()]);
      },
    };
  } catch (error) {
    await smtp.close();
    throw error;
  }
}

function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  port: number,
  hostname: string,
): Promise<{ port: number; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, port, hostname }, (info: AddressInfo) => {
      resolve({
        port: info.port,
        close: () =>
          new Promise(done => {
            server.close(() => done());
            // Open pages keep their connections for their next look.
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      });
    });
    server.once('error', reject);
  });
}
