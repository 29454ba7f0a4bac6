/**
 * Whether the time of an answer tells whose address was typed: sign-ups of addresses that are unknown, waiting, subscribed, left and
 * suppressed take turns, asked of a running web process; and the statement that makes the difference, by itself, without the least time that
 * every answer takes. Said of each kind against the unknown: the median, and how often a guess by time alone would be right (50 %: never better
 * than a coin).
 *
 * options: --each N sign-ups of each kind (default 200), --readers N beside them (100000)
 */
import { parseArgs } from 'node:util';
import { putPublication } from '../src/db/publications.ts';
import { signUp } from '../src/db/signups.ts';
import { Tickets } from '../src/http/public/signup/ticket.ts';
import { createApp, listen } from '../src/http/server.ts';
import { versionOf, wordingsOf } from '../src/model/consent.ts';
import { openStage } from './stage.ts';
import { benchPublication, median, table } from './support.ts';

const kinds = ['unknown', 'waiting', 'subscribed', 'left', 'suppressed'] as const;
type Kind = (typeof kinds)[number];
/** At once: the answers' least time is most of each. */
const atOnce = 5;

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { each: { type: 'string', default: '200' }, readers: { type: 'string', default: '100000' } },
  });
  const [each, readers] = [Number(values.each), Number(values.readers)];
  const stage = await openStage({ SMTP_URL: 'smtp://127.0.0.1:9' });
  const { sql, hasher } = stage.wiring;
  const publication = {
    ...benchPublication,
    signup: { ...benchPublication.signup, attack: { unconfirmed: 10_000, minutes: 1 } },
  };
  const { id } = await putPublication(sql, publication);
  const server = await listen(await createApp(stage.wiring), { host: '127.0.0.1', port: 0 });
  try {
    // A domain of its own for each, so that no limit of domains is met.
    const addressOf = (kind: Kind, part: string, n: number) => `${kind}@${part}${n}.example`;
    for (const part of ['answer', 'statement']) await fill(sql, hasher, { id, each, part, addressOf });
    await sql`
      with made as (
        insert into subscribers (email, email_key, domain, address_hash)
        select 'r' || n || '@example.org', 'r' || n || '@example.org', 'example.org', sha256(n::text::bytea) from generate_series(1, ${readers}::int) n returning id)
      insert into subscriptions (publication_id, subscriber_id, state, source) select ${id}, id, 'active', 'import' from made`;
    await sql`analyze`;
    const tickets = new Tickets(hasher);
    const wordings = wordingsOf(publication, publication.language);
    let networks = 0;
    const ask = async (kind: Kind, n: number) => {
      const form = { email: addressOf(kind, 'answer', n), seen: 'yes', website: '', wording: versionOf(wordings) };
      const body = new URLSearchParams({ ...form, ticket: tickets.make(id, Date.now() - 10_000) });
      const ip = `10.${++networks >> 16}.${(networks >> 8) & 255}.${networks & 255}`;
      const at = performance.now();
      const answer = await fetch(`http://127.0.0.1:${server.port}/p/${publication.slug}/subscribe`, {
        ...{ method: 'POST', body, redirect: 'manual' as const, headers: { 'x-forwarded-for': ip } },
      });
      await answer.arrayBuffer();
      if (answer.status !== 303) throw new Error(`${kind}: ${answer.status}`);
      return performance.now() - at;
    };
    const write = async (kind: Kind, n: number) => {
      const email = addressOf(kind, 'statement', n);
      const at = performance.now();
      await signUp(sql, {
        ...{ publicationId: id, email, emailKey: email, domain: email.split('@')[1]!, addressHash: hasher.hash(email) },
        ...{ lang: publication.language, wordings, advertising: false, source: 'form' },
      });
      return performance.now() - at;
    };
    report('answers of the running server', await measure(each, atOnce, ask));
    report('the statement alone', await measure(each, 1, write));
  } finally {
    await server.close();
    await stage.close();
  }
}

interface Filling {
  id: number;
  each: number;
  part: string;
  addressOf: (kind: Kind, part: string, n: number) => string;
}

/** Rows of each kind but the unknown. */
async function fill(
  sql: Parameters<typeof signUp>[0],
  hasher: { hash(text: string): Buffer },
  { id, each, part, addressOf }: Filling,
): Promise<void> {
  const states = { waiting: 'pending', subscribed: 'active', left: 'unsubscribed' } as const;
  for (let n = 0; n < each; n++) {
    for (const [kind, state] of Object.entries(states) as ['waiting' | 'subscribed' | 'left', string][]) {
      const email = addressOf(kind, part, n);
      await sql`
        with made as (
          insert into subscribers (email, email_key, domain, address_hash)
          values (${email}, ${email}, ${email.split('@')[1]!}, ${hasher.hash(email)}) returning id)
        insert into subscriptions (publication_id, subscriber_id, state, source) select ${id}, id, ${state}, 'form' from made`;
    }
    await sql`insert into suppressions (address_hash, reason) values (${hasher.hash(addressOf('suppressed', part, n))}, 'complaint')`;
  }
}

/** Kinds take turns, in an order that is drawn anew each round. @returns milliseconds by kind */
async function measure(
  each: number,
  lanes: number,
  work: (kind: Kind, n: number) => Promise<number>,
): Promise<Map<Kind, number[]>> {
  const times = new Map<Kind, number[]>(kinds.map(kind => [kind, []]));
  let next = 0;
  const lane = async () => {
    while (next < each) {
      const n = next++;
      const order = [...kinds].map(kind => [Math.random(), kind] as const).sort(([a], [b]) => a - b);
      for (const [, kind] of order) times.get(kind)!.push(await work(kind, n));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return times;
}

function report(title: string, times: Map<Kind, number[]>): void {
  const unknown = times.get('unknown')!;
  const rows = [...times].map(([kind, own]) => [
    kind,
    median(own).toFixed(2),
    (median(own) - median(unknown)).toFixed(2),
    kind === 'unknown' ? '' : `${(guessed(unknown, own) * 100).toFixed(1)} %`,
  ]);
  console.log(
    `${title}, ${unknown.length} of each\n\n${table(['address', 'median ms', 'against unknown, ms', 'guessed right'], rows)}\n`,
  );
}

/** How often the one of two answers, one of each kind, is told by which took longer (the area under the curve of Mann and Whitney), the better way round. */
function guessed(a: readonly number[], b: readonly number[]): number {
  let wins = 0;
  for (const x of a) for (const y of b) wins += x < y ? 1 : x === y ? 0.5 : 0;
  const share = wins / (a.length * b.length);
  return Math.max(share, 1 - share);
}
