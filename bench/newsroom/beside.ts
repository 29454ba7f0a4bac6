/** What stands beside issues and readers: comments, letters, alerts, the audit log, staff, segments, webhooks and their deliveries. */
import { randomBytes } from 'node:crypto';
import type { Sql } from '../../src/db/client.ts';
import { insertWebhook } from '../../src/db/webhooks.ts';
import { hashPassword } from '../../src/http/console/password.ts';
import type { Wiring } from '../../src/wiring.ts';
import type { Size } from './calendar.ts';
import { korean } from './pools.ts';

export const roles = ['owner', 'editor', 'operator', 'viewer'] as const;

/** One of each role, with a password of the moment. @returns it */
export async function insertStaff(sql: Sql): Promise<string> {
  const password = randomBytes(12).toString('base64url');
  const hash = await hashPassword(password);
  for (const role of roles) {
    const email = addressOf(role);
    await sql`insert into staff (email, email_key, role, password) values (${email}, ${email}, ${role}, ${hash})`;
  }
  return password;
}

export const addressOf = (role: (typeof roles)[number]): string => `${role}@newsroom.example`;

/** Under the newer two thirds of the issues, by readers who got them. One in four answers an earlier one. */
export async function insertComments(sql: Sql, size: Size): Promise<void> {
  const wanted = Math.ceil(Math.min(8000, size.readers / 40));
  await sql`
    with issues as (
      select *, row_number() over (order by at) - 1 as place, count(*) over () as total from bench_issues where state = 'sent'
    ),
    written as (
      select n, i.publication_id, i.issue_id, i.at + interval '3 hours' + power(bench_chance(n, 80), 2) * interval '6 days' as at,
        case when bench_chance(n, 81) < 0.5 or cardinality(i.summaries) = 0 then 0
          else i.summaries[1 + floor(bench_chance(n, 82) * cardinality(i.summaries))::int] end as summary,
        (select l.subscriber_id from bench_lives l where l.publication_id = i.publication_id and l.first <= i.k and l.last >= i.k
          and l.subscriber_id >= 1 + floor(bench_chance(n, 83) * ${Math.ceil(size.readers / 60)}::int)
          order by l.subscriber_id limit 1) as subscriber_id,
        case when bench_chance(n, 84) < 0.93 then 'published' when bench_chance(n, 84) < 0.97 then 'pending'
          when bench_chance(n, 84) < 0.99 then 'hidden' else 'deleted' end as state
      from generate_series(1, ${wanted}::int) n join issues i on i.place = floor(i.total * (1 - 0.67 * bench_chance(n, 85)))
    )
    insert into comments (publication_id, issue_id, summary, subscriber_id, author, body, state, created_at, published_at)
    select w.publication_id, w.issue_id, w.summary, w.subscriber_id, case w.state when 'deleted' then '' else coalesce(nullif(s.name, ''), '독자') end,
      case w.state when 'deleted' then '' else bench_pick(${korean.claims.map(c => `‘${c}’ 부분이 가장 좋았어요.`)}::text[], bench_chance(n, 86))
        || ' 저희 팀에서도 비슷한 실험을 해 봤는데 결과가 조금 달랐어요. (' || n || ')' end,
      w.state, w.at, case when w.state = 'published' then w.at + interval '1 minute' end
    from written w join subscribers s on s.id = w.subscriber_id where w.at < now() order by w.at`;
  // An answer hangs on the first comment about the same thing, and its author was told.
  await sql`
    update comments c set parent_id = f.first, told_at = coalesce(c.published_at, c.created_at) + interval '2 minutes'
    from (select issue_id, summary, min(id) as first from comments where state = 'published' group by 1, 2) f
    where f.issue_id = c.issue_id and f.summary = c.summary and f.first < c.id and bench_chance(c.id, 87) < 0.25`;
}

/** Of the newer readers: what asked them to confirm, and what welcomed them. */
export async function insertLetters(sql: Sql): Promise<void> {
  await sql`
    insert into letters (key, kind, publication_id, subscriber_id, lang, state, attempts, reply, created_at, updated_at)
    select kind || ':' || l.publication_id || ':' || l.subscriber_id || ':0', kind, l.publication_id, l.subscriber_id, 'ko',
      case when bench_chance(l.subscriber_id, 90) < 0.985 then 'accepted' when bench_chance(l.subscriber_id, 90) < 0.995 then 'rejected' else 'expired' end,
      1, case when bench_chance(l.subscriber_id, 90) < 0.985 then '250 2.0.0 OK' else '550 5.1.1 No such mailbox' end, l.came, l.came + interval '4 seconds'
    from bench_lives l cross join unnest(array['confirm', 'welcome']) kind
    where l.came > now() - interval '200 days' and bench_chance(l.subscriber_id, 91) < 0.4 and (kind = 'confirm' or l.state <> 'pending')`;
}

