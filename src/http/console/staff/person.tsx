/** /console/staff/:id: one of the staff, and what an owner may do about them. */

import { z } from 'zod';
import { insertAudit } from '../../../db/audit.ts';
import { changeRole, endSessions, findPerson, type Person, removePerson } from '../../../db/people.ts';
import { dropSecond } from '../../../db/second-factors.ts';
import { putReset } from '../../../db/staff-links.ts';
import { Ask } from '../ask.tsx';
import type { Console, ConsoleContext } from '../context.ts';
import { PageRefusal } from '../errors.ts';
import { refusedPage, sendPage, Token } from '../layout.tsx';
import { type ConsoleRoute, change, form, idOf, page } from '../routes.ts';
import { Settings } from '../settings/frame.tsx';
import { Said, ToCopy, When } from './frame.tsx';
import { linkUrl, newLink, resetMinutes } from './links.ts';
import { RoleMeanings } from './people.tsx';
import { roles } from './roles.ts';
import { staffWords } from './words.ts';

export const personRoutes: ConsoleRoute[] = [
  page('/staff/:id{[1-9][0-9]{0,14}}', 'staff', personPage),
  page('/staff/:id{[1-9][0-9]{0,14}}/remove', 'staff', askRemove),
  change(
    '/staff/:id{[1-9][0-9]{0,14}}/role',
    'staff',
    'staff.role',
    { role: z.enum(roles) },
    async (c, site, { role }) => {
      const person = await required(c, site);
      const before = await changeRole(site.wiring.sql, person.id, role);
      if (before === undefined) throw lastOwner(c);
      const to = person.id === c.get('staff').id && role !== 'owner' ? '' : `/staff/${person.id}`;
      return { to, said: 'saved', subject: `staff ${person.id}`, detail: { email: person.email, before, now: role } };
    },
  ),
  change('/staff/:id{[1-9][0-9]{0,14}}/remove', 'staff', 'staff.remove', {}, async (c, site) => {
    const { id } = await required(c, site);
    const removed = await removePerson(site.wiring.sql, id);
    if (!removed) throw lastOwner(c);
    return { to: '/staff', said: 'removed', subject: `staff ${id}`, detail: removed };
  }),
  change('/staff/:id{[1-9][0-9]{0,14}}/end', 'staff', 'staff.end-sessions', {}, async (c, site) => {
    const { id, email } = await required(c, site);
    const ended = await endSessions(site.wiring.sql, id);
    return { to: `/staff/${id}`, said: 'sessionsEnded', subject: `staff ${id}`, detail: { email, ended } };
  }),
  change('/staff/:id{[1-9][0-9]{0,14}}/second-end', 'staff', 'staff.second-end', {}, async (c, site) => {
    const { id, email } = await required(c, site);
    await dropSecond(site.wiring.sql, id);
    return { to: `/staff/${id}`, said: 'secondEnd', subject: `staff ${id}`, detail: { email } };
  }),
  form('/staff/:id{[1-9][0-9]{0,14}}/link', 'staff', pressLink),
];

async function findAsked(c: ConsoleContext, site: Console): Promise<Person | undefined> {
  const id = idOf(c);
  return id === undefined ? undefined : findPerson(site.wiring.sql, id);
}

async function required(c: ConsoleContext, site: Console): Promise<Person> {
  const person = await findAsked(c, site);
  if (!person) throw new PageRefusal(staffWords(c).nobody);
  return person;
}

function lastOwner(c: ConsoleContext): PageRefusal {
  return new PageRefusal(staffWords(c).lastOwner, staffWords(c).lastOwnerHelp);
}

