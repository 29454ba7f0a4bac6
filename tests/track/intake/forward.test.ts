import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { letterOf } from '../../../src/deliver/forward.ts';
import type { Reply } from '../../../src/model/reply.ts';
import { dkimRecord } from '../../../src/personalise/dkim.ts';
import { partsOf } from '../../../src/track/bounces/report.ts';
import { meaningOf } from '../../../src/track/intake/meaning.ts';
import { forwardsAnHour, takeMail } from '../../../src/track/intake/take.ts';
import { dkimKeys } from '../../personalise/samples.ts';
import { publicationOf } from '../../support/fixtures.ts';
import { type Relay, startRelay } from '../../support/relay.ts';
import { openServices, type Services } from '../../support/services.ts';
import { type SentIssue, sendIssue } from '../support.ts';
import { intakeOf, letter } from './support.ts';

function replyOf(raw: Buffer, more: Partial<Reply> = {}): Reply {
  const publication = publicationOf({ replyTo: 'editor@desk.example' });
  return { publication, editor: 'editor@desk.example', sender: 'hana@example.net', subject: 'Re: 첫 호', raw, ...more };
}

const now = new Date('2026-01-05T01:02:03Z');
const lines = (raw: Buffer) => raw.toString('latin1').split('\r\n');

describe('a forwarded reply', () => {
  it('carries the mail itself, from the publication, marked against loops', async () => {
    const raw = letter('김하나 <hana@example.net>', {}, '.점으로 시작하는 줄\r\n..둘');
    const sent = letterOf(replyOf(raw), undefined, now);
    expect(sent).toMatchObject({ from: 'news@example.org', to: 'editor@desk.example' });
    const parsed = await simpleParser(Buffer.from(sent.raw.toString('latin1').replace(/^\.\./gm, '.'), 'latin1'));
    expect(parsed.from!.value).toEqual([{ name: '주간 시험', address: 'news@example.org' }]);
    expect(parsed.replyTo!.text).toBe('hana@example.net');
    expect(parsed.subject).toBe('Fwd: Re: 첫 호');
    expect(parsed.headers.get('auto-submitted')).toBe('auto-forwarded');
    expect(parsed.text).toContain('주간 시험 독자가 보낸 메일입니다');
    expect(parsed.attachments.map(a => [a.contentType, a.content.toString()])).toEqual([
      ['message/rfc822', raw.toString()],
    ]);
    const parts = partsOf(sent.raw);
    expect(meaningOf(parts, { kind: 'publication', publicationId: 1 }, undefined, () => undefined)).toEqual({
      kind: 'nothing',
      why: 'loop',
    });
  });

  it.each<[string, Buffer]>([
    ['8-bit', letter('a@example.net', {}, '가'.repeat(2000))],
    ['bare line ends', Buffer.from('From: a@example.net\nSubject: x\r\rbody\n.\n..\r\nMAIL FROM:<x@y>\n')],
    ['zero octets and no end', Buffer.from('Subject: \0\0\r\n\r\nx\0y')],
    ['nothing', Buffer.alloc(0)],
    ['blanks at line ends', letter('a@example.net', {}, 'a  \t\r\n\t b   c \r\n\r\n\r\n')],
  ])('is safe on the wire and verifies: %s', async (_, raw) => {
    const keys = dkimKeys();
    const sent = letterOf(replyOf(raw), keys, now);
    const wire = sent.raw.toString('latin1');
    expect(wire.replaceAll('\r\n', '')).not.toMatch(/[\r\n\0]/);
    expect(wire.endsWith('\r\n')).toBe(true);
    expect(lines(sent.raw).filter(line => line.length > 998 || /^\.(?!\.)/.test(line))).toEqual([]);
    const resolver = async (host: string) => {
      const key = keys.keys.find(one => host === `${one.selector}._domainkey.${keys.domain}`)!;
      return [dkimRecord(key).match(/.{1,255}/g)!];
    };
    const unstuffed = Buffer.from(wire.replace(/^\.\./gm, '.'), 'latin1');
    const { results } = await dkimVerify(unstuffed, { resolver });
    expect(results.map(one => one.status.result)).toEqual(['pass', 'pass']);
  });

  it.each(['hana@example.net>\r\nBcc: x@y.example', 'a b@example.net', '김@example.net', undefined])(
    'names no sender that is no plain address: %j',
    sender => {
      const header = letterOf(replyOf(letter('x'), { sender, subject: 'a\r\nBcc: x@y.example' }), undefined, now);
      const fields = header.raw.toString('latin1').split('\r\n\r\n')[0]!;
      expect(fields).not.toMatch(/^(?:Bcc|Reply-To):/m);
    },
  );
});

