/** /console/settings/tokens: programs' access to the API; a token is shown once. */

import { type ApiTokenLine, insertApiToken, listApiTokens, revokeApiToken } from '../../../db/api-tokens.ts';
import { insertAudit } from '../../../db/audit.ts';
import { digestOf, newToken, scopes } from '../../api/tokens.ts';
import { rowIdText } from '../../row-id.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { PageRefusal } from '../errors.ts';
import { Message, sendPage, Token } from '../layout.tsx';
import { type ConsoleRoute, change, form, page } from '../routes.ts';
import { Settings } from '../settings/frame.tsx';
import { Table, unseen } from '../table.tsx';
import { textOf } from './form.ts';
import { ToCopy, When } from './frame.tsx';
import { staffWords } from './words.ts';

const lifetimes = ['30', '90', '365', ''] as const;

export const tokenRoutes: ConsoleRoute[] = [
  page('/settings/tokens', 'settings', (c, site) => tokensPage(c, site)),
  form('/settings/tokens/create', 'settings', pressCreate),
  change('/settings/tokens/revoke', 'settings', 'token.revoke', { id: rowIdText }, async (c, site, { id }) => {
    const revoked = await revokeApiToken(site.wiring.sql, Number(id));
    if (!revoked) throw new PageRefusal(staffWords(c).tokenGone);
    return { to: '/settings/tokens', said: 'tokenRevoked', subject: `token ${id}` };
  }),
];

async function tokensPage(c: ConsoleContext, site: Console, message?: string, status: 200 | 400 = 200, typed = '') {
  const words = staffWords(c);
  const tokens = (await listApiTokens(site.wiring.sql)).toReversed();
  return sendPage(
    c,
    <Settings c={c} site={site} tab="tokens" title={words.tokens}>
      <p class="quiet staff-intro">{words.tokensText}</p>
      {tokens.length > 0 && <Tokens c={c} site={site} tokens={tokens} />}
      <section class="part">
        <h2>{words.tokenNew}</h2>
        {message && <Message>{message}</Message>}
        <CreateForm c={c} site={site} typed={typed} />
      </section>
    </Settings>,
    status,
  );
}

function Tokens({ c, site, tokens }: { c: ConsoleContext; site: Console; tokens: readonly ApiTokenLine[] }) {
  const words = staffWords(c);
  const isOver = ({ revokedAt, expiresAt }: ApiTokenLine) =>
    revokedAt !== null || (expiresAt !== null && expiresAt < new Date());
  return (
    <Table
      box="sheet after"
      name={words.tokens}
      columns={[words.name, words.scopes, words.lastUse, words.ends, unseen(words.action)]}
      kind="stack staff-table"
    >
      {tokens.map(token => (
        <tr class={isOver(token) ? 'quiet' : undefined}>
          <td class="staff-who">
            <bdi>{token.name}</bdi>
            <small>{token.madeBy ?? words.fromCli}</small>
          </td>
          <td data-label={words.scopes} class="staff-scopes">
            {token.scopes.map(scope => (
              <code>{scope}</code>
            ))}
          </td>
          <td data-label={words.lastUse}>
            {token.usedAt ? <When c={c} at={token.usedAt} /> : <span class="quiet">{words.never}</span>}
          </td>
          <td data-label={words.ends}>
            {token.revokedAt ? words.revoked : token.expiresAt ? <When c={c} at={token.expiresAt} /> : words.noEnd}
          </td>
          <td class="staff-do">
            {!isOver(token) && (
              <form method="post" action={`${site.base}/console/settings/tokens/revoke`}>
                <Token c={c} site={site} />
                <input type="hidden" name="id" value={String(token.id)} />
                <button type="submit">{words.revoke}</button>
              </form>
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function CreateForm({ c, site, typed }: { c: ConsoleContext; site: Console; typed: string }) {
  const words = staffWords(c);
  return (
    <form method="post" action={`${site.base}/console/settings/tokens/create`} class="form">
      <Token c={c} site={site} />
      <div class="field">
        <label for="name">{words.tokenName}</label>
        <input id="name" name="name" required maxlength={100} value={typed} placeholder={words.tokenExample} />
      </div>
      <fieldset class="staff-choices">
        <legend>{words.scopes}</legend>
        {scopes.map(scope => (
          <label class="choice">
            <input type="checkbox" name={scope} value="on" />
            <span>
              <code>{scope}</code> <span class="quiet">{words.scopeHints[scope]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div class="field">
        <label for="days">{words.ends}</label>
        <select id="days" name="days">
          {lifetimes.map(days => (
            <option value={days} selected={days === '90'}>
              {days === '' ? words.noEnd : words.days(Number(days))}
            </option>
          ))}
        </select>
      </div>
      <div>
        <button type="submit" class="main">
          {words.tokenCreate}
        </button>
      </div>
    </form>
  );
}

async function pressCreate(c: ConsoleContext, site: Console, fields: Record<string, string>): Promise<Response> {
  const words = staffWords(c);
  const name = textOf(fields, 'name', 100).trim();
  const wanted = scopes.filter(scope => fields[scope] === 'on');
  const days = fields.days ?? '';
  if (name === '' || !(lifetimes as readonly string[]).includes(days))
    return tokensPage(c, site, c.get('words').formWrong, 400, name);
  if (wanted.length === 0) return tokensPage(c, site, words.noScope, 400, name);
  const token = newToken();
  const staff = c.get('staff');
  const { sql } = site.wiring;
  const id = await insertApiToken(sql, {
    digest: digestOf(token),
    name,
    scopes: wanted,
    days: days === '' ? null : Number(days),
    by: staff.email,
  });
  await insertAudit(sql, staff, {
    act: 'token.create',
    subject: `token ${id}`,
    detail: { name, scopes: wanted, days },
  });
  return sendPage(
    c,
    <Settings c={c} site={site} tab="tokens" title={words.tokenMade} scripts={['copy']}>
      <p class="said staff-said" role="status">
        {words.tokenOnce}
      </p>
      <ToCopy c={c} text={token} label={words.tokenMade} />
      <p class="after">
        <a class="button" href={`${site.base}/console/settings/tokens`}>
          {words.tokenKept}
        </a>
      </p>
    </Settings>,
  );
}
