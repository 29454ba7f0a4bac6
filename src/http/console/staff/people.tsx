/** /console/staff: who is staff, as what, and who is invited. */

import { z } from 'zod';
import { insertAudit } from '../../../db/audit.ts';
import { listPeople, type Person } from '../../../db/people.ts';
import { ownersNeedSecond, requireOwnersSecond } from '../../../db/second-factors.ts';
import { type Invitation, listInvitations, putInvitation, revokeInvitation } from '../../../db/staff-links.ts';
import { parseAddress } from '../../../subscribers/address.ts';
import { Icon } from '../../icons.tsx';
import { rowIdText } from '../../row-id.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { PageRefusal } from '../errors.ts';
import { Message, sendPage, Token } from '../layout.tsx';
import { type ConsoleRoute, change, form, page } from '../routes.ts';
import { Settings } from '../settings/frame.tsx';
import { Table, unseen } from '../table.tsx';
import { textOf } from './form.ts';
import { ToCopy, When } from './frame.tsx';
import { inviteHours, linkUrl, newLink } from './links.ts';
import { canMail, mailStaff } from './mail.ts';
import { isRole, roles } from './roles.ts';
import { staffWords } from './words.ts';

export const peopleRoutes: ConsoleRoute[] = [
  page('/staff', 'staff', (c, site) => peoplePage(c, site)),
  form('/staff/invite', 'staff', pressInvite),
  change('/staff/invitations/revoke', 'staff', 'staff.uninvite', { id: rowIdText }, async (c, site, fields) => {
    const email = await revokeInvitation(site.wiring.sql, Number(fields.id));
    if (email === undefined) throw new PageRefusal(staffWords(c).inviteGone);
    return { to: '/staff', said: 'uninvited', subject: `invitation ${fields.id}`, detail: { email } };
  }),
  change('/staff/second', 'staff', 'staff.second', { need: z.enum(['yes', 'no']) }, async (_c, site, { need }) => {
    const before = await ownersNeedSecond(site.wiring.sql);
    await requireOwnersSecond(site.wiring.sql, need === 'yes');
    return { to: '/staff', said: 'saved', subject: 'owners', detail: { before, now: need === 'yes' } };
  }),
];

async function peoplePage(c: ConsoleContext, site: Console, message?: string, status: 200 | 400 = 200, typed = '') {
  const words = staffWords(c);
  const { sql } = site.wiring;
  const people = await listPeople(sql);
  const invitations = await listInvitations(sql);
  const isNeeded = await ownersNeedSecond(sql);
  return sendPage(
    c,
    <Settings c={c} site={site} tab="people" title={words.people}>
      <People c={c} site={site} people={people} />
      <section class="part">
        <h2>{words.inviteTitle}</h2>
        {message && <Message>{message}</Message>}
        <InviteForm c={c} site={site} typed={typed} />
        <RoleMeanings c={c} />
      </section>
      {invitations.length > 0 && (
        <section class="part">
          <h2>{words.invitations}</h2>
          <Invitations c={c} site={site} invitations={invitations} />
        </section>
      )}
      <section class="part">
        <h2>{words.needTitle}</h2>
        <form method="post" action={`${site.base}/console/staff/second`} class="form">
          <Token c={c} site={site} />
          <p class="quiet staff-intro">{isNeeded ? words.needOn : words.needOff}</p>
          <input type="hidden" name="need" value={isNeeded ? 'no' : 'yes'} />
          <div>
            <button type="submit">{isNeeded ? words.needStop : words.needStart}</button>
          </div>
        </form>
      </section>
    </Settings>,
    status,
  );
}