describe('who may have replies forwarded', () => {
  let services: Services;
  let relay: Relay;
  let issue: SentIssue;

  beforeAll(async () => {
    services = await openServices();
    relay = await startRelay();
    issue = await sendIssue(services, { readers: 1 });
  });
  afterAll(async () => {
    await relay.close();
    await services.close();
  });
  beforeEach(async () => {
    await services.sql`delete from forwarded_mail`;
    relay.accepted.length = 0;
    relay.script = {};
  });

  const deps = (...relays: string[]) => intakeOf(services, relays, { forwardTo: 'desk@editors.example' });
  const take = (raw: Buffer, by = deps(relay.url)) =>
    takeMail(by, {
      raw,
      sender: 'hana@example.net',
      mailbox: { kind: 'publication', publicationId: issue.publicationId },
    });
  const numbered = (n: number, from = 'hana@example.net') => letter(from, { 'Message-ID': `<${n}@example.net>` });

  it('one sender ten an hour, the rest later; others go on', async () => {
    const outcomes: string[] = [];
    for (let n = 0; n < forwardsAnHour.bySender + 2; n++) outcomes.push((await take(numbered(n))).outcome);
    expect(outcomes).toEqual([...Array(forwardsAnHour.bySender).fill('taken'), 'later', 'later']);
    expect((await take(numbered(99, 'other@example.net'))).outcome).toBe('taken');
    await services.sql`update forwarded_mail set at = at - interval '61 minutes'`;
    expect((await take(numbered(98))).outcome).toBe('taken');
    expect(relay.accepted.map(({ to }) => to)).toEqual(Array(12).fill('desk@editors.example'));
  });

  it('keeps no address, and forgets after a week', async () => {
    await take(numbered(1));
    await services.sql`update forwarded_mail set at = at - interval '8 days'`;
    await take(numbered(2));
    const rows = await services.sql`select * from forwarded_mail`;
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows[0]!.sender)).not.toContain(Buffer.from('hana').toString('hex'));
    expect(rows[0]!.sender).toEqual(services.hasher.hash('hana@example.net'));
  });

  it.each([
    ['a refusal for good', '550 5.7.1 no', 'unclear'],
    ['a refusal for now', '451 4.7.1 later', 'later'],
    ['a lost connection', 'drop', 'later'],
  ])('%s is told', async (_, answer, outcome) => {
    relay.script.done = () => answer;
    expect((await take(numbered(1))).outcome).toBe(outcome);
    expect(await services.sql`select from forwarded_mail`).toHaveLength(0);
  });

  it('a relay that cannot be reached is passed over', async () => {
    const dead = await startRelay();
    await dead.close();
    const by = deps(`${dead.url}?weight=1000`, `${relay.url}?weight=0`);
    expect((await take(numbered(1), by)).outcome).toBe('taken');
    expect((await take(numbered(2), by)).outcome).toBe('taken');
    expect(relay.accepted).toHaveLength(2);
    expect((await take(numbered(3), deps(dead.url))).outcome).toBe('later');
  });

  it('only relays of the name that the publication asks for', async () => {
    const other = await startRelay();
    const ask = (name: string | null) => services.sql`
      update publications set document = jsonb_set(document, '{delivery,relay}', coalesce(to_jsonb(${name}::text), 'null')) where id = ${issue.publicationId}`;
    try {
      await ask('desk');
      const named = () => deps(`${other.url}?weight=1000`, `${relay.url}?name=desk&weight=0`);
      expect((await take(numbered(1), named())).outcome).toBe('taken');
      expect((await take(numbered(2), deps(other.url))).outcome).toBe('later');
      expect([relay.accepted.length, other.accepted.length]).toEqual([1, 0]);
    } finally {
      await ask(null);
      await other.close();
    }
  });

  it('a refusal of our own address is for a person to mend', async () => {
    relay.script.mail = () => '553 5.1.8 not yours';
    expect((await take(numbered(1))).outcome).toBe('later');
  });
});
