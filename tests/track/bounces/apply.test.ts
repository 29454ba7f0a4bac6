import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isSuppressed } from '../../../src/db/suppressions.ts';
import { applyReport, reportedRow, verdictFor } from '../../../src/track/bounces/apply.ts';
import { findingsOf, partsOf } from '../../../src/track/bounces/report.ts';
import { report } from '../../../src/track/report.ts';
import { type Purpose, returnPath, TokenSigner } from '../../../src/track/tokens.ts';
import { openServices, type Services } from '../../support/services.ts';
import { acceptAll, type SentIssue, sendIssue } from '../support.ts';
import { arf, dsn, plain } from './samples.ts';

let services: Services;
let issue: SentIssue;
let count = 0;

beforeAll(async () => {
  services = await openServices();
});
afterAll(() => services.close());
beforeEach(async () => {
  await services.sql`delete from suppressions`;
  issue = await sendIssue(services, { readers: 3, slug: `issue-${++count}` });
  await acceptAll(services.sql, issue.issueId, issue.subscriberIds, 60_000);
});

function path(reader: number, purpose: Purpose = 'bounce', tokens = services.tokens): string {
  const token = tokens.bytes({ purpose, issueId: issue.issueId, subscriberId: issue.subscriberIds[reader]!, ref: 0 });
  return `${returnPath(token)}@bounce.example.org`;
}

const hard = { status: '5.1.1', diagnostic: '550 5.1.1 User unknown' };
const address = (reader: number) => `reader${reader}@example.net`;

/** A report that comes to the signed return path, as a mail server leaves it. */
function to(returnPath: string, report: Buffer, field = 'Delivered-To'): Buffer {
  return Buffer.concat([Buffer.from(`${field}: ${returnPath}\r\n`), report]);
}

async function feed(raw: Buffer) {
  const parts = partsOf(raw);
  return applyReport(services, parts, findingsOf(parts));
}

const suppressed = (reader: number) => isSuppressed(services.sql, services.hasher.hash(address(reader)));
const outcome = async () => {
  const { bounced, complained } = await report(services.sql, issue.issueId);
  return { ...bounced, complained };
};

describe('a hard bounce to our return path (rule 3.2)', () => {
  it.each(['To', 'Delivered-To', 'X-Original-To', 'Envelope-To'])('in %s suppresses that reader only', async field => {
    const bounce = to(path(0), dsn({ ...hard, recipient: address(0) }), field);
    expect(await feed(bounce)).toEqual({ recorded: true, suppressed: true });
    expect([await suppressed(0), await suppressed(1)]).toEqual([true, false]);
    expect(await outcome()).toEqual({ hard: 1, soft: 0, complained: 0 });
  });

  it('counts when only the returned message or the status fields carry it', async () => {
    await feed(dsn({ ...hard, recipient: address(0), original: `Return-Path: <${path(0)}>\nTo: ${address(0)}` }));
    await feed(dsn({ ...hard, recipient: address(1), mta: `mx\nX-Postfix-Sender: rfc822; ${path(1)}` }));
    expect([await suppressed(0), await suppressed(1), await suppressed(2)]).toEqual([true, true, false]);
  });

  it('counts in any letter case', async () => {
    await feed(to(path(0).toUpperCase(), dsn({ ...hard, recipient: address(0) })));
    expect(await suppressed(0)).toBe(true);
  });

  it('fed again, in whatever form, changes nothing', async () => {
    const bounce = dsn({ ...hard, recipient: address(0) });
    await feed(to(path(0), bounce));
    const rows =
      () => services.sql`select id, issue_id, subscriber_id, kind, ref, machine, at from events union all select id, issue_id, subscriber_id, state, 0, reason, updated_at
      from (select 0 as id, * from recipients) r order by 1, 2, 3`;
    const before = await rows();
    for (const field of ['Delivered-To', 'To']) {
      expect(await feed(to(path(0), bounce, field))).toEqual({ recorded: false, suppressed: false });
    }
    await Promise.all([1, 2, 3, 4].map(() => feed(to(path(0), bounce))));
    expect(await rows()).toEqual(before);
    expect(await outcome()).toEqual({ hard: 1, soft: 0, complained: 0 });
  });
});

