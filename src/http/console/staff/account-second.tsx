/** /console/account/second: setting up an authenticator app, its recovery codes, and giving it up. */
import type { Child } from 'hono/jsx';
import { insertAudit } from '../../../db/audit.ts';
import { endSessions } from '../../../db/people.ts';
import { dropSecond, findSecond, offerSecond, ownersNeedSecond, proveSecond } from '../../../db/second-factors.ts';
import { Icon } from '../../icons.tsx';
import type { Console, ConsoleContext } from '../context.ts';
import { Message, refusedPage, sendPage, Token } from '../layout.tsx';
import { windowMinutes } from '../limits.ts';
import { longestPassword } from '../owner.ts';
import { type ConsoleRoute, done, form, page } from '../routes.ts';
import { sessionId } from '../sessions.ts';
import { OwnPassword, passwordRefused } from './account.tsx';
import { textOf } from './form.ts';
import { Account } from './frame.tsx';
import { newRecoveryCodes, newSecret, qrOf, recoveryDigest, stepOf, uriOf } from './totp.ts';
import { triesOf } from './tries.ts';
import { staffWords } from './words.ts';

export const secondRoutes: ConsoleRoute[] = [
  page('/account/second', 'look', (c, site) => show(c, site)),
  form('/account/second/begin', 'look', pressBegin),
  form('/account/second/prove', 'look', pressProve),
  form('/account/second/end', 'look', pressEnd),
];

async function show(c: ConsoleContext, site: Console, message?: Child, status: 200 | 400 | 403 = 200) {
  const { sql, vault } = site.wiring;
  const second = await findSecond(sql, c.get('staff').id);
  const offered = second?.totpNew ? vault.open(second.totpNew) : undefined;
  const body = second?.totp ? (
    <Active c={c} site={site} codes={second.codes} isNeeded={await isNeeded(c, site)} />
  ) : offered ? (
    <Prove c={c} site={site} secret={offered} />
  ) : (
    <Begin c={c} site={site} isNeeded={await isNeeded(c, site)} />
  );
  return sendPage(
    c,
    <Account c={c} site={site} tab="second">
      {message && <Message>{message}</Message>}
      {body}
    </Account>,
    status,
  );
}

async function isNeeded(c: ConsoleContext, site: Console): Promise<boolean> {
  return c.get('staff').role === 'owner' && ownersNeedSecond(site.wiring.sql);
}

function Begin({ c, site, isNeeded }: { c: ConsoleContext; site: Console; isNeeded: boolean }) {
  const words = staffWords(c);
  return (
    <>
      {isNeeded && <Message>{c.get('words').needSecond}</Message>}
      <p class="quiet staff-intro after">{words.secondText}</p>
      <form method="post" action={`${site.base}/console/account/second/begin`} class="form after">
        <Token c={c} site={site} />
        <OwnPassword c={c} />
        <div>
          <button type="submit" class="main">
            {words.secondBegin}
          </button>
        </div>
      </form>
    </>
  );
}

function Prove({ c, site, secret }: { c: ConsoleContext; site: Console; secret: string }) {
  const words = staffWords(c);
  const uri = uriOf(secret, c.get('staff').email);
  const { side, path } = qrOf(uri);
  return (
    <div class="staff-prove after">
      <svg class="staff-qr" viewBox={`-4 -4 ${side + 8} ${side + 8}`} role="img" aria-label={words.qr}>
        <rect x="-4" y="-4" width={side + 8} height={side + 8} fill="#fff" stroke="none" />
        <path d={path} fill="#000" stroke="none" />
      </svg>
      <div>
        <ol class="staff-steps">
          <li>{words.secondScan}</li>
          <li>{words.secondType}</li>
        </ol>
        <details class="staff-key">
          <summary>{words.secondByHand}</summary>
          <code>{secret.match(/.{1,4}/g)!.join(' ')}</code>
          <p>
            <a href={uri}>{words.secondOpen}</a>
          </p>
        </details>
        <form method="post" action={`${site.base}/console/account/second/prove`} class="form after">
          <Token c={c} site={site} />
          <div class="field">
            <label for="code">{words.code}</label>
            <input
              id="code"
              name="code"
              class="staff-code"
              inputmode="numeric"
              autocomplete="one-time-code"
              required
              maxlength={12}
              autofocus
            />
          </div>
          <div>
            <button type="submit" class="main">
              {words.secondProve}
            </button>
          </div>
        </form>
      </div>
    </div>
  );
}

