/** F15: readers unsubscribe through the web server while their issue is going out. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp, listen } from '../../src/http/server.ts';
import { type Fault, rowOf } from './rows.ts';
import type { Send } from './send.ts';
import type { Stage } from './stage.ts';

/** What is under way when a reader leaves may still go out; nothing later. */
const effectMs = 1000;

export const unsubscribing: Fault = {
  id: 'F15',
  name: 'unsubscribe race',
  stage: { crew: { deliver: 2 } },
  run: async (stage, scale) => {
    const web = await listen(await createApp(stage.wiring), { host: '127.0.0.1', port: 0 });
    try {
      const send = await stage.send({ readers: scale.readers, thinkMs: [100, 300] });
      await send.untilTaken(10);
      const left = await leaveOneByOne(stage, send, web.port);
      return [
        await rowOf('F15', stage, send, {
          what: `${left.size} readers press unsubscribe while it goes out`,
          open: 0,
          also: async () => [...mailedAfterwards(stage, left), ...(await neitherNor(send, left))],
        }),
      ];
    } finally {
      await web.close();
    }
  },
};

/** One-click (RFC 8058), each reader who has not been spoken of yet, at random moments. @returns when each had its answer */
async function leaveOneByOne(stage: Stage, send: Send, port: number): Promise<Map<string, number>> {
  const { wiring, random, relay } = stage;
  const rows = await wiring.sql<{ email: string; subscriberId: number }[]>`
    select s.email, r.subscriber_id from recipients r join subscribers s on s.id = r.subscriber_id
    where r.issue_id = ${send.issueId}`;
  const ids = new Map(rows.map(row => [row.email, row.subscriberId]));
  const left = new Map<string, number>();
  while (send.taken < send.addresses.length * 0.9 && left.size < send.addresses.length / 5) {
    const waiting = send.addresses.filter(address => !relay.spokenOf.has(address) && !left.has(address));
    if (waiting.length === 0) break;
    const address = random.pick(waiting);
    const token = wiring.tokens.sign({
      purpose: 'unsubscribe',
      issueId: send.issueId,
      subscriberId: ids.get(address)!,
      ref: 0,
    });
    const answer = await fetch(`http://127.0.0.1:${port}/r/${token}/unsubscribe`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    });
    if (answer.status !== 200) throw new Error(`unsubscribe answered ${answer.status}`);
    await answer.arrayBuffer();
    left.set(address, performance.now());
    await sleep(random.between(0, 60));
  }
  return left;
}

function mailedAfterwards(stage: Stage, left: Map<string, number>): string[] {
  const wronged = [...left].filter(([address, at]) =>
    stage.relay.spokenOf.get(address)?.some(moment => moment > at + effectMs),
  );
  return wronged.length === 0 ? [] : [`${wronged.length} were mailed more than a second after they had left`];
}

/** Whoever left either had it under way or is left out for that reason; most must be the latter, or nothing was tested. */
async function neitherNor(send: Send, left: Map<string, number>): Promise<string[]> {
  const rows = (await send.ledger()).filter(row => left.has(row.email));
  const out = rows.filter(row => row.state === 'excluded' && row.reason === 'unsubscribed').length;
  const has = rows.filter(row => row.state === 'accepted').length;
  return [
    ...(out + has === left.size ? [] : [`${left.size} left, ${out} left out, ${has} accepted`]),
    ...(out > left.size / 2 ? [] : [`only ${out} of ${left.size} were left out`]),
  ];
}
