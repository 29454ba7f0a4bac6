/** The SMTP or LMTP server that takes what comes back. It relays nothing: an address that is not ours is refused at RCPT. */
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import type { IntakeConfig } from '../../config.ts';
import { messageOf } from '../../errors.ts';
import { readMailStream } from '../../mail-stream.ts';
import { type IntakeDeps, maxMailBytes, type Taken, takeMail } from './take.ts';

/** Each may hold one mail of `maxMailBytes` in memory. */
const maxClients = 20;
/** Mails not yet stored, those of clients that left included: a Postgres that hangs must not fill the memory. */
const mostUnderWay = 2 * maxClients;
/** A report names one; a mail to two of our addresses is a person's. */
const maxRecipients = 10;
/** Silence (RFC 5321 §4.5.3.2.7 asks for five minutes), and a whole session, however busy it seems. */
const silenceMs = 300_000;
const sessionMs = 900_000;

export interface IntakeServer {
  port: number;
  /** Takes no more connections, and waits for the mails under way. */
  close(): Promise<void>;
}

/** @throws Error with the system's code, as EADDRINUSE */
export async function startIntakeServer(
  deps: IntakeDeps,
  listen: NonNullable<IntakeConfig['listen']>,
): Promise<IntakeServer> {
  const underWay = new Set<Promise<unknown>>();
  const server = new SMTPServer({
    lmtp: listen.protocol === 'lmtp',
    banner: 'Broadsheet intake',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: false,
    size: maxMailBytes,
    rejectOversized: true,
    maxClients,
    maxRecipients,
    socketTimeout: silenceMs,
    closeTimeout: 10_000,
    logger: false,
    onRcptTo: ({ address }, _session, callback) => {
      if (underWay.size >= mostUnderWay) return callback(reply(451, 'Try again later'));
      deps.mailboxes.find(address).then(
        mailbox => callback(mailbox ? null : reply(550, 'No such mailbox here')),
        error => {
          deps.log.warn({ error: messageOf(error) }, 'a mail that came back waits for Postgres');
          callback(reply(451, 'Try again later'));
        },
      );
    },
    onData: (stream, session, callback) => {
      const { mailFrom, rcptTo } = session.envelope;
      const to = rcptTo.map(one => one.address);
      const work: Promise<void> = takeStream(deps, stream, mailFrom ? mailFrom.address : undefined, to).then(
        answers => {
          const errors = answers.filter(answer => answer instanceof Error);
          // One answer for all in SMTP: "later" before "never", since taking a mail twice changes nothing.
          if (listen.protocol === 'smtp')
            callback(errors.find(e => e.responseCode === 451) ?? errors[0] ?? null, 'taken');
          else callback(null, answers as never);
        },
        () => callback(reply(451, 'Try again later')),
      );
      underWay.add(work);
      work.finally(() => underWay.delete(work));
    },
  } as ConstructorParameters<typeof SMTPServer>[0]);
  // A client that breaks off is no reason to end.
  server.on('error', () => {});
  server.server.on('connection', (socket: Socket) => {
    const late = setTimeout(() => socket.destroy(), sessionMs);
    socket.once('close', () => clearTimeout(late));
  });
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(listen.port, listen.host, resolve);
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise<void>(resolve => server.close(() => resolve()));
      await Promise.all(underWay);
      await closed;
    },
  };
}

interface Refusal extends Error {
  responseCode: number;
}

/** The enhanced code follows from the reply's: 550 5.1.1, 451 4.3.0, 554 5.6.0, 552 5.3.4. */
function reply(responseCode: number, text: string): Refusal {
  return Object.assign(new Error(text), { responseCode });
}

/** @returns what each recipient is answered, in their order */
async function takeStream(
  deps: IntakeDeps,
  stream: SMTPServerDataStream,
  sender: string | undefined,
  to: readonly string[],
): Promise<(string | Refusal)[]> {
  const raw = await readMailStream(stream, maxMailBytes);
  // The server answers 552 in our place.
  if (!raw) return to.map(() => reply(552, 'Too large'));
  const answers: (string | Refusal)[] = [];
  for (const address of to) {
    const mailbox = await deps.mailboxes.find(address);
    answers.push(
      mailbox ? answerTo(await takeMail(deps, { raw, sender, mailbox })) : reply(550, 'No such mailbox here'),
    );
  }
  return answers;
}

function answerTo({ outcome }: Taken): string | Refusal {
  if (outcome === 'taken') return 'taken';
  if (outcome === 'later') return reply(451, 'Try again later');
  return reply(554, outcome === 'unclear' ? 'Nothing here can act on this mail' : 'This mail cannot be read');
}
