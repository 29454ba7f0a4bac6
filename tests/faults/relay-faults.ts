/** F3–F5: what a relay or the way to it can do to one transaction. */
import { type Act, type At, sendOf } from './relay.ts';
import { type Fault, type Row, rowOf, type Scale } from './rows.ts';
import type { Send } from './send.ts';
import type { Stage } from './stage.ts';

interface Play {
  what: string;
  /** Strikes at most this often. */
  times: number;
  /** What it does, or undefined to let this step pass. */
  act: (at: At) => Act;
  /** Whether the struck readers must end as unknown; otherwise all must be accepted. */
  isUnknown: boolean;
}

const afterTheDot = (what: string, act: Act): Play => ({
  what: `${what} after the dot`,
  times: 5,
  act: at => (at.step === 'dot' ? act : undefined),
  isUnknown: true,
});

export const lostAfterDot: Fault = {
  id: 'F3',
  name: 'drop, FIN or hang after the dot',
  run: (stage, scale) =>
    played('F3', stage, scale, [
      afterTheDot('reset', 'rst'),
      afterTheDot('FIN', 'fin'),
      // The product waits ten minutes, as RFC 5321 §4.5.3.2.6 asks; the relay gives up sooner.
      afterTheDot('4 s of silence, then reset', { hangMs: 4000 }),
    ]),
};

export const lostBeforeBody: Fault = {
  id: 'F4',
  name: 'drop before 354',
  run: (stage, scale) =>
    played(
      'F4',
      stage,
      scale,
      (['rst', 'fin'] as const).map(act => ({
        what: `${act === 'rst' ? 'reset' : 'FIN'} instead of 354`,
        times: 8,
        act: (at: At) => (at.step === 'data' ? act : undefined),
        isUnknown: false,
      })),
    ),
};

const closing = '421 4.3.2 shutting down, closing the channel';

const sessionEnds = (step: At['step'], what: string): Play => ({
  what: `421 ${what}`,
  times: 12,
  act: at => (at.step === step && at.carried >= 2 ? closing : undefined),
  isUnknown: false,
});

export const closedSession: Fault = {
  id: 'F5',
  name: '421 mid-session',
  run: (stage, scale) =>
    played('F5', stage, scale, [
      sessionEnds('mail', 'to MAIL'),
      sessionEnds('rcpt', 'to RCPT'),
      sessionEnds('dot', 'to the dot'),
      sessionEnds('accepted', 'unasked, between two messages'),
    ]),
};

/** In the short version all plays of a fault share one send. */
async function played(fault: string, stage: Stage, scale: Scale, plays: Play[]): Promise<Row[]> {
  if (!scale.isShort) {
    const rows: Row[] = [];
    for (const play of plays) rows.push(await one(fault, stage, scale, [play]));
    return rows;
  }
  return [
    await one(
      fault,
      stage,
      scale,
      plays.map(play => ({ ...play, times: 3 })),
    ),
  ];
}

async function one(fault: string, stage: Stage, scale: Scale, plays: Play[]): Promise<Row> {
  const send = await stage.send({ readers: scale.readers });
  const struck = plays.map(play => ({ play, readers: [] as string[] }));
  stage.relay.script.hook = at => {
    // Not the first messages, not one right after the other, and nobody of a send before.
    if ((at.to !== '' && sendOf(at.to) !== send.name) || send.taken < 10 || stage.random.next() > 0.2) return undefined;
    for (const { play, readers } of struck) {
      const act = readers.length < play.times ? play.act(at) : undefined;
      if (act === undefined) continue;
      readers.push(at.to);
      return act;
    }
    return undefined;
  };
  const expected = () => struck.filter(({ play }) => play.isUnknown).flatMap(({ readers }) => readers);
  return rowOf(fault, stage, send, {
    what: `${plays.map(play => play.what).join('; ')}, ${plays.reduce((sum, play) => sum + play.times, 0)}×`,
    open: () => expected().length,
    also: async () => [
      ...struck.flatMap(({ play, readers }) =>
        readers.length === play.times ? [] : [`${play.what}: only ${readers.length} of ${play.times} strikes`],
      ),
      ...(await notUnknown(send, expected())),
    ],
  });
}

/** Exactly the struck ones are unknown. */
async function notUnknown(send: Send, expected: string[]): Promise<string[]> {
  const unknown = (await send.ledger()).filter(row => row.state === 'unknown').map(row => row.email);
  const missing = expected.filter(address => !unknown.includes(address));
  return missing.length === 0 ? [] : [`lost after the dot but not unknown: ${missing.slice(0, 3).join(', ')}`];
}