async function personPage(c: ConsoleContext, site: Console) {
  const words = staffWords(c);
  const person = await findAsked(c, site);
  if (!person) return refusedPage(c, site, words.nobody, 404);
  const here = `${site.base}/console/staff/${person.id}`;
  return sendPage(
    c,
    <Settings c={c} site={site} tab="people" title={person.email}>
      <Said c={c} />
      <dl class="staff-facts">
        <dt>{words.role}</dt>
        <dd>{words.roles[person.role]}</dd>
        <dt>{words.since}</dt>
        <dd>
          <When c={c} at={person.createdAt} />
        </dd>
        <dt>{words.second}</dt>
        <dd>
          {person.second ? words.on : words.off}
          {person.passkeys > 0 && ` · ${words.passkeysN(person.passkeys)}`}
        </dd>
        <dt>{words.openSessions}</dt>
        <dd>
          {person.sessions} {person.seenAt && <>({words.lastUse}: </>}
          {person.seenAt && <When c={c} at={person.seenAt} />}
          {person.seenAt && ')'}
        </dd>
      </dl>
      <p class="under">
        <a href={`${site.base}/console/staff/audit?by=${person.id}`}>{words.whatTheyDid}</a>
      </p>
      <section class="part">
        <h2>{words.role}</h2>
        <form method="post" action={`${here}/role`} class="staff-invite">
          <Token c={c} site={site} />
          <div class="field">
            <label for="role" class="hidden">
              {words.role}
            </label>
            <select id="role" name="role">
              {roles.map(role => (
                <option value={role} selected={role === person.role}>
                  {words.roles[role]}
                </option>
              ))}
            </select>
          </div>
          <button type="submit">{words.roleSave}</button>
        </form>
        <RoleMeanings c={c} />
      </section>
      <section class="part">
        <h2>{words.trouble}</h2>
        <div class="buttons">
          <Do c={c} site={site} to={`${here}/link`} label={words.linkMake} />
          {person.second && <Do c={c} site={site} to={`${here}/second-end`} label={words.secondDrop} />}
          {person.sessions > 0 && <Do c={c} site={site} to={`${here}/end`} label={words.sessionsEndAll} />}
          <a class="button" href={`${here}/remove`}>
            {words.removeStaff}
          </a>
        </div>
      </section>
    </Settings>,
  );
}

function Do({ c, site, to, label }: { c: ConsoleContext; site: Console; to: string; label: string }) {
  return (
    <form method="post" action={to}>
      <Token c={c} site={site} />
      <button type="submit">{label}</button>
    </form>
  );
}

async function askRemove(c: ConsoleContext, site: Console) {
  const words = staffWords(c);
  const person = await findAsked(c, site);
  if (!person) return refusedPage(c, site, words.nobody, 404);
  const here = `${site.base}/console/staff/${person.id}`;
  return sendPage(
    c,
    <Settings c={c} site={site} tab="people" title={words.removeTitle}>
      <Ask
        c={c}
        site={site}
        what={<bdi>{person.email}</bdi>}
        means={words.removeText}
        action={`${here}/remove`}
        act={words.removeSure}
        back={here}
      />
    </Settings>,
  );
}

/** A link for a new password, for where mail does not reach them. */
async function pressLink(c: ConsoleContext, site: Console): Promise<Response> {
  const words = staffWords(c);
  const person = await findAsked(c, site);
  if (!person) return refusedPage(c, site, words.nobody, 404);
  const { sql } = site.wiring;
  const { token, digest } = newLink();
  await putReset(sql, { digest, email: person.email, by: c.get('staff').id, minutes: resetMinutes });
  await insertAudit(sql, c.get('staff'), {
    act: 'staff.link',
    subject: `staff ${person.id}`,
    detail: { email: person.email },
  });
  return sendPage(
    c,
    <Settings c={c} site={site} tab="people" title={words.linkTitle} scripts={['copy']}>
      <p class="staff-intro">{words.linkText(resetMinutes)}</p>
      <ToCopy c={c} text={linkUrl(site, 'reset', token)} label={words.linkTitle} />
      <p class="quiet small">{words.onceOnly}</p>
      <p class="after">
        <a class="button" href={`${site.base}/console/staff/${person.id}`}>
          {words.toPerson}
        </a>
      </p>
    </Settings>,
  );
}