/** Some hundred troubles of the last months, and three that are open; what staff did with issues. */
export async function insertTroubles(sql: Sql): Promise<void> {
  await sql`
    with old as (
      insert into alerts (kind, subject, detail, first_seen_at, last_seen_at, opened_at, closed_at)
      select case n % 3 when 0 then 'lane-slowed' when 1 then 'queue-age' else 'relay-trouble' end, 'past ' || n,
        jsonb_build_object('lane', 'google', 'minutes', n % 40, 'reply', '421 4.7.0 Try again later', 'queue', 'deliver-batch', 'relay', 'smtp://relay.example:25',
          'words', 'connection refused'),
        at, at + interval '20 minutes', at + interval '1 minute', at + interval '25 minutes'
      from generate_series(1, 150) n cross join lateral (select now() - n * interval '14 hours' as at) t returning id, opened_at
    )
    insert into alert_notices (alert_id, what, channel, target, next_attempt_at, at)
    select id, what, 'mail', 0, null, opened_at from old cross join unnest(array['opened', 'closed']) what`;
  await sql`
    insert into alerts (kind, subject, detail, opened_at)
    select 'issue-held', i.id::text, jsonb_build_object('issue', i.slug, 'reason', i.reason), now() from issues i where i.state = 'held'
    union all select 'lane-slowed', 'naver', '{"lane": "naver", "minutes": 12, "reply": "421 4.3.2 Try again later"}', now()
    union all select 'relay-trouble', 'smtp://relay.example:25', '{"relay": "smtp://relay.example:25", "words": "connection refused"}', now()`;
  await sql`
    insert into audit (at, staff_id, email, act, subject)
    select b.at - interval '3 hours' + nth * interval '50 minutes', t.id, t.email,
      (array['issue.schedule', 'issue.test', 'issue.pause', 'issue.resume'])[nth], 'issue ' || b.issue_id
    from bench_issues b cross join generate_series(1, 4) nth
    join staff t on t.role = case when nth <= 2 then 'editor' else 'operator' end
    where nth <= 2 or b.k % 5 = 0 order by 1`;
}

/** Three segments; two endpoints whose deliveries begin now, and what they were sent before. */
export async function insertPrograms({ sql, vault }: Wiring, publicationId: number): Promise<void> {
  const rules = [
    ['founders', '처음부터 함께한 독자', { tag: 'founding' }],
    [
      'engineers',
      '개발자',
      {
        any: [
          { attribute: 'job', is: 'equal', value: 'engineer' },
          { attribute: 'job', is: 'equal', value: '개발자' },
        ],
      },
    ],
    ['naver', '네이버 메일', { domain: ['naver.example'] }],
  ] as const;
  for (const [slug, name, rule] of rules)
    await sql`insert into segments (publication_id, slug, name, rule) values (${publicationId}, ${slug}, ${name}, ${sql.json(rule as never)})`;
  for (const host of ['crm', 'stats']) {
    const secret = vault.seal(`whsec_${randomBytes(24).toString('base64')}`);
    const id = await insertWebhook(sql, {
      url: `https://${host}.example.org/hook`,
      events: ['issue.sent', 'subscriber.unsubscribed', 'subscriber.bounced'],
      addresses: host === 'crm',
      secret,
    });
    await sql`
      insert into webhook_deliveries (webhook_id, type, at, data, state, attempts, next_attempt_at, outcome, updated_at)
      select ${id!}, 'subscriber.bounced', at, jsonb_build_object('issue', issue_id, 'subscriber', subscriber_id),
        case when bench_chance(id, 95) < 0.99 then 'delivered' else 'failed' end, 1, at, case when bench_chance(id, 95) < 0.99 then '204' else '503' end,
        at + interval '2 seconds'
      from events where kind = 'bounce-hard' and at > now() - interval '60 days' order by id limit 20000`;
  }
}
