/**
 * How soon a person's act stops mail in the middle of a send: an unsubscribe through the real web server, and a pause. For each trial, the
 * time from its answer to the last message that still reached whom it should not; 0 when none did.
 *
 * options: --trials N (default 1000)
 */
import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { control } from '../src/enqueue/control.ts';
import { createApp, listen } from '../src/http/server.ts';
import { fillReaders, openStage, type Stage, submitSource, until } from './stage.ts';
import { shortIssue, table } from './support.ts';

/** A relay takes its time; so there is always mail under way. */
const replyMs = 15;

interface Relay {
  url: string;
  /** When each address' message had arrived whole, by `performance.now()`. */
  arrivals: Map<string, number>;
  lastAt: number;
  close(): void;
}

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { trials: { type: 'string', default: '1000' } } });
  const trials = Number(values.trials);
  const unsubscribes = await unsubscribeTrials(trials);
  const pauses = await pauseTrials(trials);
  const row = (name: string, late: number[]) => {
    const sorted = late.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(0);
    return [name, late.length, late.filter(ms => ms > 0).length, at(0.5), at(0.99), sorted.at(-1)!.toFixed(0)];
  };
  const head = ['', 'trials', 'a message was under way', 'median, ms', '99 %, ms', 'worst, ms'];
  process.stdout.write(`${table(head, [row('unsubscribe', unsubscribes), row('pause', pauses)])}\n`);
}

/** Readers who press unsubscribe, one after the other, those next in turn too. */
async function unsubscribeTrials(trials: number): Promise<number[]> {
  const relay = await startRelay();
  const { stage, issueId } = await sending(relay, trials * 20);
  const web = await listen(await createApp(stage.wiring), { host: '127.0.0.1', port: 0 });
  const left: { address: string; at: number }[] = [];
  try {
    await until(() => relay.arrivals.size > 0, 10);
    while (left.length < trials) {
      // In the order of sending, from the middle of what is under way on: the hardest.
      const waiting = await stage.wiring.sql<{ id: number; email: string }[]>`
        select s.id, s.email from recipients r join subscribers s on s.id = r.subscriber_id
        where r.issue_id = ${issueId} and r.state in ('queued', 'sending') order by r.state desc, r.batch_id, r.subscriber_id
        limit 1 offset ${left.length % 60}`;
      const reader = waiting[0];
      if (!reader) throw new Error(`the send was over after ${left.length} trials`);
      const token = stage.wiring.tokens.sign({ purpose: 'unsubscribe', ref: 0, issueId, subscriberId: reader.id });
      const answer = await fetch(`http://127.0.0.1:${web.port}/r/${token}/unsubscribe`, {
        method: 'POST',
        body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
      });
      if (answer.status !== 200) throw new Error(`unsubscribe was answered ${answer.status}`);
      left.push({ address: reader.email, at: performance.now() });
    }
    await control(stage.wiring, String(issueId), 'cancel');
    await sleep(2000);
  } finally {
    await web.close();
    await stage.close();
    relay.close();
  }
  return left.map(({ address, at }) => Math.max(0, (relay.arrivals.get(address) ?? 0) - at));
}

async function pauseTrials(trials: number): Promise<number[]> {
  const relay = await startRelay();
  const { stage, issueId } = await sending(relay, trials * 200);
  const late: number[] = [];
  try {
    while (late.length < trials) {
      const before = relay.arrivals.size;
      await until(() => relay.arrivals.size > before + 10, 5);
      await control(stage.wiring, String(issueId), 'pause');
      const at = performance.now();
      // Silent when nothing has come for ten times a relay's reply.
      await until(() => performance.now() - Math.max(at, relay.lastAt) > replyMs * 10, 10);
      late.push(Math.max(0, relay.lastAt - at));
      await control(stage.wiring, String(issueId), 'resume');
    }
    await control(stage.wiring, String(issueId), 'cancel');
  } finally {
    await stage.close();
    relay.close();
  }
  return late;
}

async function sending(relay: Relay, readers: number): Promise<{ stage: Stage; issueId: number }> {
  const stage = await openStage({ SMTP_URL: relay.url });
  const publicationId = await fillReaders(stage.wiring, readers, ['gmail.com', 'naver.com', 'example.net']);
  for (const worker of ['plan-issue', 'deliver-batch', 'tick']) await stage.start(`../workers/${worker}.ts`);
  const { id: issueId } = await submitSource(stage.wiring, publicationId, shortIssue());
  return { stage, issueId };
}

/** In this process, so that arrivals and acts are told by one clock. */
async function startRelay(): Promise<Relay> {
  const relay: Relay = { url: '', arrivals: new Map(), lastAt: 0, close: () => {} };
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    converse(socket, relay);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  relay.url = `smtp://127.0.0.1:${(server.address() as { port: number }).port}?tls=off`;
  relay.close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return relay;
}

function converse(socket: Socket, relay: Relay): void {
  let buffer = '';
  let to = '';
  let isData = false;
  socket.setEncoding('latin1').write('220 relay ESMTP\r\n');
  socket.on('data', chunk => {
    buffer += chunk;
    for (;;) {
      const end = buffer.indexOf(isData ? '\r\n.\r\n' : '\r\n');
      if (end < 0) return;
      const line = isData ? '' : buffer.slice(0, end);
      buffer = buffer.slice(end + (isData ? 5 : 2));
      if (isData) {
        isData = false;
        relay.lastAt = performance.now();
        relay.arrivals.set(to, relay.lastAt);
        setTimeout(() => socket.write('250 2.0.0 ok\r\n'), replyMs);
        continue;
      }
      to = /^RCPT TO:<(.*?)>/i.exec(line)?.[1]?.toLowerCase() ?? to;
      isData = /^DATA/i.test(line);
      if (/^QUIT/i.test(line)) return void socket.end('221 bye\r\n');
      socket.write(isData ? '354 go on\r\n' : '250 ok\r\n');
    }
  });
}
