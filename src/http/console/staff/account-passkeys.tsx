/** /console/account/passkeys: logging in with a device's own lock. */

import { z } from 'zod';
import {
  insertPasskey,
  listPasskeys,
  mostPasskeys,
  putChallenge,
  removePasskey,
  takeChallenge,
} from '../../../db/passkeys.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { sendPage, Token } from '../layout.tsx';
import { longestPassword } from '../owner.ts';
import { type Answered, type ConsoleRoute, call, change, page } from '../routes.ts';
import { sessionId } from '../sessions.ts';
import { Table, unseen } from '../table.tsx';
import { OwnPassword, passwordRefused } from './account.tsx';
import { Account, When } from './frame.tsx';
import { base64url, challengeKey, credentialShape, rpOf, webAuthn } from './passkey-rp.ts';
import { deviceOf } from './whereabouts.ts';
import { staffWords } from './words.ts';

/** As the browser makes it (WebAuthn §5.1, RegistrationResponseJSON). */
const madeSchema = z.object({
  ...credentialShape,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z
      .array(z.string().regex(/^[a-z-]{1,20}$/))
      .max(10)
      .optional(),
  }),
});

export const passkeyRoutes: ConsoleRoute[] = [
  page('/account/passkeys', 'look', passkeysPage),
  call('/account/passkeys/options', 'look', z.object({ own: z.string().max(longestPassword) }), optionsFor),
  call(
    '/account/passkeys/add',
    'look',
    z.object({ made: madeSchema, name: z.string().trim().max(60).default('') }),
    (c, site, { made, name }) => add(c, site, made, name),
  ),
  change(
    '/account/passkeys/remove',
    'look',
    'passkey.remove',
    { id: base64url.min(1).max(1400) },
    async (c, site, { id }) => {
      await removePasskey(site.wiring.sql, c.get('staff').id, id);
      return { to: '/account/passkeys', said: 'passkeyGone', subject: `staff ${c.get('staff').id}` };
    },
  ),
];

async function optionsFor(c: ConsoleContext, site: Console, { own }: { own: string }): Promise<Answered> {
  const refused = await passwordRefused(c, site, own);
  if (refused) return { body: { error: refused }, status: 422 };
  const staff = c.get('staff');
  const keys = await listPasskeys(site.wiring.sql, staff.id);
  const { id, name } = rpOf(site);
  const { generateRegistrationOptions } = await webAuthn();
  const options = await generateRegistrationOptions({
    rpName: name,
    rpID: id,
    userName: staff.email,
    userID: new TextEncoder().encode(`staff ${staff.id}`),
    excludeCredentials: keys.map(key => ({ id: key.id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  await putChallenge(site.wiring.sql, challengeKey(sessionId(c, site)!, 'add'), options.challenge);
  return { body: { ...options } };
}

async function add(
  c: ConsoleContext,
  site: Console,
  made: z.infer<typeof madeSchema>,
  name: string,
): Promise<Answered> {
  const words = staffWords(c);
  const { sql } = site.wiring;
  const challenge = await takeChallenge(sql, challengeKey(sessionId(c, site)!, 'add'));
  const { id, origin } = rpOf(site);
  const { verifyRegistrationResponse } = await webAuthn();
  const verified =
    challenge === undefined
      ? undefined
      : await verifyRegistrationResponse({
          response: made,
          expectedChallenge: challenge,
          expectedOrigin: origin,
          expectedRPID: id,
          requireUserVerification: true,
        }).catch(() => undefined);
  if (!verified?.verified) return { body: { error: words.passkeyNot }, status: 422 };
  const { credential } = verified.registrationInfo;
  const staff = c.get('staff');
  const added = await insertPasskey(sql, {
    id: credential.id,
    staffId: staff.id,
    name: name || deviceOf(c.req.header('user-agent') ?? '') || words.passkey,
    publicKey: credential.publicKey,
    counter: credential.counter,
    transports: made.response.transports ?? [],
  });
  if (!added) return { body: { error: words.passkeysFull(mostPasskeys) }, status: 422 };
  return {
    body: { to: `${site.base}/console/account/passkeys?said=passkey` },
    audit: { act: 'passkey.add', subject: `staff ${staff.id}` },
  };
}

async function passkeysPage(c: ConsoleContext, site: Console) {
  const words = staffWords(c);
  const keys = await listPasskeys(site.wiring.sql, c.get('staff').id);
  return sendPage(
    c,
    <Account c={c} site={site} tab="passkeys" scripts={['passkey']}>
      <p class="quiet staff-intro">{words.passkeysText}</p>
      {keys.length > 0 && (
        <Table
          name={words.accountTabs.passkeys}
          columns={[words.name, words.made, words.lastUse, unseen(words.action)]}
          kind="stack staff-table"
          box="sheet after"
        >
          {keys.map(key => (
            <tr>
              <td data-label={words.name}>
                <bdi>{key.name}</bdi>
              </td>
              <td data-label={words.made}>
                <When c={c} at={key.createdAt} />
              </td>
              <td data-label={words.lastUse}>
                <When c={c} at={key.usedAt} />
              </td>
              <td class="staff-do">
                <form method="post" action={`${site.base}/console/account/passkeys/remove`}>
                  <Token c={c} site={site} />
                  <input type="hidden" name="id" value={key.id} />
                  <button type="submit">{words.remove}</button>
                </form>
              </td>
            </tr>
          ))}
        </Table>
      )}
      <noscript>
        <p class="after">{words.passkeyScript}</p>
      </noscript>
      <p class="message" id="passkey-trouble" role="alert" hidden />
      <form id="passkey-add" class="form after" data-path={`${site.base}/console/account/passkeys`} hidden>
        <OwnPassword c={c} />
        <div class="field">
          <label for="name">{words.passkeyName}</label>
          <input id="name" name="name" maxlength={60} autocomplete="off" placeholder={words.passkeyExample} />
        </div>
        <div>
          <button type="submit" class="main">
            {words.passkeyAdd}
          </button>
        </div>
      </form>
    </Account>,
  );
}