function Active({ c, site, codes, isNeeded }: { c: ConsoleContext; site: Console; codes: number; isNeeded: boolean }) {
  const words = staffWords(c);
  return (
    <>
      <p class="state sent">
        <Icon name="shield" />
        {words.secondOn}
      </p>
      <p class={codes < 3 ? 'under' : 'under quiet'}>{words.codesLeft(codes)}</p>
      <form method="post" action={`${site.base}/console/account/second/end`} class="form after">
        <Token c={c} site={site} />
        <p class="quiet staff-intro">{isNeeded ? words.secondEndNeeded : words.secondEndText}</p>
        <OwnPassword c={c} />
        <div>
          <button type="submit">{words.secondEnd}</button>
        </div>
      </form>
    </>
  );
}

async function pressBegin(c: ConsoleContext, site: Console, fields: Record<string, string>): Promise<Response> {
  const refused = await passwordRefused(c, site, textOf(fields, 'own', longestPassword));
  if (refused) return show(c, site, refused, 403);
  await offerSecond(site.wiring.sql, c.get('staff').id, site.wiring.vault.seal(newSecret()));
  return done(c, site, '/account/second');
}

async function pressProve(c: ConsoleContext, site: Console, fields: Record<string, string>): Promise<Response> {
  const words = staffWords(c);
  const { sql, vault } = site.wiring;
  const staff = c.get('staff');
  if (!(await triesOf(site).code(staff.id))) return refusedPage(c, site, c.get('words').tooMany(windowMinutes), 409);
  const second = await findSecond(sql, staff.id);
  const secret = second?.totpNew ? vault.open(second.totpNew) : undefined;
  const step = secret === undefined ? undefined : stepOf(secret, textOf(fields, 'code', 12));
  if (step === undefined) return show(c, site, words.codeWrong, 400);
  const codes = newRecoveryCodes();
  const proved = await proveSecond(sql, staff.id, { step, digests: codes.map(recoveryDigest) });
  if (!proved) return done(c, site, '/account/second');
  await triesOf(site).forgetCodes(staff.id);
  await endSessions(sql, staff.id, sessionId(c, site));
  await insertAudit(sql, staff, { act: 'second.begin', subject: `staff ${staff.id}` });
  return sendPage(
    c,
    <Account c={c} site={site} tab="second" scripts={['copy']}>
      <p class="said staff-said" role="status">
        {words.said.second}
      </p>
      <section class="part">
        <h2>{words.codesTitle}</h2>
        <p class="quiet staff-intro">{words.codesText}</p>
        <ul class="staff-codes">
          {codes.map(code => (
            <li>
              <code>{code}</code>
            </li>
          ))}
        </ul>
        <div class="buttons">
          <button type="button" data-copy={codes.join('\n')} data-copied={words.copied} hidden>
            {words.copy}
          </button>
          <a class="button" href={`${site.base}/console/account/second`}>
            {words.codesKept}
          </a>
        </div>
      </section>
    </Account>,
  );
}

async function pressEnd(c: ConsoleContext, site: Console, fields: Record<string, string>): Promise<Response> {
  const refused = await passwordRefused(c, site, textOf(fields, 'own', longestPassword));
  if (refused) return show(c, site, refused, 403);
  const staff = c.get('staff');
  if (await dropSecond(site.wiring.sql, staff.id))
    await insertAudit(site.wiring.sql, staff, { act: 'second.end', subject: `staff ${staff.id}` });
  return done(c, site, '/account/second', 'secondEnd');
}
