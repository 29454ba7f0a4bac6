/** Process: takes mail that comes back, by SMTP or LMTP, from a mailbox, or both. */
import { readConfig } from '../src/config.ts';
import { forwardReply } from '../src/deliver/forward.ts';
import { readDkim } from '../src/deliver/presses.ts';
import { Relays } from '../src/deliver/relays.ts';
import { runProcess } from '../src/queue/process.ts';
import { collectMail } from '../src/track/intake/imap.ts';
import { startIntakeServer } from '../src/track/intake/server.ts';
import { openIntake } from '../src/track/intake/take.ts';
import { openWiring } from '../src/wiring.ts';

const config = readConfig();
const wiring = await openWiring(config, 'intake', 4);
const { sql, log, tokens, hasher } = wiring;
const relays = new Relays(config.smtpUrls);
const dkim = readDkim(config);
const deps = openIntake({
  sql,
  log,
  tokens,
  hash: address => hasher.hash(address),
  bounceDomain: config.bounceDomain,
  forwardTo: config.intake.forwardTo,
  forward: config.smtpUrls.length === 0 ? undefined : reply => forwardReply(relays, dkim, reply),
});
await runProcess(wiring, 'intake', async (id, ending) => {
  const { listen, imap } = config.intake;
  const server = listen && (await startIntakeServer(deps, listen));
  const collecting = imap && collectMail(deps, imap, id, ending);
  return { drain: async () => void (await Promise.all([server?.close(), collecting])) };
});
