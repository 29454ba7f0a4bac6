/** The SMTP side: takes every mail from this machine and stores it before saying 250. */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { readMailStream } from '../mail-stream.ts';
import type { Envelope } from './store.ts';

/** Larger mails are refused (552): nothing that a newsletter sends comes near. */
const maxMailBytes = 10 * 1024 * 1024;
const maxRecipients = 100;
const maxClients = 500;

export interface Smtp {
  port: number;
  close(): Promise<void>;
}

/** @param keep called once per mail; the sender hears 250 only after it resolved */
export async function startSmtp(options: {
  host: string;
  port: number;
  keep: (envelope: Envelope, source: Buffer) => Promise<void>;
}): Promise<Smtp> {
  const server = new SMTPServer({
    name: 'local-inbox',
    banner: 'mails end here',
    // Any name and password will do, and none: nothing here is secret. Without STARTTLS no certificate is needed.
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    allowInsecureAuth: true,
    // A name lookup per connection would be the slowest part.
    disableReverseLookup: true,
    size: maxMailBytes,
    maxClients,
    closeTimeout: 1000,
    logger: false,
    onAuth: (auth, _session, callback) => callback(null, { user: auth.username ?? 'anyone' }),
    onRcptTo: (_address, session, callback) => {
      if (session.envelope.rcptTo.length < maxRecipients) return callback();
      callback(Object.assign(new Error('Too many recipients'), { responseCode: 452 }));
    },
    onData: (stream, session, callback) => {
      const { mailFrom, rcptTo } = session.envelope;
      const envelope = { from: mailFrom ? mailFrom.address : '', to: rcptTo.map(to => to.address) };
      readMailStream(stream, maxMailBytes)
        .then(async source => {
          if (!source) throw Object.assign(new Error('Message is too large'), { responseCode: 552 });
          await options.keep(envelope, source);
        })
        .then(
          () => callback(null, 'kept in the local inbox'),
          error => callback(error instanceof Error ? error : new Error(String(error))),
        );
    },
  });
  // A client that breaks off is no reason to end.
  server.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise(resolve => server.close(resolve)),
  };
}