function People({ c, site, people }: { c: ConsoleContext; site: Console; people: readonly Person[] }) {
  const words = staffWords(c);
  return (
    <Table
      name={words.people}
      columns={[c.get('words').email, words.role, words.second, words.lastUse]}
      kind="stack staff-table"
    >
      {people.map(person => (
        <tr>
          <td class="staff-who">
            <a href={`${site.base}/console/staff/${person.id}`}>
              <bdi>{person.email}</bdi>
            </a>
            {person.id === c.get('staff').id && <span class="tag">{words.you}</span>}
          </td>
          <td data-label={words.role}>{words.roles[person.role]}</td>
          <td data-label={words.second}>
            <span class={`state ${person.second ? 'sent' : ''}`}>
              <Icon name={person.second ? 'shield' : 'cancelled'} />
              {person.second ? words.on : words.off}
              {person.passkeys > 0 && ` · ${words.passkeysN(person.passkeys)}`}
            </span>
          </td>
          <td data-label={words.lastUse}>
            {person.seenAt ? <When c={c} at={person.seenAt} /> : <span class="quiet">{words.loggedOut}</span>}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function InviteForm({ c, site, typed }: { c: ConsoleContext; site: Console; typed: string }) {
  const words = staffWords(c);
  return (
    <form method="post" action={`${site.base}/console/staff/invite`} class="staff-invite">
      <Token c={c} site={site} />
      <div class="field">
        <label for="email">{c.get('words').email}</label>
        <input id="email" name="email" type="email" required maxlength={320} autocomplete="off" value={typed} />
      </div>
      <div class="field">
        <label for="role">{words.role}</label>
        <select id="role" name="role">
          {roles.map(role => (
            <option value={role} selected={role === 'editor'}>
              {words.roles[role]}
            </option>
          ))}
        </select>
      </div>
      <button type="submit" class="main">
        {words.invite}
      </button>
    </form>
  );
}

/** What each role may do, where one is chosen. */
export function RoleMeanings({ c }: { c: ConsoleContext }) {
  const words = staffWords(c);
  return (
    <details class="meanings">
      <summary>{words.roleMeanings}</summary>
      <dl>
        {roles.map(role => (
          <>
            <dt>{words.roles[role]}</dt>
            <dd>{words.roleHints[role]}</dd>
          </>
        ))}
      </dl>
    </details>
  );
}

function Invitations({
  c,
  site,
  invitations,
}: {
  c: ConsoleContext;
  site: Console;
  invitations: readonly Invitation[];
}) {
  const words = staffWords(c);
  return (
    <Table
      name={words.invitations}
      columns={[c.get('words').email, words.role, words.ends, unseen(words.action)]}
      kind="stack staff-table"
    >
      {invitations.map(invitation => (
        <tr>
          <td class="staff-who">
            <bdi>{invitation.email}</bdi>
          </td>
          <td data-label={words.role}>{words.roles[invitation.role]}</td>
          <td data-label={words.ends}>
            {invitation.expiresAt < new Date() ? words.over : <When c={c} at={invitation.expiresAt} />}
          </td>
          <td class="staff-do">
            <form method="post" action={`${site.base}/console/staff/invitations/revoke`}>
              <Token c={c} site={site} />
              <input type="hidden" name="id" value={String(invitation.id)} />
              <button type="submit">{words.uninvite}</button>
            </form>
          </td>
        </tr>
      ))}
    </Table>
  );
}

async function pressInvite(c: ConsoleContext, site: Console, fields: Record<string, string>): Promise<Response> {
  const words = staffWords(c);
  const typed = textOf(fields, 'email', 320).trim();
  const parsed = parseAddress(typed);
  const { role } = fields;
  if ('problem' in parsed) return peoplePage(c, site, c.get('words').problem.address, 400, typed);
  if (!isRole(role)) return peoplePage(c, site, c.get('words').formWrong, 400, typed);
  const { token, digest } = newLink();
  const { sql } = site.wiring;
  const staff = c.get('staff');
  const { email } = parsed;
  const made = await putInvitation(sql, { digest, email, role, by: staff.id, hours: inviteHours });
  if (made === undefined) return peoplePage(c, site, words.isStaff, 400, typed);
  await insertAudit(sql, staff, { act: 'staff.invite', subject: `invitation ${made}`, detail: { email, role } });
  const url = linkUrl(site, 'join', token);
  const language = c.get('language');
  const text = words.inviteMail(staff.email, words.roles[role], url, inviteHours);
  const mailed = canMail(site) && (await mailStaff(site, { to: email, subject: words.inviteSubject, text, language }));
  return sendPage(
    c,
    <Settings c={c} site={site} tab="people" title={words.invited} scripts={['copy']}>
      <p class={mailed ? 'said staff-said' : 'staff-intro'} role="status">
        {mailed ? words.inviteMailed(email, inviteHours) : words.inviteByHand(email, inviteHours)}
      </p>
      <ToCopy c={c} text={url} label={words.inviteLink} />
      <p class="quiet small">{words.onceOnly}</p>
      <p class="after">
        <a class="button" href={`${site.base}/console/staff`}>
          {words.toPeople}
        </a>
      </p>
    </Settings>,
  );
}