describe('without a valid token nobody is suppressed', () => {
  const strange = new TokenSigner(['somebody else’s key']);
  it.each<[string, () => string]>([
    ['none', () => 'bounce@example.org'],
    ['of another purpose', () => path(0, 'unsubscribe')],
    ['signed by another', () => path(0, 'bounce', strange)],
    ['changed', () => path(0).replace(/^b-(.)/, (_, c) => `b-${c === 'a' ? 'b' : 'a'}`)],
    ['cut', () => path(0).slice(1)],
    ['longer', () => `x${path(0)}`],
    [
      'of an unknown row',
      () =>
        `${returnPath(services.tokens.bytes({ purpose: 'bounce', issueId: 999_999, subscriberId: issue.subscriberIds[0]!, ref: 0 }))}@example.org`,
    ],
  ])('%s', async (_, address0) => {
    const bounce = to(address0(), dsn({ ...hard, recipient: address(0) }));
    expect(findingsOf(partsOf(bounce))).toMatchObject([{ recipient: address(0), verdict: 'hard' }]);
    expect(await feed(bounce)).toEqual({ recorded: false, suppressed: false });
    expect(await feed(to(address0(), arf('abuse', `Original-Rcpt-To: ${address(0)}\n`)))).toMatchObject({
      suppressed: false,
    });
    expect(await suppressed(0)).toBe(false);
    expect(await outcome()).toEqual({ hard: 0, soft: 0, complained: 0 });
  });

  it('two different ones say nothing', () => {
    const parts = partsOf(to(`${path(0)}, ${path(1)}`, dsn(hard)));
    expect(reportedRow(parts, services.tokens)).toBeUndefined();
  });

  it('the address it came to is believed before what it quotes', () => {
    const parts = partsOf(to(path(0), dsn({ ...hard, original: `Return-Path: <${path(1)}>` })));
    expect(reportedRow(parts, services.tokens)).toMatchObject({ subscriberId: issue.subscriberIds[0] });
  });
});

describe('what else comes back', () => {
  it('a complaint suppresses at once (rule 3.3)', async () => {
    await feed(to('fbl@example.org', arf('abuse', `Original-Mail-From: <${path(0)}>\n`)));
    expect(await suppressed(0)).toBe(true);
    await feed(to('fbl@example.org', arf('auth-failure', `Original-Mail-From: <${path(1)}>\n`)));
    expect(await suppressed(1)).toBe(false);
    expect(await outcome()).toEqual({ hard: 0, soft: 0, complained: 1 });
  });

  it.each([
    ['soft', { status: '5.2.2', diagnostic: '552 5.2.2 Mailbox full' }, 1],
    ['policy', { status: '5.7.1', diagnostic: '550 5.7.1 blocked using a list' }, 1],
    ['delayed', { status: '4.4.1', action: 'delayed' }, 0],
    ['delivered', { status: '2.1.5', action: 'delivered' }, 0],
  ] as const)('%s suppresses nobody', async (_, group, soft) => {
    await feed(to(path(0), dsn({ ...group, recipient: address(0) })));
    expect(await suppressed(0)).toBe(false);
    expect(await outcome()).toEqual({ hard: 0, soft, complained: 0 });
  });

  it('a reader soft first and hard later counts as hard', async () => {
    await feed(to(path(0), dsn({ status: '5.2.2', recipient: address(0) })));
    await feed(to(path(0), dsn({ ...hard, recipient: address(0) })));
    expect(await outcome()).toEqual({ hard: 1, soft: 0, complained: 0 });
  });

  it('an answer suppresses nobody', async () => {
    await feed(to(path(0), plain('I am away. User unknown.', { From: address(0), Subject: 'Out of office' })));
    expect(await suppressed(0)).toBe(false);
  });

  it('an unknown row that bounced was sent; other states stay', async () => {
    const { sql } = services;
    const states = async () =>
      (
        await sql<
          { state: string }[]
        >`select state from recipients where issue_id = ${issue.issueId} order by subscriber_id`
      ).map(r => r.state);
    await sql`update recipients set state = 'unknown', reason = 'worker lost' where issue_id = ${issue.issueId} and subscriber_id = ${issue.subscriberIds[0]!}`;
    await sql`update recipients set state = 'rejected' where issue_id = ${issue.issueId} and subscriber_id = ${issue.subscriberIds[1]!}`;
    await feed(to(path(1), dsn({ ...hard, recipient: address(1) })));
    expect(await states()).toEqual(['unknown', 'rejected', 'accepted']);
    await feed(to(path(0), dsn({ status: '4.4.1', action: 'delayed', recipient: address(0) })));
    expect(await states()).toEqual(['accepted', 'rejected', 'accepted']);
  });

  it('a forward that reaches someone is no dead address', () => {
    const finding = (recipient: string, verdict: 'hard' | 'soft' | 'none') => ({ recipient, status: '', verdict });
    expect(verdictFor('a@x.net', [finding('b@y.net', 'hard'), finding('c@y.net', 'none')])).toBe('none');
    expect(verdictFor('a@x.net', [finding('b@y.net', 'hard'), finding('c@y.net', 'soft')])).toBe('soft');
    expect(verdictFor('a@x.net', [finding('A@x.net', 'hard'), finding('c@y.net', 'soft')])).toBe('hard');
    expect(verdictFor('a@x.net', [finding('b@y.net', 'hard')])).toBe('hard');
    expect(verdictFor('a@x.net', [])).toBe('none');
  });
});
