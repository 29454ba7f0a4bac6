/** F16: readers whose message cannot be written, or at whom the relay breaks down each time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { control } from '../../src/enqueue/control.ts';
import { type Fault, type Row, rowOf, type Scale } from './rows.ts';
import type { Stage } from './stage.ts';

export const poison: Fault = {
  id: 'F16',
  name: 'poison recipients',
  run: async (stage, scale) => [await unwritable(stage, scale), await breakingRelay(stage, scale)],
};

const evil = 'evil@example.com';

/** As SQL by hand, a broken import or another program could leave them. */
async function unwritable(stage: Stage, scale: Scale): Promise<Row> {
  const { wiring, relay } = stage;
  const send = await stage.send({ readers: scale.readers });
  await control(wiring, send.name, 'pause');
  await sleep(1000);
  const fresh = send.addresses.filter(address => !relay.spokenOf.has(address)).slice(-8);
  const addresses = [
    `${send.name}.x>\r\nrcpt to:<${evil}`,
    '',
    `${send.name}.no-at`,
    `${send.name}.null\u0001@example.net`,
  ];
  for (const [i, address] of addresses.entries()) {
    await wiring.sql`update subscribers set email = ${address} where email = ${fresh[i]!}`;
    send.addresses[send.addresses.indexOf(fresh[i]!)] = address;
  }
  const name = `\u0001\u0007\r\nBcc: ${evil}\r\n\r\n.\r\nMAIL FROM:<${evil}>\r\n`;
  await wiring.sql`update subscribers set name = ${name} where email = ${fresh[4]!}`;
  await wiring.sql`update subscribers set name = repeat('긴 이름 ', 1000000) where email = ${fresh[5]!}`;
  await wiring.sql`
    update subscribers set attributes = jsonb_build_object('name', repeat('x', 8000000)) where email = ${fresh[6]!}`;
  await wiring.sql`update subscribers set attributes = '[1, {"a": null}]' where email = ${fresh[7]!}`;
  await control(wiring, send.name, 'resume');
  return rowOf('F16', stage, send, {
    what: 'addresses, names and attributes that no message can be written for',
    open: 0,
    also: async ({ states }) => {
      const bad = (await send.ledger()).filter(row => addresses.includes(row.email));
      const wrong = bad.filter(row => !['rejected', 'excluded'].includes(row.state) || !row.reason);
      return [
        ...wrong.map(row => `${JSON.stringify(row.email)} is ${row.state}, ${row.reason ?? 'without a reason'}`),
        ...(relay.spokenOf.has(evil) ? ['an address was smuggled into the dialogue'] : []),
        ...((states.accepted ?? 0) >= scale.readers - 8 ? [] : [`others suffered: ${JSON.stringify(states)}`]),
      ];
    },
  });
}

/** The relay cuts the connection at one reader's RCPT each time, at another's dot. */
async function breakingRelay(stage: Stage, scale: Scale): Promise<Row> {
  const send = await stage.send({ readers: scale.readers });
  const [early, late] = send.addresses.slice(-2) as [string, string];
  stage.relay.script.hook = at => {
    if (at.step === 'rcpt' && at.to === early) return 'rst';
    return at.step === 'dot' && at.to === late ? 'rst' : undefined;
  };
  await send.untilTaken(scale.readers - 2);
  for (let tries = 0; tries < 4; tries++) {
    await send.hurry();
    await sleep(2500);
  }
  const others = await send.status();
  // A day later.
  await stage.wiring.sql`
    update issues set started_at = started_at - interval '25 hours', reopened_at = null where id = ${send.issueId}`;
  return rowOf('F16', stage, send, {
    what: 'a reader at whom the relay breaks down each time, before and after the dot',
    open: 1,
    also: async ({ unknown, accepted }) => {
      const row = (await send.ledger()).find(({ email }) => email === early);
      return [
        ...(accepted === scale.readers - 2 && unknown === 1 ? [] : [`${accepted} accepted, ${unknown} unknown`]),
        ...(row?.state === 'expired' ? [] : [`${early} is ${row?.state} after a day`]),
        ...(others.deferred + others.queued + others.sending === 1
          ? []
          : [`after four tries: ${JSON.stringify(others)}`]),
      ];
    },
  });
}
